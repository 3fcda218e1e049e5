// One act after the button: where it stands, what comes next, and that nothing is sent twice.
import { useEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { FactList } from '../ui/fact-list.tsx'
import { Money } from '../ui/money.tsx'
import { StatusTag } from '../ui/status-tag.tsx'
import { ApprovalWait } from './approval-wait.tsx'
import { useCounter } from './counter-context.ts'
import { shownFacts } from './shown-facts.ts'
import { phaseStatus } from './statuses.ts'
import { isOver, phaseOf, type Ticket } from './ticket.ts'
import { TicketChecking } from './ticket-checking.tsx'
import { TicketCode } from './ticket-code.tsx'
import { TicketDone } from './ticket-done.tsx'
import { TicketLost } from './ticket-lost.tsx'
import { TicketRefused } from './ticket-refused.tsx'

export function TicketView({ ticket }: { ticket: Ticket }) {
  const { t } = useTranslation('counter')
  const { showTicket, show } = useCounter()
  const phase = phaseOf(ticket)
  const box = useRef<HTMLElement>(null)
  const shown = useRef(phase)
  useEffect(() => {
    // The first of a phase's own controls takes over, where the last phase had the focus.
    const isHere = box.current?.contains(document.activeElement)
    if (shown.current === phase && isHere) return
    shown.current = phase
    // At the page's heading the focus only waits for something to take it.
    const waits = document.activeElement?.matches('body, h1') ?? true
    if (!waits && !isHere) return
    const first =
      box.current?.querySelector<HTMLElement>('[data-first]') ?? box.current?.querySelector('h2')
    first?.focus({ preventScroll: true })
  }, [phase])

  const close = () => {
    show('customer')
  }
  const amount = ticket.act?.amount ?? null
  return (
    <article className="ticket" ref={box}>
      <section className="card ticket-main" aria-live="polite">
        <header className="head">
          <h2 tabIndex={-1}>{t(`kinds.${ticket.kind}`)}</h2>
          <StatusTag status={phaseStatus[phase]} />
        </header>
        {amount !== null && (
          <p className={phase === 'done' ? 'ticket-amount' : 'ticket-amount amount-pending'}>
            <Money fen={amount} />
          </p>
        )}
        <PhaseBody ticket={ticket} />
        <div className="ticket-actions">
          {isOver(phase) ? (
            <button type="button" className="button" onClick={close}>
              {t('ticket.close')}
            </button>
          ) : (
            <button type="button" className="button" onClick={() => showTicket(null)}>
              {t('ticket.aside')}
            </button>
          )}
        </div>
      </section>
      <aside className="card ticket-facts">
        <h2>{t('ticket.facts')}</h2>
        <FactList
          facts={
            ticket.facts.length > 0 || !ticket.act
              ? [{ label: t('fact.number'), value: ticket.number }, ...ticket.facts]
              : // An act that was found again brings what the server shows of it.
                shownFacts(ticket.act.shown, t)
          }
        />
      </aside>
    </article>
  )
}

function PhaseBody({ ticket }: { ticket: Ticket }) {
  const { t } = useTranslation('counter')
  switch (phaseOf(ticket)) {
    case 'sending':
      return <p className="lead">{t('ticket.sending')}</p>
    case 'lost':
      return <TicketLost ticket={ticket} />
    case 'waiting':
    case 'approved':
    case 'not_agreed':
      return <ApprovalWait ticket={ticket} />
    case 'unknown':
      return <TicketChecking ticket={ticket} />
    case 'code':
      return <TicketCode ticket={ticket} />
    case 'done':
      return <TicketDone ticket={ticket} />
    case 'refused':
      return <TicketRefused ticket={ticket} />
  }
}
