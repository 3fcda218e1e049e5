// A bill: the customer's number, what is due, the amount where the biller leaves it open; then the PIN.
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useLocation } from 'wouter'
import type { Problem } from '../../api.ts'
import { formatFen, parseYuan } from '../../fen.ts'
import { pick } from '../../names.ts'
import { checkoutZone, minuteOf } from '../../time.ts'
import { ActionButton } from '../../ui/action-button.tsx'
import { consumerApi } from '../consumer-api.ts'
import { AmountField, isMoreThan } from '../parts/amount-field.tsx'
import { ConfirmSheet } from '../parts/confirm-sheet.tsx'
import { OverNote } from '../parts/over-note.tsx'
import { ProblemNote } from '../parts/problem-note.tsx'
import { ScreenHead } from '../parts/screen-head.tsx'
import { Skeleton } from '../parts/skeleton.tsx'
import { Facts } from '../parts/ticket.tsx'
import type { Proof } from '../passkey-proof.ts'
import { useBalance } from '../queries.ts'
import { useMoneyAct } from '../use-money-act.ts'
import { billsChanged, useBillers, useKeptAccounts } from './bills-queries.ts'
import type { Bill, Biller } from './contract.ts'

const home = '/bills/billers'

export function PayBillScreen({ code, account = '' }: { code: string; account?: string }) {
  const { t } = useTranslation('bills')
  const [, go] = useLocation()
  const billers = useBillers()
  const biller = billers.data?.items.find((one) => one.code === code)
  const [bill, setBill] = useState<Bill | null>(null)
  return (
    <>
      <ScreenHead title={biller ? t(`kinds.${biller.kind}`) : t('title')} back={home} />
      {!biller && <Skeleton rows={3} />}
      {biller && !bill && <AccountForm biller={biller} account={account} onBill={setBill} />}
      {bill && (
        <DueForm
          bill={bill}
          onOther={() => setBill(null)}
          onPaid={({ id }) => go(`/bills/${id}`)}
        />
      )}
    </>
  )
}

type AccountProperties = { biller: Biller; account: string; onBill: (bill: Bill) => void }

function AccountForm({ biller, account, onBill }: AccountProperties) {
  const { t, i18n } = useTranslation('bills')
  const [typed, setTyped] = useState(account)
  const [problem, setProblem] = useState<Problem | null>(null)
  const [isBusy, busy] = useState(false)
  const find = async (event: FormEvent) => {
    event.preventDefault()
    busy(true)
    const body = { biller: biller.code, account: typed }
    const answer = await consumerApi.post<Bill>('/bills/inquiries', body)
    busy(false)
    setProblem(answer.ok ? null : answer.problem)
    if (answer.ok) onBill(answer.value)
  }
  return (
    <form className="panel card" onSubmit={(event) => void find(event)}>
      <p className="muted">{pick(biller.name, i18n.language)}</p>
      <label className="field">
        <span>{pick(biller.accountLabel, i18n.language)}</span>
        <input
          className="num"
          inputMode="numeric"
          autoComplete="off"
          maxLength={32}
          value={typed}
          ref={(input) => input?.focus()}
          onChange={({ target }) => setTyped(plain(target.value))}
        />
      </label>
      {problem && <ProblemNote problem={problem} />}
      <button
        type="submit"
        className="button button-primary button-large wide"
        disabled={isBusy || !new RegExp(biller.accountPattern).test(typed)}
      >
        {t('inquire')}
      </button>
      <Forget code={biller.code} account={account} />
    </form>
  )
}

const plain = (text: string) => text.normalize('NFKC').replace(/[^A-Za-z0-9]/g, '')

/** Of an account that is kept and was come to from the list. */
function Forget({ code, account }: { code: string; account: string }) {
  const { t } = useTranslation('bills')
  const [, go] = useLocation()
  const kept = useKeptAccounts().data?.items.find(
    (one) => one.biller === code && one.account === account,
  )
  if (!kept) return null
  const forget = async () => {
    await consumerApi.remove(`/bills/accounts/${kept.id}`)
    billsChanged()
    go(home)
  }
  return (
    <ActionButton className="button button-large wide" onAct={forget}>
      {t('forget')}
    </ActionButton>
  )
}

type DueProperties = { bill: Bill; onOther: () => void; onPaid: (bill: Bill) => void }

function DueForm({ bill, onOther, onPaid }: DueProperties) {
  const { t, i18n } = useTranslation('bills')
  const balance = useBalance()
  const isOpen = bill.min !== bill.max
  const [typed, setTyped] = useState('')
  const [isConfirming, confirm] = useState(false)
  const { act, tries, send, clear } = useMoneyAct<Bill>('/bills/payments')
  const chosen = parseYuan(typed, { min: bill.min, max: bill.max, step: '1' })
  const amount = isOpen ? (chosen.ok ? chosen.fen : null) : bill.due
  const available = balance.data?.available
  const isPayable = amount !== null && !isMoreThan(available, amount)
  const to = t('to', { name: pick(bill.name, i18n.language), account: bill.account })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (isPayable) confirm(true)
  }
  const pay = async (proof: Proof) => {
    if (amount === null) return
    const ended = await send({ billId: bill.id, amount, ...proof })
    billsChanged()
    if (ended.is === 'done') onPaid(ended.value)
  }
  return (
    <form className="panel card" onSubmit={submit}>
      <div className="payee">
        <span className="grow">
          <b>{pick(bill.name, i18n.language)}</b>
          <small className="num">{bill.account}</small>
        </span>
        <button type="button" className="link-button" onClick={onOther}>
          {t('other')}
        </button>
      </div>
      <Facts
        facts={[
          [t('holder'), bill.holder],
          ...bill.items.map(
            ({ period, amount: part }) => [t('period', { period }), formatFen(part)] as const,
          ),
          [t('due'), isOpen ? null : formatFen(bill.due)],
        ]}
      />
      {isOpen && (
        <>
          <AmountField value={typed} onChange={setTyped} available={available} />
          <p className="note">
            {t('open', { min: formatFen(bill.min), max: formatFen(bill.max) })}
          </p>
        </>
      )}
      <p className="note">
        {t('valid', { time: minuteOf(Date.parse(bill.validUntil), checkoutZone) })}
      </p>
      {!isOpen && <OverNote available={available} amount={bill.due} />}
      <button
        type="submit"
        className="button button-primary button-large wide"
        disabled={!isPayable}
      >
        {t('pay')}
      </button>
      {isConfirming && amount !== null && (
        <ConfirmSheet
          title={t('sheet')}
          to={to}
          amount={amount}
          rows={[[t('from'), t('balance')]]}
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
