// How much of a bill, from where, and the fee before anything is asked; then the PIN.
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useLocation } from 'wouter'
import { type Fen, formatFen, isZeroFen, parseYuan } from '../../fen.ts'
import { pick } from '../../names.ts'
import type { Card, CardBill, Movement } from '../contract.ts'
import { AmountField, amountRange, isMoreThan } from '../parts/amount-field.tsx'
import { ConfirmSheet } from '../parts/confirm-sheet.tsx'
import type { Proof } from '../passkey-proof.ts'
import { useBalance, useRepaymentFee } from '../queries.ts'
import { useMoneyAct } from '../use-money-act.ts'

type Properties = {
  cardId: string
  name: string
  bill: NonNullable<CardBill['bill']>
  debits: readonly Card[]
}

const plain = (fen: Fen) => formatFen(fen).replaceAll(',', '')

export function RepayForm({ cardId, name, bill, debits }: Properties) {
  const { t, i18n } = useTranslation(['app', 'cardBill'])
  const [, go] = useLocation()
  const balance = useBalance()
  const [typed, setTyped] = useState(plain(bill.left))
  const [fromCardId, setFrom] = useState('')
  const [isConfirming, confirm] = useState(false)
  const { act, tries, send, clear } = useMoneyAct<Movement>('/repayments')
  const amount = parseYuan(typed, { ...amountRange, max: bill.left })
  const fee = useRepaymentFee(amount.ok ? amount.fen : null)
  const available = fromCardId === '' ? balance.data?.available : undefined
  const isReady =
    amount.ok && fee.data !== undefined && !isMoreThan(available, amount.fen, fee.data.fee)
  const chips = [
    ['all', bill.left],
    ['least', bill.leastLeft],
  ] as const
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (isReady) confirm(true)
  }
  const pay = async (proof: Proof) => {
    if (!amount.ok) return
    const body = { cardId, amount: amount.fen, ...proof, ...(fromCardId !== '' && { fromCardId }) }
    const ended = await send(body)
    if (ended.is === 'done') go(`/movements/${ended.value.id}`)
  }
  return (
    <form className="panel card" onSubmit={submit} aria-label={t('cardBill:repay')}>
      <AmountField value={typed} onChange={setTyped} available={available} fee={fee.data?.fee} />
      <div className="chips">
        {chips.map(([word, fen]) =>
          isZeroFen(fen) ? null : (
            <button
              key={word}
              type="button"
              className="button button-small"
              onClick={() => setTyped(plain(fen))}
            >
              {t(`cardBill:${word}`)} {formatFen(fen)}
            </button>
          ),
        )}
      </div>
      <label className="field">
        <span>{t('cardBill:from')}</span>
        <select value={fromCardId} onChange={({ target }) => setFrom(target.value)}>
          <option value="">{t('cardBill:balance')}</option>
          {debits.map(({ id, bank, last4 }) => (
            <option key={id} value={id}>
              {pick(bank, i18n.language)} {last4}
            </option>
          ))}
        </select>
      </label>
      <p className="note">{t('cash.fee', { fee: formatFen(fee.data?.fee ?? '0') })}</p>
      <button type="submit" className="button button-primary button-large wide" disabled={!isReady}>
        {t('cardBill:repay')}
      </button>
      {isConfirming && amount.ok && (
        <ConfirmSheet
          title={t('cardBill:sheet')}
          to={t('cash.repayment.to', { card: name })}
          amount={amount.fen}
          rows={[
            [
              t('transfer.fee'),
              <span key="fee" className="num">
                {formatFen(fee.data?.fee ?? '0')}
              </span>,
            ],
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
