// A transfer that was made: arrived, on its way, or waiting to be claimed; what has not arrived can be taken back.
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { checkoutZone, dateTimeOf } from '../../time.ts'
import type { Transfer } from '../contract.ts'
import { momentName } from '../moment.ts'
import { ConfirmSheet } from '../parts/confirm-sheet.tsx'
import { ProblemNote, problemIn } from '../parts/problem-note.tsx'
import { ScreenHead } from '../parts/screen-head.tsx'
import { Skeleton } from '../parts/skeleton.tsx'
import { Facts, Ticket, type TicketTone } from '../parts/ticket.tsx'
import { useTransfer } from '../queries.ts'
import { useMoneyAct } from '../use-money-act.ts'

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
      {transfer?.direction === 'out' && isOpen(transfer) && <TakeBack transfer={transfer} />}
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

function TakeBack({ transfer: { id, amount } }: { transfer: Transfer }) {
  const { t } = useTranslation('app')
  const [isAsking, ask] = useState(false)
  const { act, tries, send, clear } = useMoneyAct<Transfer>(`/transfers/${id}/cancel`)
  return (
    <div className="below">
      <button
        type="button"
        className="button button-large button-danger wide"
        onClick={() => ask(true)}
      >
        {t('transferred.takeBack')}
      </button>
      {isAsking && (
        <ConfirmSheet
          title={t('transferred.ask')}
          to={t('transferred.askText')}
          amount={amount}
          rows={[]}
          act={act}
          tries={tries}
          onProof={async (proof) => {
            if ((await send({ ...proof })).is === 'done') ask(false)
          }}
          onClose={() => {
            ask(false)
            clear()
          }}
        />
      )}
    </div>
  )
}
