// A transfer: the number, the name behind it as far as one may see it, the amount and when it arrives; then the PIN.
import { ChevronRight, CreditCard } from 'lucide-react'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link, useLocation } from 'wouter'
import type { Problem } from '../../api.ts'
import { formatFen, parseYuan } from '../../fen.ts'
import { digitsOf, isMobile } from '../../msisdn.ts'
import { Icon } from '../../ui/icon.tsx'
import { consumerApi } from '../consumer-api.ts'
import type { Arrival, Payee, Transfer } from '../contract.ts'
import { AmountField, amountRange, isMoreThan } from '../parts/amount-field.tsx'
import { ConfirmSheet } from '../parts/confirm-sheet.tsx'
import { leftRow } from '../parts/left-row.tsx'
import { NumberField } from '../parts/number-field.tsx'
import { ProblemNote } from '../parts/problem-note.tsx'
import { ScreenHead } from '../parts/screen-head.tsx'
import type { Proof } from '../passkey-proof.ts'
import { useBalance } from '../queries.ts'
import { useMoneyAct } from '../use-money-act.ts'

/** The server masks the number it was asked about; the transfer needs it whole. */
type Chosen = Payee & { typed: string }

const arrivals: readonly Arrival[] = ['now', '2h', '24h']

export function TransferScreen() {
  const { t } = useTranslation('app')
  const [, go] = useLocation()
  const [number, setNumber] = useState('')
  const [payee, setPayee] = useState<Chosen | null>(null)
  const [problem, setProblem] = useState<Problem | null>(null)
  const find = async (event: FormEvent) => {
    event.preventDefault()
    const answer = await consumerApi.post<Payee>('/payees', { number: digitsOf(number) })
    setProblem(answer.ok ? null : answer.problem)
    if (answer.ok) setPayee({ ...answer.value, typed: digitsOf(number) })
  }
  if (payee)
    return (
      <TransferForm
        payee={payee}
        onOther={() => setPayee(null)}
        onSent={({ id }) => go(`/transfers/${id}`)}
      />
    )
  return (
    <>
      <ScreenHead title={t('transfer.title')} />
      <form className="panel card" onSubmit={(event) => void find(event)}>
        <NumberField label={t('transfer.number')} value={number} onChange={setNumber} focused />
        {problem && <ProblemNote problem={problem} />}
        <button
          type="submit"
          className="button button-primary button-large wide"
          disabled={!isMobile(number)}
        >
          {t('transfer.next')}
        </button>
      </form>
      <div className="card list">
        <Link to="/transfer/card" className="entry">
          <span className="entry-icon entry-icon-plum">
            <Icon of={CreditCard} size={20} />
          </span>
          <span className="grow">
            <span className="entry-title">{t('cardTransfer.title')}</span>
            <small>{t('cardTransfer.lead')}</small>
          </span>
          <Icon of={ChevronRight} />
        </Link>
      </div>
    </>
  )
}

type FormProperties = {
  payee: Chosen
  onOther: () => void
  onSent: (transfer: Transfer) => void
}

function TransferForm({ payee, onOther, onSent }: FormProperties) {
  const { t } = useTranslation('app')
  const balance = useBalance()
  const [typed, setTyped] = useState('')
  const [memo, setMemo] = useState('')
  const [chosen, setArrival] = useState<Arrival | null>(null)
  const [isConfirming, confirm] = useState(false)
  const { act, tries, send, clear } = useMoneyAct<Transfer>('/transfers')
  const amount = parseYuan(typed, amountRange)
  const isPayable = amount.ok && !isMoreThan(balance.data?.available, amount.fen)
  const { hasWallet, delayFrom } = payee
  const isMuch = amount.ok && delayFrom !== null && BigInt(amount.fen) >= BigInt(delayFrom)
  const isRisky = hasWallet && isMuch
  const arrival = chosen ?? (isRisky ? '24h' : 'now')
  const name = payee.name ?? t('transfer.noWallet')
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (isPayable) confirm(true)
  }
  const pay = async (proof: Proof, nameCharacter?: string) => {
    if (!amount.ok) return
    const said = memo.trim()
    const body = { to: payee.typed, arrival, ...(said !== '' && { memo: said }) }
    const named = nameCharacter === undefined ? {} : { nameCharacter }
    const ended = await send({ ...body, ...named, amount: amount.fen, ...proof })
    if (ended.is === 'done') onSent(ended.value)
  }
  return (
    <>
      <ScreenHead title={t('transfer.title')} />
      <form className="panel card" onSubmit={submit}>
        <div className="payee">
          <span className="payee-mark" aria-hidden="true">
            {name.slice(-1)}
          </span>
          <span className="grow">
            <b>{name}</b>
            <small className="num">{payee.number}</small>
          </span>
          <button type="button" className="link-button" onClick={onOther}>
            {t('transfer.other')}
          </button>
        </div>
        {!payee.hasWallet && <p className="note">{t('transfer.claim')}</p>}
        <AmountField value={typed} onChange={setTyped} available={balance.data?.available} />
        {payee.hasWallet && (
          <fieldset className="choices">
            <legend>{t('transfer.arrival')}</legend>
            {arrivals.map((one) => (
              <label key={one}>
                <input
                  type="radio"
                  name="arrival"
                  checked={arrival === one}
                  onChange={() => setArrival(one)}
                />
                <span>{t(`transfer.arrivals.${one}`)}</span>
              </label>
            ))}
          </fieldset>
        )}
        {isRisky && (
          <p className="note" role="status">
            {t('transfer.delay')}
          </p>
        )}
        <label className="field">
          <span>{t('transfer.memo')}</span>
          <input maxLength={40} value={memo} onChange={({ target }) => setMemo(target.value)} />
        </label>
        <button
          type="submit"
          className="button button-primary button-large wide"
          disabled={!isPayable}
        >
          {t('transfer.confirm')}
        </button>
      </form>
      {isConfirming && amount.ok && (
        <ConfirmSheet
          title={t('transfer.sheet')}
          to={t('transfer.to', { name: payee.name ?? '', number: payee.number })}
          amount={amount.fen}
          rows={[
            [t('transfer.from'), t('source.wallet')],
            [
              t('transfer.fee'),
              <span key="fee" className="num">
                {formatFen('0')}
              </span>,
            ],
            ...leftRow(t('cash.left'), balance.data?.available, amount.fen),
            [t('transfer.arrival'), t(`transfer.arrivals.${payee.hasWallet ? arrival : 'claim'}`)],
            ...(payee.hasWallet ? [] : [[t('transfer.unclaimed'), t('transfer.back')] as const]),
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
