// One request for money: the one who is asked pays or declines, the one who asks may withdraw it.
import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import { consumerApi } from '../consumer-api.ts'
import { momentName } from '../moment.ts'
import { ProblemNote, problemIn } from '../parts/problem-note.tsx'
import { ScreenHead } from '../parts/screen-head.tsx'
import { Skeleton } from '../parts/skeleton.tsx'
import { Facts, Ticket, type TicketTone } from '../parts/ticket.tsx'
import { AfterCode, CodeTicket } from './code-request.tsx'
import type { MoneyRequest } from './contract.ts'
import { EndAct } from './end-act.tsx'
import { PayOrDecline } from './pay-or-decline.tsx'
import { useRequest } from './people-queries.ts'

const tones: Readonly<Record<MoneyRequest['state'], TicketTone>> = {
  open: 'held',
  paid: 'done',
  declined: 'bad',
  cancelled: 'back',
  expired: 'bad',
  refused: 'bad',
}

export function RequestScreen({ id }: { id: string }) {
  const { t } = useTranslation('people')
  const query = useRequest(id)
  const request = query.data
  return (
    <>
      <ScreenHead
        title={t(request?.byCode ? `byCode.title.${request.direction}` : 'request.title')}
        back="/people/requests"
      />
      {query.isError && (
        <ProblemNote problem={problemIn(query.error)} onAgain={() => void query.refetch()} />
      )}
      {request === undefined && !query.isError && <Skeleton rows={4} />}
      {request?.byCode && <CodeTicket request={request} tone={tones[request.state]} />}
      {request?.byCode === false && <RequestTicket request={request} />}
      {request?.state === 'open' && <Answers request={request} />}
      {request?.byCode && <AfterCode request={request} />}
      {request?.byCode === false && request.transferId && (
        <p className="below">
          <Link className="button button-large wide" to={`/transfers/${request.transferId}`}>
            {t('request.receipt')}
          </Link>
        </p>
      )}
    </>
  )
}

function RequestTicket({ request }: { request: MoneyRequest }) {
  const { t } = useTranslation('people')
  const { t: app } = useTranslation('app')
  const { direction, by, payer, state, amount, memo, askedAt, expiresAt } = request
  const moment = (at: string) => momentName(Date.parse(at), Date.now(), app)
  return (
    <Ticket
      tone={tones[state]}
      state={t(`request.states.${state}`)}
      amount={amount}
      about={direction === 'in' ? t('request.asks', { by }) : t('request.asked', { payer })}
    >
      <Facts
        facts={[
          [app('receipt.memo'), memo],
          [t('made'), moment(askedAt)],
          [t('until'), state === 'open' ? moment(expiresAt) : null],
        ]}
      />
    </Ticket>
  )
}

function Answers({
  request: { id, direction, by, name, amount, byCode },
}: {
  request: MoneyRequest
}) {
  const { t } = useTranslation('people')
  if (direction === 'out')
    return (
      <EndAct
        act={() => consumerApi.post(`/requests/${id}/cancel`)}
        words={[t('request.cancel'), t('request.cancelAsk'), t('request.cancelText')]}
      />
    )
  return (
    <PayOrDecline
      path={`/requests/${id}`}
      amount={amount}
      atOnce={byCode}
      words={{
        pay: t('request.pay'),
        sheet: t('request.sheet'),
        to: byCode ? t('byCode.to', { name: name ?? '', by }) : t('request.to', { by }),
        decline: t('request.decline'),
        declineAsk: t('request.declineAsk'),
        declineText: t('request.declineText'),
        sure: t('request.sure'),
      }}
    />
  )
}
