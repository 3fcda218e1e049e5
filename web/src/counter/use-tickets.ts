// The acts under way on this page: sent once, asked about until they end, also while another customer is served.
import { useCallback, useEffect, useReducer, useRef } from 'react'
import { type Answer, isLost, type Problem } from '../api.ts'
import { randomKey } from '../random-key.ts'
import type { Fact } from '../ui/fact-list.tsx'
import type { CounterApi } from './counter-api.ts'
import {
  isOver,
  phaseOf,
  questionOf,
  type SecretField,
  type Ticket,
  type TicketEvent,
  ticketsAfter,
} from './ticket.ts'
import type { ActAnswer, ActKind, ActView, ApprovalView } from './views.ts'

export type Secrets = Partial<Record<SecretField, string>>

export type NewTicket = {
  kind: ActKind
  number: string
  facts: Fact[]
  path: string
  body: object
  /** Goes along with the request and is kept nowhere. */
  secrets?: Secrets
}

export type Tickets = {
  all: Ticket[]
  /** Null when the act is under way or done; a problem when it was refused and the form may be mended. */
  begin: (asked: NewTicket) => Promise<{ key: string; problem: Problem | null }>
  /** The same request once more, after an agreement or a lost answer. */
  sendAgain: (ticket: Ticket, secrets: Secrets) => Promise<void>
  askBank: (ticket: Ticket, secrets: Secrets) => Promise<void>
  enterCode: (ticket: Ticket, code: string) => Promise<void>
  withdraw: (ticket: Ticket) => Promise<void>
  /** An act begun before this page was opened. */
  adopt: (act: ActView) => string
  close: (key: string) => void
  /** Looked away from: what is over needs no place any more. */
  leave: (key: string | null) => void
}

const roundMs = 2_500

export function useTickets(api: CounterApi): Tickets {
  const [all, dispatch] = useReducer(ticketsAfter, [])
  const current = useRef(all)
  current.current = all

  const hear = useCallback((key: string, answer: Answer<ActAnswer>) => {
    dispatch(eventOf(key, answer))
    return answer.ok || isLost(answer.problem) ? null : answer.problem
  }, [])

  const look = useCallback(
    async (ticket: Ticket) => {
      if (!ticket.act) return
      const answer = await api.get<ActView>(`/acts/${ticket.act.id}`)
      if (answer.ok) dispatch({ is: 'act_seen', key: ticket.key, act: answer.value })
    },
    [api],
  )

  /** What was refused may have ended the act: the act itself says so. */
  const goOn = useCallback(
    async (ticket: Ticket, step: 'code' | 'retry', body: object) => {
      if (!ticket.act) return
      dispatch({ is: 'sent', key: ticket.key })
      const answer = await api.post<ActAnswer>(`/acts/${ticket.act.id}/${step}`, body)
      hear(ticket.key, answer)
      if (!answer.ok) await look(ticket)
    },
    [api, hear, look],
  )

  const send = useCallback(
    async (ticket: Ticket, secrets: Secrets) => {
      if (!ticket.request) return null
      dispatch({ is: 'sent', key: ticket.key })
      const { path, body } = ticket.request
      const answer = await api.post<ActAnswer>(path, { ...body, ...secrets }, ticket.key)
      return hear(ticket.key, answer)
    },
    [api, hear],
  )

  useRounds(current, async (ticket, round) => {
    const question = questionOf(ticket, round)
    if (question === 'act') await look(ticket)
    if (question === 'again') await send(ticket, {})
    if (question === 'retry') await goOn(ticket, 'retry', {})
    if (question === 'approval' && ticket.approval) {
      const answer = await api.get<ApprovalView>(`/approvals/${ticket.approval.id}`)
      if (answer.ok) dispatch({ is: 'approval_seen', key: ticket.key, approval: answer.value })
    }
  })

  const leave = useCallback((key: string | null) => {
    const left = current.current.find((ticket) => ticket.key === key)
    if (left && isOver(phaseOf(left))) dispatch({ is: 'closed', key: left.key })
  }, [])

  return {
    all,
    leave,
    async begin({ kind, number, facts, path, body, secrets = {} }) {
      const key = randomKey()
      const ticket: Ticket = {
        ...{ key, kind, number, facts, request: { path, body } },
        secrets: Object.keys(secrets) as SecretField[],
        ...{ sending: true, lost: false, problem: null, act: null, approval: null },
      }
      dispatch({ is: 'opened', ticket })
      const problem = await send(ticket, secrets)
      // The form is still there, with what was typed: it says why, and a new request is a new act.
      if (problem) dispatch({ is: 'closed', key })
      return { key, problem }
    },
    sendAgain: async (ticket, secrets) => void (await send(ticket, secrets)),
    askBank: (ticket, secrets) => goOn(ticket, 'retry', secrets),
    enterCode: (ticket, code) => goOn(ticket, 'code', { code }),
    async withdraw(ticket) {
      if (!ticket.approval) return
      const answer = await api.post<ApprovalView>(`/approvals/${ticket.approval.id}/withdraw`)
      if (answer.ok) dispatch({ is: 'approval_seen', key: ticket.key, approval: answer.value })
    },
    adopt(act) {
      const known = current.current.find((ticket) => ticket.act?.id === act.id)
      if (known) return known.key
      const ticket: Ticket = {
        ...{
          key: act.id,
          kind: act.kind,
          number: act.msisdn,
          facts: [],
          request: null,
          secrets: [],
        },
        ...{ sending: false, lost: false, problem: null, act, approval: null },
      }
      dispatch({ is: 'opened', ticket })
      return ticket.key
    },
    close: (key) => dispatch({ is: 'closed', key }),
  }
}

function eventOf(key: string, answer: Answer<ActAnswer>): TicketEvent {
  if (answer.ok) return { is: 'answered', key, answer: answer.value }
  if (isLost(answer.problem)) return { is: 'lost', key }
  return { is: 'refused', key, problem: answer.problem }
}

/** One ticket's question at a time, so that a slow server is not asked more, but less. */
function useRounds(
  tickets: { current: Ticket[] },
  ask: (ticket: Ticket, round: number) => Promise<void>,
): void {
  const latest = useRef(ask)
  latest.current = ask
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout>
    let gone = false
    const go = async (round: number) => {
      for (const ticket of tickets.current) if (!gone) await latest.current(ticket, round)
      if (!gone) timer = setTimeout(go, roundMs, round + 1)
    }
    timer = setTimeout(go, roundMs, 0)
    return () => {
      gone = true
      clearTimeout(timer)
    }
  }, [tickets])
}
