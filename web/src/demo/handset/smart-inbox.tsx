// All threads of the smartphone, the newest first.
import { SquarePen } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { shortMomentOf } from '../../time.ts'
import { Icon } from '../../ui/icon.tsx'
import { useDemo } from '../demo-context.ts'
import type { Merchant } from '../state.ts'
import type { Handset } from './use-handset.ts'
import { usePeerWords } from './use-peer-words.ts'

export function SmartInbox({ handset, merchants }: { handset: Handset; merchants: Merchant[] }) {
  const { t } = useTranslation('demo')
  const { now, zone } = useDemo()
  const wordsOf = usePeerWords(merchants)
  return (
    <>
      <header className="smart-header">
        <span className="plain" />
        <b className="grow">{t('handset.messages')}</b>
        <button
          type="button"
          className="plain"
          aria-label={t('handset.newMessage')}
          onClick={handset.write}
        >
          <Icon of={SquarePen} size={20} />
        </button>
      </header>
      <ul className="smart-body smart-list">
        {handset.threads.length === 0 && <li className="muted">{t('handset.emptyInbox')}</li>}
        {handset.threads.map(({ peer, last }) => (
          <li key={peer}>
            <button type="button" onClick={() => handset.show({ name: 'thread', peer })}>
              <b className="num">{peer}</b>
              <small className="num">{shortMomentOf(last.at, now, zone)}</small>
              <small>{wordsOf(peer)}</small>
              <span className="excerpt">{last.text}</span>
            </button>
          </li>
        ))}
      </ul>
    </>
  )
}
