// A top-up, or money on its way to a card. While nobody knows, it says where the money is, when somebody will know,
// and what to do; it never offers to try again, and it turns by itself.
import { useTranslation } from 'react-i18next'
import { formatFen } from '../../fen.ts'
import { checkoutZone, dateTimeOf } from '../../time.ts'
import type { Movement } from '../contract.ts'
import { ProblemNote, problemIn } from '../parts/problem-note.tsx'
import { ScreenHead } from '../parts/screen-head.tsx'
import { Skeleton } from '../parts/skeleton.tsx'
import { Facts, Ticket, type TicketTone } from '../parts/ticket.tsx'
import { useMovement } from '../queries.ts'

const tones: Readonly<Record<Movement['state'], TicketTone>> = {
  funding: 'unknown',
  requested: 'unknown',
  unknown: 'unknown',
  done: 'done',
  paid: 'done',
  refused: 'bad',
  reversed: 'back',
  returned: 'back',
}

export function MovementScreen({ id }: { id: string }) {
  const { t } = useTranslation('app')
  const query = useMovement(id)
  const movement = query.data
  return (
    <>
      <ScreenHead title={t('receipt.title')} />
      {query.isError && (
        <ProblemNote problem={problemIn(query.error)} onAgain={() => void query.refetch()} />
      )}
      {movement === undefined && !query.isError && <Skeleton rows={5} />}
      {movement && <MovementTicket movement={movement} />}
    </>
  )
}

function MovementTicket({ movement }: { movement: Movement }) {
  const { t } = useTranslation('app')
  const { state, kind, amount, fee, last4, speed, requestedAt, endedAt, reason } = movement
  const wasUnknown = movement.unknownSince !== null
  const isWaiting = state === 'requested' && speed === 'next_day'
  const isOpen = tones[state] === 'unknown' && !isWaiting
  return (
    <Ticket
      tone={isWaiting ? 'held' : tones[state]}
      state={t(isWaiting ? 'movement.tomorrow' : `movement.${state}`)}
      amount={amount}
      about={t(`cash.${wayOf(kind)}.to`, { card: last4 ?? '', payee: movement.payee ?? '' })}
    >
      {isOpen && (
        <>
          <UnknownWords kind={kind} amount={formatFen(amount)} />
          <div className="notch" />
        </>
      )}
      <Facts
        facts={[
          [t('transfer.fee'), formatFen(fee)],
          [t('movement.asked'), wasUnknown ? null : at(requestedAt)],
          [t('movement.ended'), wasUnknown ? null : endedAt && at(endedAt)],
          [t('movement.code'), reason?.code ?? null],
        ]}
      />
      {wasUnknown && <Course movement={movement} />}
    </Ticket>
  )
}

const at = (moment: string) => dateTimeOf(Date.parse(moment), checkoutZone)

/** What happened when, where it did not go straight. */
function Course({ movement }: { movement: Movement }) {
  const { t } = useTranslation('app')
  const { requestedAt, unknownSince, endedAt, kind, state } = movement
  const steps = [
    ['agreed', requestedAt, t(kind === 'top_up' ? 'movement.agreedTopUp' : 'movement.agreed')],
    ['silent', unknownSince, t('movement.silent')],
    ['ended', endedAt, t(`movement.${state}`)],
  ] as const
  return (
    <ol className="course">
      {steps.map(([step, moment, what]) =>
        moment === null ? null : (
          <li key={step} className={`course-${step}`}>
            <time className="num" dateTime={moment}>
              {at(moment)}
            </time>
            <span>{what}</span>
          </li>
        ),
      )}
    </ol>
  )
}

/** Cash has no such page, for nobody has to say more of it. */
const wayOf = (kind: Movement['kind']) =>
  kind === 'cash_in' || kind === 'cash_out' ? 'top_up' : kind

function UnknownWords({ kind, amount }: { kind: Movement['kind']; amount: string }) {
  const { t } = useTranslation('app')
  return (
    <div className="say">
      <h3>{t('unknown.where')}</h3>
      <p>{t(`unknown.${wayOf(kind)}`, { amount })}</p>
      <h3>{t('unknown.when')}</h3>
      <p>{t('unknown.soon')}</p>
      <h3>{t('unknown.what')}</h3>
      <p>{t('unknown.nothing')}</p>
    </div>
  )
}
