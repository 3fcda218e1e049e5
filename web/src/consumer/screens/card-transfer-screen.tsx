// Money to somebody's bank card: its number and the holder's name, the amount, whose bank it is and what it costs;
// then the PIN. The number stays in this form, and is never kept on the device.
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useLocation } from 'wouter'
import type { Problem } from '../../api.ts'
import { type Fen, formatFen, parseYuan } from '../../fen.ts'
import { pick } from '../../names.ts'
import { consumerApi } from '../consumer-api.ts'
import type { CardTransferQuote, Movement } from '../contract.ts'
import { AmountField, amountRange, isMoreThan } from '../parts/amount-field.tsx'
import { ConfirmSheet } from '../parts/confirm-sheet.tsx'
import { ProblemNote, problemIn } from '../parts/problem-note.tsx'
import { ScreenHead } from '../parts/screen-head.tsx'
import type { Proof } from '../passkey-proof.ts'
import { useBalance, useCardTransferFee } from '../queries.ts'
import { useMoneyAct } from '../use-money-act.ts'

const digitsIn = (typed: string) => typed.normalize('NFKC').replace(/\D/g, '').slice(0, 19)
const spaced = (digits: string) => digits.replace(/(\d{4})(?=\d)/g, '$1 ')

type Asked = { quote: CardTransferQuote; amount: Fen }

export function CardTransferScreen() {
  const { t, i18n } = useTranslation('app')
  const [, go] = useLocation()
  const balance = useBalance()
  const [pan, setPan] = useState('')
  const [name, setName] = useState('')
  const [typed, setTyped] = useState('')
  const [asked, setAsked] = useState<Asked | null>(null)
  const [problem, setProblem] = useState<Problem | null>(null)
  const { act, tries, send, clear } = useMoneyAct<Movement>('/card-transfers')
  const amount = parseYuan(typed, amountRange)
  const holder = name.trim()
  const fee = useCardTransferFee(amount.ok ? amount.fen : null)
  const available = balance.data?.available
  const isPayable =
    amount.ok && fee.data !== undefined && !isMoreThan(available, amount.fen, fee.data.fee)
  const ask = async (event: FormEvent) => {
    event.preventDefault()
    if (!isPayable) return
    const order = { pan, amount: amount.fen }
    const answer = await consumerApi.post<CardTransferQuote>('/card-transfers/quote', order)
    setProblem(answer.ok ? null : answer.problem)
    if (answer.ok) setAsked({ quote: answer.value, amount: amount.fen })
  }
  const pay = async (proof: Proof) => {
    if (asked === null) return
    const ended = await send({ pan, name: holder, amount: asked.amount, ...proof })
    if (ended.is === 'done') go(`/movements/${ended.value.id}`)
  }
  return (
    <>
      <ScreenHead title={t('cardTransfer.title')} back="/transfer" />
      <form className="panel card" onSubmit={(event) => void ask(event)}>
        <label className="field">
          <span>{t('cardTransfer.pan')}</span>
          <input
            className="num"
            inputMode="numeric"
            autoComplete="off"
            value={spaced(pan)}
            onChange={({ target }) => setPan(digitsIn(target.value))}
          />
        </label>
        <label className="field">
          <span>{t('cardTransfer.name')}</span>
          <input
            autoComplete="off"
            maxLength={64}
            value={name}
            onChange={({ target }) => setName(target.value)}
          />
          <small className="note">{t('cardTransfer.compared')}</small>
        </label>
        <AmountField value={typed} onChange={setTyped} available={available} fee={fee.data?.fee} />
        {fee.isError && (
          <ProblemNote problem={problemIn(fee.error)} onAgain={() => void fee.refetch()} />
        )}
        <p className="note" role="status">
          {fee.data &&
            t('cardTransfer.costs', {
              fee: formatFen(fee.data.fee),
              total: formatFen(fee.data.total),
            })}
        </p>
        {problem && <ProblemNote problem={problem} />}
        <button
          type="submit"
          className="button button-primary button-large wide"
          disabled={!isPayable || pan.length < 13 || holder === ''}
        >
          {t('transfer.next')}
        </button>
      </form>
      {asked && (
        <ConfirmSheet
          title={t('transfer.sheet')}
          to={t('cardTransfer.to', {
            ...{ name: holder, bank: pick(asked.quote.bank, i18n.language) },
            card: asked.quote.last4,
          })}
          amount={asked.amount}
          rows={[
            [t('transfer.from'), t('source.wallet')],
            [t('transfer.fee'), formatFen(asked.quote.fee)],
            [t('cardTransfer.total'), formatFen(asked.quote.total)],
            [t('transfer.arrival'), t('cash.speeds.same_day')],
          ]}
          act={act}
          tries={tries}
          onProof={pay}
          onClose={() => {
            setAsked(null)
            clear()
          }}
        />
      )}
    </>
  )
}
