// A bill that was paid for. While nobody knows whether the biller has it, it says where the money is, when somebody
// will know, and what to do; it never offers to pay again, and it turns by itself.
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Problem } from '../../api.ts'
import { formatFen } from '../../fen.ts'
import { pick } from '../../names.ts'
import { checkoutZone, dateTimeOf } from '../../time.ts'
import { consumerApi } from '../consumer-api.ts'
import { ProblemNote, problemIn } from '../parts/problem-note.tsx'
import { ScreenHead } from '../parts/screen-head.tsx'
import { Skeleton } from '../parts/skeleton.tsx'
import { Facts, Ticket, type TicketTone } from '../parts/ticket.tsx'
import { billsChanged, isOpen, useBill, useKeptAccounts } from './bills-queries.ts'
import type { Bill, BillState } from './contract.ts'

const tones: Readonly<Record<BillState, TicketTone>> = {
  inquired: 'held',
  lapsed: 'bad',
  writing_off: 'unknown',
  write_off_unknown: 'unknown',
  refunding: 'unknown',
  written_off: 'done',
  refunded: 'back',
}

export function BillScreen({ id }: { id: string }) {
  const { t } = useTranslation('bills')
  const query = useBill(id)
  const bill = query.data
  return (
    <>
      <ScreenHead title={t('title')} back="/bills/billers" />
      {query.isError && (
        <ProblemNote problem={problemIn(query.error)} onAgain={() => void query.refetch()} />
      )}
      {bill === undefined && !query.isError && <Skeleton rows={5} />}
      {bill && <BillTicket bill={bill} />}
      {bill?.state === 'written_off' && <Keep bill={bill} />}
    </>
  )
}

function BillTicket({ bill }: { bill: Bill }) {
  const { t, i18n } = useTranslation('bills')
  const { state, amount, due, name, account, holder, receiptNo, reason, paidAt, endedAt } = bill
  const paid = amount ?? due
  const moment = (at: string | null) => at && dateTimeOf(Date.parse(at), checkoutZone)
  return (
    <Ticket
      tone={tones[state]}
      state={t(`state.${state}`)}
      amount={paid}
      about={t('to', { name: pick(name, i18n.language), account })}
    >
      {isOpen(bill) && (
        <>
          <div className="say">
            <h3>{t('unknown.where')}</h3>
            <p>{t('unknown.whereText', { amount: formatFen(paid) })}</p>
            <h3>{t('unknown.when')}</h3>
            <p>{t('unknown.whenText')}</p>
            <h3>{t('unknown.what')}</h3>
            <p>{t('unknown.whatText')}</p>
          </div>
          <div className="notch" />
        </>
      )}
      <Facts
        facts={[
          [t('holder'), holder],
          [t('receipt'), receiptNo],
          [t('reason'), reason && `${pick(reason.words, i18n.language)} (${reason.code})`],
          [t('paidAt'), moment(paidAt)],
          [t('endedAt'), moment(endedAt)],
        ]}
      />
    </Ticket>
  )
}

const days = Array.from({ length: 28 }, (_, day) => day + 1)

/** The account of a paid bill, kept for the next time, with a day on which to be reminded. */
function Keep({ bill }: { bill: Bill }) {
  const { t, i18n } = useTranslation('bills')
  const kept = useKeptAccounts()
  const [label, setLabel] = useState(pick(bill.name, i18n.language).slice(0, 20))
  const [day, setDay] = useState('')
  const [problem, setProblem] = useState<Problem | null>(null)
  const isKept = kept.data?.items.some(
    ({ biller, account }) => biller === bill.biller && account === bill.account,
  )
  if (kept.data === undefined) return null
  if (isKept) return <p className="note">{t('keepDone')}</p>
  const save = async () => {
    const { biller, account } = bill
    const remindDay = day === '' ? null : Number(day)
    const body = { biller, account, label: label.trim(), remindDay }
    const answer = await consumerApi.post('/bills/accounts', body)
    setProblem(answer.ok ? null : answer.problem)
    billsChanged()
  }
  return (
    <form
      className="panel card"
      onSubmit={(event) => {
        event.preventDefault()
        void save()
      }}
    >
      <h2>{t('keep')}</h2>
      <label className="field">
        <span>{t('label')}</span>
        <input maxLength={20} value={label} onChange={({ target }) => setLabel(target.value)} />
      </label>
      <label className="field">
        <span>{t('remind')}</span>
        <select value={day} onChange={({ target }) => setDay(target.value)}>
          <option value="">{t('noRemind')}</option>
          {days.map((one) => (
            <option key={one} value={one}>
              {t('remindOn', { day: one })}
            </option>
          ))}
        </select>
      </label>
      {problem && <ProblemNote problem={problem} />}
      <button type="submit" className="button button-large wide" disabled={label.trim() === ''}>
        {t('save')}
      </button>
    </form>
  )
}
