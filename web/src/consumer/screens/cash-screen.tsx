// Top-up from one's own debit card or by a voucher, and withdrawal to the card: the card, the amount, the fee before
// anything is asked.
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link, useLocation } from 'wouter'
import { addFen, formatFen, parseYuan } from '../../fen.ts'
import { pick } from '../../names.ts'
import type { Card, Movement } from '../contract.ts'
import { AmountField, amountRange, isMoreThan } from '../parts/amount-field.tsx'
import { AsOf } from '../parts/as-of.tsx'
import { Choice } from '../parts/choice.tsx'
import { ConfirmSheet } from '../parts/confirm-sheet.tsx'
import { leftRow } from '../parts/left-row.tsx'
import { ProblemNote, problemIn } from '../parts/problem-note.tsx'
import { ScreenHead } from '../parts/screen-head.tsx'
import { Skeleton } from '../parts/skeleton.tsx'
import type { Proof } from '../passkey-proof.ts'
import { useBalance, useCards, useWithdrawalFee } from '../queries.ts'
import { VoucherForm } from '../top-up-voucher/voucher-form.tsx'
import { useMoneyAct } from '../use-money-act.ts'

type CashKind = 'top_up' | 'withdrawal'

const speeds = ['same_day', 'next_day'] as const

export function CashScreen({ kind }: { kind: CashKind }) {
  const { t } = useTranslation('app')
  const { t: voucher } = useTranslation('topUpVoucher')
  const [from, setFrom] = useState<'card' | 'voucher'>('card')
  return (
    <>
      <ScreenHead title={t(`cash.${kind}.title`)} />
      {kind === 'top_up' && (
        <Choice
          legend={voucher('from')}
          values={[
            ['card', voucher('card')],
            ['voucher', voucher('voucher')],
          ]}
          chosen={from}
          onChoose={setFrom}
        />
      )}
      {from === 'voucher' ? <VoucherForm /> : <ByCard kind={kind} />}
    </>
  )
}

function ByCard({ kind }: { kind: CashKind }) {
  const { t } = useTranslation('app')
  const cards = useCards()
  const balance = useBalance()
  const usable = cards.data?.items.filter(
    (card) => card.kind === 'debit' && card.state === 'active',
  )
  return (
    <>
      {cards.isError && (
        <ProblemNote problem={problemIn(cards.error)} onAgain={() => void cards.refetch()} />
      )}
      <AsOf of={kind === 'withdrawal' ? [cards, balance] : [cards]} />
      {usable === undefined && !cards.isError && <Skeleton rows={3} />}
      {usable?.length === 0 && (
        <p className="card empty">
          {t('cash.noCard')} <Link to="/cards">{t('cash.toCards')}</Link>
        </p>
      )}
      {usable !== undefined && usable.length > 0 && <CashForm kind={kind} cards={usable} />}
    </>
  )
}

function CashForm({ kind, cards }: { kind: CashKind; cards: readonly Card[] }) {
  const { t, i18n } = useTranslation('app')
  const [, go] = useLocation()
  const balance = useBalance()
  const [cardId, setCardId] = useState(cards[0]?.id ?? '')
  const [typed, setTyped] = useState('')
  const [speed, setSpeed] = useState<(typeof speeds)[number]>('same_day')
  const [isConfirming, confirm] = useState(false)
  const isOut = kind === 'withdrawal'
  const { act, tries, send, clear } = useMoneyAct<Movement>(isOut ? '/withdrawals' : '/top-ups')
  const amount = parseYuan(typed, amountRange)
  const fee = useWithdrawalFee(isOut && amount.ok ? amount.fen : null, speed)
  const available = isOut ? balance.data?.available : undefined
  const isReady =
    amount.ok &&
    (!isOut || fee.data !== undefined) &&
    !isMoreThan(available, amount.fen, fee.data?.fee)
  const card = cards.find(({ id }) => id === cardId)
  const cardName = card ? `${pick(card.bank, i18n.language)} ${card.last4}` : ''
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (isReady) confirm(true)
  }
  const pay = async (proof: Proof) => {
    if (!amount.ok) return
    const shown = isOut && { speed, fee: fee.data?.fee }
    const body = { cardId, amount: amount.fen, ...proof, ...shown }
    const ended = await send(body)
    if (ended.is === 'done') go(`/movements/${ended.value.id}`)
  }
  const feeText = formatFen(isOut ? (fee.data?.fee ?? '0') : '0')
  return (
    <form className="panel card" onSubmit={submit}>
      <label className="field">
        <span>{t(`cash.${kind}.card`)}</span>
        <select value={cardId} onChange={({ target }) => setCardId(target.value)}>
          {cards.map(({ id, bank, last4 }) => (
            <option key={id} value={id}>
              {pick(bank, i18n.language)} {last4}
            </option>
          ))}
        </select>
      </label>
      <AmountField value={typed} onChange={setTyped} available={available} fee={fee.data?.fee} />
      {isOut && (
        <fieldset className="choices">
          <legend>{t('cash.speed')}</legend>
          {speeds.map((one) => (
            <label key={one}>
              <input
                type="radio"
                name="speed"
                checked={speed === one}
                onChange={() => setSpeed(one)}
              />
              <span>{t(`cash.speeds.${one}`)}</span>
            </label>
          ))}
        </fieldset>
      )}
      <p className="note">{t('cash.fee', { fee: feeText })}</p>
      <button type="submit" className="button button-primary button-large wide" disabled={!isReady}>
        {t('cash.confirm')}
      </button>
      {isConfirming && amount.ok && (
        <ConfirmSheet
          title={t(`cash.${kind}.sheet`)}
          to={t(`cash.${kind}.to`, { card: cardName })}
          amount={amount.fen}
          rows={[
            [
              t('transfer.fee'),
              <span key="fee" className="num">
                {feeText}
              </span>,
            ],
            ...leftRow(t('cash.left'), available, addFen(amount.fen, fee.data?.fee ?? '0')),
          ]}
          act={act}
          tries={tries}
          onProof={pay}
          onClose={() => {
            confirm(false)
            clear()
          }}
        />
      )}
    </form>
  )
}
