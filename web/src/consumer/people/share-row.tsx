// One person's part of a bill; who began it can give a paid one back.
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { type Fen, formatFen } from '../../fen.ts'
import { StatusTag } from '../../ui/status-tag.tsx'
import type { Transfer } from '../contract.ts'
import { isMoreThan } from '../parts/amount-field.tsx'
import { ConfirmSheet } from '../parts/confirm-sheet.tsx'
import { OverNote } from '../parts/over-note.tsx'
import { useBalance } from '../queries.ts'
import { useMoneyAct } from '../use-money-act.ts'
import type { Share, ShareState } from './contract.ts'
import { shareStatus } from './people-status.ts'

type Properties = {
  name: string
  about: string
  amount: Fen
  state: ShareState
  back?: { splitId: string; share: Share }
}

export function ShareRow({ name, about, amount, state, back }: Properties) {
  const { t } = useTranslation('people')
  const available = useBalance().data?.available
  const [isAsking, ask] = useState(false)
  return (
    <div className="entry">
      <span className="payee-mark" aria-hidden="true">
        {name.slice(-2)}
      </span>
      <span className="grow">
        <span className="entry-title num">{name}</span>
        {about !== '' && <small className="num">{about}</small>}
        {back && (
          <>
            <button
              type="button"
              className="link-button"
              disabled={isMoreThan(available, amount)}
              onClick={() => ask(true)}
            >
              {t('split.back')}
            </button>
            <OverNote available={available} amount={amount} />
          </>
        )}
      </span>
      <span className="entry-end">
        <span className={state === 'void' ? 'entry-amount num amount-void' : 'entry-amount num'}>
          {formatFen(amount)}
        </span>
        <StatusTag status={shareStatus[state]} />
      </span>
      {back && isAsking && <GiveBack {...back} onClose={() => ask(false)} />}
    </div>
  )
}

type BackProperties = { splitId: string; share: Share; onClose: () => void }

function GiveBack({ splitId, share, onClose }: BackProperties) {
  const { t } = useTranslation('people')
  const { t: app } = useTranslation('app')
  // Named by its share: however often it is sent, it is given back once.
  const { act, tries, send } = useMoneyAct<Transfer>(`/splits/${splitId}/returns`, { named: false })
  return (
    <ConfirmSheet
      title={t('split.backSheet')}
      to={t('split.backTo', { number: share.number })}
      amount={share.amount}
      rows={[[t('from'), app('source.wallet')]]}
      act={act}
      tries={tries}
      onProof={async (proof) => {
        const ended = await send({ share: share.id, ...proof })
        if (ended.is === 'done') onClose()
      }}
      onClose={onClose}
    />
  )
}
