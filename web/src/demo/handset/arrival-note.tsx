// A text that came while another was being written: told, not forced. Screen readers hear every arrival.
import { useTranslation } from 'react-i18next'
import type { Merchant } from '../state.ts'
import type { Handset } from './use-handset.ts'
import { usePeerWords } from './use-peer-words.ts'

export function ArrivalNote({ handset, merchants }: { handset: Handset; merchants: Merchant[] }) {
  const { t } = useTranslation('demo')
  const wordsOf = usePeerWords(merchants)
  const { newest, waiting } = handset
  return (
    <>
      <p className="visually-hidden" aria-live="polite">
        {newest &&
          t('handset.receivedFrom', {
            peer: wordsOf(newest.peer) || newest.peer,
            text: newest.text,
          })}
      </p>
      {waiting && (
        <button
          type="button"
          className="arrival"
          onClick={() => handset.show({ name: 'thread', peer: waiting.peer })}
        >
          <b>{t('handset.arrived')}</b> <span className="num">{waiting.peer}</span>
        </button>
      )}
    </>
  )
}
