// Paying a merchant or one of its orders: how much where the code does not say, whose money, then the PIN.
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useLocation } from 'wouter'
import { formatFen, parseYuan } from '../../fen.ts'
import { pick } from '../../names.ts'
import { Money } from '../../ui/money.tsx'
import type { Card, Source } from '../contract.ts'
import { AmountField, amountRange, isMoreThan } from '../parts/amount-field.tsx'
import { ConfirmSheet } from '../parts/confirm-sheet.tsx'
import { leftRow } from '../parts/left-row.tsx'
import { OverNote } from '../parts/over-note.tsx'
import { ScreenHead } from '../parts/screen-head.tsx'
import type { Proof } from '../passkey-proof.ts'
import { useBalance, useCards, useMe } from '../queries.ts'
import { useMoneyAct } from '../use-money-act.ts'
import type { Payment, Scanned } from './contract.ts'

type Means = { key: string; source: Source; cardId?: string; word: string }

export function PayForm({ scanned, onOther }: { scanned: Scanned; onOther: () => void }) {
  const { t, i18n } = useTranslation('code')
  const words = useTranslation('app').t
  const [, go] = useLocation()
  const means = useMeans()
  const [chosen, choose] = useState<string | null>(null)
  const [typed, setTyped] = useState('')
  const [isConfirming, confirm] = useState(false)
  const { act, tries, send, clear } = useMoneyAct<Payment>('/payments')
  const { merchant, order, goods, min, max } = scanned
  const name = pick(merchant.name, i18n.language)
  const wished = parseYuan(typed, { ...amountRange, ...(min && { min }), ...(max && { max }) })
  const amount = scanned.amount ?? (wished.ok ? wished.fen : null)
  const available = useBalance().data?.available
  const isShort = ({ source }: Means) =>
    source === 'wallet' && amount !== null && isMoreThan(available, amount)
  // Without a word the first that can pay all of it.
  const payer =
    means.find(({ key }) => key === chosen) ?? means.find((one) => !isShort(one)) ?? means[0]
  const isPayable = payer !== undefined && !isShort(payer)
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (amount !== null && isPayable) confirm(true)
  }
  const pay = async (proof: Proof) => {
    if (amount === null || !payer) return
    const what = order === null ? { merchant: merchant.id, what: { amount } } : { order }
    const { source, cardId } = payer
    const ended = await send({ ...what, source, ...(cardId && { cardId }), ...proof })
    if (ended.is === 'done') go(`/code/payments/${ended.value.id}`)
  }
  return (
    <>
      <ScreenHead title={t('pay.title')} />
      <form className="panel card" onSubmit={submit}>
        <div className="payee">
          <span className="payee-mark" aria-hidden="true">
            {name.slice(0, 1)}
          </span>
          <span className="grow">
            <b>{name}</b>
            <small>{goods ? pick(goods, i18n.language) : t('pay.shop')}</small>
          </span>
          <button type="button" className="link-button" onClick={onOther}>
            {t('pay.other')}
          </button>
        </div>
        {scanned.amount === null ? (
          <>
            <AmountField value={typed} onChange={setTyped} />
            {min !== null && max !== null && (
              <p className="note">{t('pay.range', { min: formatFen(min), max: formatFen(max) })}</p>
            )}
          </>
        ) : (
          <p className="hero">
            <Money fen={scanned.amount} />
          </p>
        )}
        <fieldset className="choices">
          <legend>{t('pay.source')}</legend>
          {means.map(({ key, word }) => (
            <label key={key}>
              <input
                type="radio"
                name="source"
                checked={key === payer?.key}
                onChange={() => choose(key)}
              />
              <span>{word}</span>
            </label>
          ))}
        </fieldset>
        {payer?.source === 'wallet' && amount !== null && (
          <OverNote available={available} amount={amount} />
        )}
        <button
          type="submit"
          className="button button-primary button-large wide"
          disabled={amount === null || !isPayable}
        >
          {t('pay.confirm')}
        </button>
      </form>
      {isConfirming && amount !== null && payer && (
        <ConfirmSheet
          title={t('pay.sheet')}
          to={t('pay.to', { name })}
          amount={amount}
          rows={[
            [t('pay.source'), payer.word],
            [
              t('pay.fee'),
              <span key="fee" className="num">
                {formatFen('0')}
              </span>,
            ],
            ...(payer.source === 'wallet' ? leftRow(words('cash.left'), available, amount) : []),
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
    </>
  )
}

/** Whose money can pay, in the customer's own order. */
function useMeans(): readonly Means[] {
  const { t, i18n } = useTranslation('code')
  const words = useTranslation('app').t
  const me = useMe()
  const balance = useBalance()
  const cards = useCards()
  const usable = cards.data?.items.filter(({ state }) => state === 'active') ?? []
  const left = balance.data ? formatFen(balance.data.available) : ''
  const of: Readonly<Record<Source, readonly Means[]>> = {
    wallet: [{ key: 'wallet', source: 'wallet', word: t('pay.wallet', { amount: left }) }],
    card: usable.map(({ id, bank, kind, last4 }: Card) => ({
      ...{ key: id, source: 'card', cardId: id },
      word: `${pick(bank, i18n.language)} ${words(`cardKind.${kind}`)} ${last4}`,
    })),
    phone_bill: [{ key: 'phone_bill', source: 'phone_bill', word: t('source.phone_bill') }],
  }
  return (me.data?.sources ?? []).flatMap((source) => of[source])
}
