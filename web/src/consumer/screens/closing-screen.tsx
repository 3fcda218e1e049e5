// The end of the wallet by its owner's own hand: what is left, where it goes, and the PIN.
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { type Fen, formatFen, isZeroFen } from '../../fen.ts'
import { pick } from '../../names.ts'
import type { Card } from '../contract.ts'
import { ConfirmSheet } from '../parts/confirm-sheet.tsx'
import { ProblemNote, problemIn } from '../parts/problem-note.tsx'
import { ScreenHead } from '../parts/screen-head.tsx'
import { Skeleton } from '../parts/skeleton.tsx'
import type { Proof } from '../passkey-proof.ts'
import { PointsEnd } from '../points/points-mentions.tsx'
import { useBalance, useCards } from '../queries.ts'
import { useMoneyAct } from '../use-money-act.ts'

type Closed = { state: 'closing' | 'closed' }

export function ClosingScreen() {
  const { t } = useTranslation('app')
  const balance = useBalance()
  const cards = useCards()
  const [closed, setClosed] = useState<Closed | null>(null)
  const usable = cards.data?.items.filter(
    (card) => card.kind === 'debit' && card.state === 'active',
  )
  return (
    <>
      <ScreenHead title={t('closing.title')} back="/me" />
      {balance.isError && !closed && (
        <ProblemNote problem={problemIn(balance.error)} onAgain={() => void balance.refetch()} />
      )}
      {(balance.data === undefined || usable === undefined) && !closed && <Skeleton rows={3} />}
      {closed && (
        <section className="card panel" aria-live="polite">
          <h2>{t(`closing.${closed.state}`)}</h2>
          {closed.state === 'closing' && <p>{t('closing.closingText')}</p>}
        </section>
      )}
      {!closed && balance.data && usable && (
        <ClosingForm left={balance.data.available} cards={usable} onClosed={setClosed} />
      )}
    </>
  )
}

type FormProperties = {
  left: Fen
  cards: readonly Card[]
  onClosed: (closed: Closed) => void
}

function ClosingForm({ left, cards, onClosed }: FormProperties) {
  const { t, i18n } = useTranslation('app')
  const [cardId, setCardId] = useState(cards[0]?.id ?? '')
  const [isConfirming, confirm] = useState(false)
  const { act, tries, send, clear } = useMoneyAct<Closed>('/wallet/close')
  const isEmpty = isZeroFen(left)
  const card = cards.find(({ id }) => id === cardId)
  const nameOf = ({ bank, last4 }: Card) => `${pick(bank, i18n.language)} ${last4}`
  const canClose = isEmpty || card !== undefined
  const amount = formatFen(left)
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (canClose) confirm(true)
  }
  const close = async (proof: Proof) => {
    const ended = await send({ ...proof, ...(!isEmpty && { cardId }) })
    if (ended.is === 'done') onClosed(ended.value)
  }
  const whatIsLeft = () => {
    if (isEmpty) return t('closing.empty')
    return t(card ? 'closing.left' : 'closing.noCard', { amount })
  }
  return (
    <form className="panel card" onSubmit={submit}>
      <p>{whatIsLeft()}</p>
      {!isEmpty && cards.length > 0 && (
        <label className="field">
          <span>{t('closing.card')}</span>
          <select value={cardId} onChange={({ target }) => setCardId(target.value)}>
            {cards.map((one) => (
              <option key={one.id} value={one.id}>
                {nameOf(one)}
              </option>
            ))}
          </select>
        </label>
      )}
      <PointsEnd />
      <p className="note">{t('closing.text')}</p>
      <p className="note">{t('closing.waits')}</p>
      <button type="submit" className="button button-danger button-large wide" disabled={!canClose}>
        {t('closing.action')}
      </button>
      {isConfirming && (
        <ConfirmSheet
          title={t('closing.sheet')}
          to={isEmpty || !card ? t('closing.toNobody') : t('closing.to', { card: nameOf(card) })}
          amount={left}
          rows={[]}
          act={act}
          tries={tries}
          onProof={close}
          onClose={() => {
            confirm(false)
            clear()
          }}
        />
      )}
    </form>
  )
}
