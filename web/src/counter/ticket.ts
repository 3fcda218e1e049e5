// One act of the clerk, from the press of the button to its voucher. The server decides; a ticket remembers
// what it said, and what must be sent again, word by word, when a second person has agreed or an answer was
// lost. It never holds a PIN, and forgets the request as soon as the server knows the act.
//
//   sending ──▶ done                    waiting ──▶ approved ──the same request──▶ sending
//      │ └────▶ unknown ⇄ code ──▶ done     └─────▶ not_agreed
//      ├──────▶ lost ──the same request──▶ sending
//      └──────▶ refused
import type { Problem } from '../api.ts'
import type { Fact } from '../ui/fact-list.tsx'
import type { ActAnswer, ActKind, ActView, ApprovalView } from './views.ts'

/** What the customer types and nobody keeps. */
export type SecretField = 'cardPin' | 'securityCode' | 'walletPin'

export type Ticket = {
  /** Of the request, and of the act it becomes. */
  key: string
  kind: ActKind
  /** Masked. */
  number: string
  /** What stands on the preview and, until the voucher is there, on the ticket. */
  facts: Fact[]
  request: { path: string; body: object } | null
  /** What has to be typed again when the request is sent again. */
  secrets: SecretField[]
  sending: boolean
  /** The last answer did not come. */
  lost: boolean
  problem: Problem | null
  act: ActView | null
  approval: ApprovalView | null
}

export type Phase =
  | 'sending'
  | 'lost'
  | 'waiting'
  | 'approved'
  | 'not_agreed'
  | 'unknown'
  | 'code'
  | 'done'
  | 'refused'

export type TicketEvent =
  | { is: 'opened'; ticket: Ticket }
  | { is: 'sent'; key: string }
  | { is: 'answered'; key: string; answer: ActAnswer }
  | { is: 'refused'; key: string; problem: Problem }
  | { is: 'lost'; key: string }
  | { is: 'act_seen'; key: string; act: ActView }
  | { is: 'approval_seen'; key: string; approval: ApprovalView }
  | { is: 'closed'; key: string }

export function phaseOf({ act, approval, sending, lost, problem }: Ticket): Phase {
  if (act?.state === 'done') return 'done'
  if (act?.state === 'refused') return 'refused'
  if (act) return act.waitsFor === 'code' ? 'code' : 'unknown'
  if (sending) return 'sending'
  if (problem) return 'refused'
  if (lost) return 'lost'
  if (!approval) return 'sending'
  if (approval.state === 'asked') return 'waiting'
  // It was used by this very request, whose answer did not come.
  if (approval.state === 'used') return 'lost'
  return approval.state === 'approved' ? 'approved' : 'not_agreed'
}

export function isOver(phase: Phase): boolean {
  return phase === 'done' || phase === 'refused' || phase === 'not_agreed'
}

export function ticketsAfter(tickets: Ticket[], event: TicketEvent): Ticket[] {
  if (event.is === 'opened') return [...tickets, event.ticket]
  if (event.is === 'closed') return tickets.filter(({ key }) => key !== event.key)
  return tickets.map((ticket) => (ticket.key === event.key ? after(ticket, event) : ticket))
}

type Change = Exclude<TicketEvent, { is: 'opened' } | { is: 'closed' }>

function after(ticket: Ticket, event: Change): Ticket {
  switch (event.is) {
    case 'sent':
      return { ...ticket, sending: true, lost: false, problem: null }
    case 'answered':
      return known({ ...ticket, ...settled, ...event.answer })
    case 'refused':
      return forgetful({ ...ticket, ...settled, problem: event.problem })
    case 'lost':
      return { ...ticket, sending: false, lost: true }
    case 'act_seen':
      return known({ ...ticket, act: event.act })
    case 'approval_seen':
      return forgetful({ ...ticket, approval: event.approval })
  }
}

const settled = { sending: false, lost: false, problem: null }

/** An act that the server knows is asked for by its id. */
function known(ticket: Ticket): Ticket {
  return ticket.act ? { ...ticket, request: null, secrets: [] } : ticket
}

function forgetful(ticket: Ticket): Ticket {
  return isOver(phaseOf(ticket)) ? { ...ticket, request: null, secrets: [] } : ticket
}

/** What is worth asking about by itself while the clerk serves the next customer. */
export type Question = 'act' | 'approval' | 'again' | 'retry' | null

/** Cash and closing may be asked for again without end: the wallet knows the act. A bank counts its questions. */
const repeatable: ActKind[] = ['cash_in', 'cash_out', 'close', 'open', 'unbind']

export function questionOf(ticket: Ticket, round: number): Question {
  const phase = phaseOf(ticket)
  if (ticket.sending) return null
  if (phase === 'waiting') return 'approval'
  if (phase === 'code') return 'act'
  if (phase === 'lost') return ticket.secrets.length === 0 && round % 2 === 1 ? 'again' : null
  if (phase !== 'unknown') return null
  return repeatable.includes(ticket.kind) && round % 4 === 3 ? 'retry' : 'act'
}
