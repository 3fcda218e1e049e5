// Closing a wallet: what is left goes to a card that is chosen, or has to be taken out in cash before.
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { isZeroFen } from '../fen.ts'
import { formatPoints } from '../format-points.ts'
import { Money } from '../ui/money.tsx'
import { ActFrame, useTried } from './act-frame.tsx'
import { useCounter } from './counter-context.ts'
import { DocumentFields, documentGaps } from './document-fields.tsx'
import { ownerBody } from './owner-body.ts'
import { ReasonField } from './reason-field.tsx'
import { SecondPersonNote } from './second-person-note.tsx'
import { Step } from './step.tsx'
import { useOwnerCheck } from './use-owner-check.ts'
import type { CardView } from './views.ts'

export function CloseScreen() {
  const { t } = useTranslation('counter')
  const { view, msisdn, document } = useCounter().atDesk
  const owner = useOwnerCheck(document)
  const [reason, setReason] = useState('')
  const [payTo, setPayTo] = useState('')
  const wallet = view?.wallet
  const cards = (view?.cards ?? []).filter(
    ({ state, kind }) => state === 'active' && kind === 'debit',
  )
  if (!wallet || wallet.state === 'closed') {
    return <p className="card empty-page">{t('close.nothing')}</p>
  }
  const isEmpty = isZeroFen(wallet.balance)
  const hasPoints = wallet.points !== '0'
  const hasCodes = wallet.unseenCodes > 0
  const chosen = cards.find(({ id }) => id === payTo)
  return (
    <ActFrame
      kind="close"
      facts={[
        { label: t('fact.owner'), value: view.owner?.maskedName ?? '' },
        ...(chosen ? [{ label: t('fact.payTo'), value: chosen.maskedNumber }] : []),
        ...(hasPoints ? [{ label: t('fact.pointsLost'), value: formatPoints(wallet.points) }] : []),
        ...(hasCodes ? [{ label: t('fact.codesLost'), value: String(wallet.unseenCodes) }] : []),
        { label: t('fact.reason'), value: reason },
      ]}
      gaps={[
        { id: 'pay-to', missing: !isEmpty && !chosen },
        ...documentGaps(document, owner),
        { id: 'reason', missing: reason.trim() === '' },
      ]}
      question={{
        text: chosen ? t('question.closeTo', { card: chosen.maskedNumber }) : t('question.close'),
        danger: true,
        ...(isEmpty ? {} : { amount: wallet.balance }),
      }}
      ask={() => ({
        path: '/acts/close',
        body: {
          msisdn,
          owner: ownerBody(document),
          reason: reason.trim(),
          payTo: chosen ? chosen.id : null,
        },
      })}
    >
      <Step number={1} title={t('close.left')}>
        <div className="single">
          <p className="balance">
            <Money fen={wallet.balance} />
          </p>
          {(hasPoints || hasCodes) && (
            <div className="close-lost">
              <b>{t('close.lost')}</b>
              {hasPoints && <p>{t('close.points', { points: formatPoints(wallet.points) })}</p>}
              {hasCodes && <p>{t('close.codes', { n: wallet.unseenCodes })}</p>}
            </div>
          )}
          {!isEmpty && <PayTo cards={cards} payTo={payTo} onPayTo={setPayTo} />}
        </div>
      </Step>
      <Step number={2} title={t('document.step')}>
        <div className="single">
          <DocumentFields check={owner} />
        </div>
      </Step>
      <Step number={3} title={t('reason.step')} {...(isEmpty ? {} : { end: <SecondPersonNote /> })}>
        <ReasonField value={reason} alone={isEmpty} onChange={setReason} />
      </Step>
    </ActFrame>
  )
}

type PayToProperties = { cards: CardView[]; payTo: string; onPayTo: (id: string) => void }

function PayTo({ cards, payTo, onPayTo }: PayToProperties) {
  const { t } = useTranslation('counter')
  const { show } = useCounter()
  const tried = useTried()
  return (
    <>
      <label className="paper-title" htmlFor="pay-to">
        {t('close.payTo')}
      </label>
      <select
        id="pay-to"
        className="select"
        value={payTo}
        aria-invalid={tried && payTo === ''}
        aria-describedby="pay-to-note"
        onChange={(event) => onPayTo(event.target.value)}
      >
        <option value="">{t(cards.length === 0 ? 'close.noCard' : 'close.choose')}</option>
        {cards.map((card) => (
          <option key={card.id} value={card.id}>
            {card.maskedNumber}
          </option>
        ))}
      </select>
      <p className={tried && payTo === '' ? 'note note-bad' : 'note'} id="pay-to-note">
        {t('close.payToHint')}{' '}
        <button type="button" className="link-button" onClick={() => show('cash')}>
          {t('close.cashFirst')}
        </button>
      </p>
    </>
  )
}
