// A transfer that was made: arrived, on its way, or waiting to be claimed; what has not arrived can be taken back.
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Problem } from '../../api.ts'
import { checkoutZone, dateTimeOf } from '../../time.ts'
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx'
import { consumerApi } from '../consumer-api.ts'
import type { Transfer } from '../contract.ts'
import { momentName } from '../moment.ts'
import { ProblemNote, problemIn } from '../parts/problem-note.tsx'
import { ScreenHead } from '../parts/screen-head.tsx'
import { Skeleton } from '../parts/skeleton.tsx'
import { Facts, Ticket, type TicketTone } from '../parts/ticket.tsx'
import { moneyMoved, useTransfer } from '../queries.ts'

const tones: Readonly<Record<Transfer['state'], TicketTone>> = {
  done: 'done',
  claimed: 'done',
  delayed: 'held',
  waiting_claim: 'held',
  cancelled: 'back',
  returned: 'back',
}

export function TransferredScreen({ id }: { id: string }) {
  const { t } = useTranslation('app')
  const query = useTransfer(id)
  const transfer = query.data
  return (
    <>
      <ScreenHead title={t('receipt.title')} />
      {query.isError && (
        <ProblemNote problem={problemIn(query.error)} onAgain={() => void query.refetch()} />
      )}
      {transfer === undefined && !query.isError && <Skeleton rows={5} />}
      {transfer && <TransferTicket transfer={transfer} />}
      {transfer?.direction === 'out' && isOpen(transfer) && <TakeBack id={id} />}
    </>
  )
}

const isOpen = ({ state }: Transfer) => state === 'delayed' || state === 'waiting_claim'

/** What came back before its time was called back by its payer. */
function wordOf({ state, endedAt, returnsAt }: Transfer): Transfer['state'] {
  const isEarly = endedAt !== null && returnsAt !== null && endedAt < returnsAt
  return state === 'returned' && isEarly ? 'cancelled' : state
}

function TransferTicket({ transfer }: { transfer: Transfer }) {
  const { t } = useTranslation('app')
  const { state, direction, from, to, amount, memo, requestedAt, endedAt } = transfer
  const moment = (at: string | null) => at && momentName(Date.parse(at), Date.now(), t)
  const other = direction === 'out' ? to : from
  return (
    <Ticket
      tone={tones[state]}
      state={t(`transferred.${wordOf(transfer)}`)}
      amount={amount}
      about={t(`transferred.${direction}`, { number: other })}
    >
      <Facts
        facts={[
          [t('transferred.arrivesAt'), state === 'delayed' ? moment(transfer.arrivesAt) : null],
          [
            t('transferred.returnsAt'),
            state === 'waiting_claim' ? moment(transfer.returnsAt) : null,
          ],
          [t('receipt.memo'), memo],
          [t('movement.asked'), dateTimeOf(Date.parse(requestedAt), checkoutZone)],
          [t('movement.ended'), endedAt && dateTimeOf(Date.parse(endedAt), checkoutZone)],
        ]}
      />
    </Ticket>
  )
}

function TakeBack({ id }: { id: string }) {
  const { t } = useTranslation('app')
  const [isAsking, ask] = useState(false)
  const [problem, setProblem] = useState<Problem | null>(null)
  const cancel = async () => {
    const answer = await consumerApi.post(`/transfers/${id}/cancel`)
    setProblem(answer.ok ? null : answer.problem)
    moneyMoved()
  }
  return (
    <div className="below">
      {problem && <ProblemNote problem={problem} />}
      <button
        type="button"
        className="button button-large button-danger wide"
        onClick={() => ask(true)}
      >
        {t('transferred.takeBack')}
      </button>
      {isAsking && (
        <ConfirmDialog
          title={t('transferred.ask')}
          text={t('transferred.askText')}
          action={t('transferred.takeBack')}
          danger
          onConfirm={() => void cancel()}
          onClose={() => ask(false)}
        />
      )}
    </div>
  )
}
