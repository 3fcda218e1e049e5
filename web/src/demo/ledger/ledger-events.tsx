// Events, the newest first. One that arrives while the page is open slides in once.
import { useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { pick } from '../../names.ts'
import { paymentStatus } from '../../status.ts'
import { millisecondOf } from '../../time.ts'
import { StatusTag } from '../../ui/status-tag.tsx'
import { useDemo } from '../demo-context.ts'
import { ShowMore, useShortList } from '../show-more.tsx'
import type { LedgerEvent } from '../state.ts'
import { PairLine } from './pair-line.tsx'

const shownAtFirst = 5

export function LedgerEvents({ events }: { events: LedgerEvent[] }) {
  const { t } = useTranslation('demo')
  const old = useRef(new Set(events.map((event) => event.id)))
  const list = useShortList(
    events.toSorted((first, second) => second.at - first.at),
    shownAtFirst,
  )
  return (
    <>
      {events.length === 0 && <p className="empty">{t('ledger.empty')}</p>}
      {list.items.map((event) => (
        <EventCard key={event.id} event={event} fresh={!old.current.has(event.id)} />
      ))}
      <ShowMore list={list} />
    </>
  )
}

function EventCard({ event, fresh }: { event: LedgerEvent; fresh: boolean }) {
  const { i18n } = useTranslation('demo')
  const { zone } = useDemo()
  return (
    <article className={fresh ? 'ledger-event fresh' : 'ledger-event'}>
      <header>
        <span className="num muted">{millisecondOf(event.at, zone)}</span>
        <b>{pick(event.title, i18n.language)}</b>
        <StatusTag status={paymentStatus[event.state]} />
      </header>
      {event.note && <p className="note">{pick(event.note, i18n.language)}</p>}
      <ul>
        {event.pairs.map((pair) => (
          <PairLine
            key={`${pair.debit.en}>${pair.credit.en}:${pair.amount}:${pair.form}`}
            pair={pair}
          />
        ))}
      </ul>
    </article>
  )
}
