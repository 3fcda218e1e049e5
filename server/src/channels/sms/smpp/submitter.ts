/**
 * Sends messages, at most a window of them outstanding, no faster than the pacer allows, and says of
 * each what is known. Waiting messages are handed back unsent rather than kept for long: whoever asked
 * has them in the database, and this queue dies with the process.
 */
import { commandStatus, type PduParts, statusName } from '@telepurse/sms'
import type { SmppLimits } from './options.ts'
import type { Pacer } from './pacer.ts'
import type { Answer, Session } from './session.ts'

/**
 * `done`: the centre took it; some centres give no id, then it is empty. `refused`: the centre said no.
 * `throttled`: it said not now; send again later. `unknown`: it may or may not have been taken.
 * `unsent`: not one octet left us; sending again is safe.
 */
export type SubmitOutcome =
  | { readonly outcome: 'done'; readonly messageId: string }
  | { readonly outcome: 'refused'; readonly status: number; readonly name: string }
  | { readonly outcome: 'throttled' }
  | { readonly outcome: 'unknown'; readonly detail: string }
  | { readonly outcome: 'unsent'; readonly detail: string }

export type SubmitParts = Omit<PduParts<'submit_sm'>, 'sequence'>

export interface Submitter {
  submit(parts: SubmitParts): Promise<SubmitOutcome>
  /** The session came or went: sends what waits, or hands it back. */
  onLinkChanged(): void
  outstanding(): number
  waiting(): number
  /** Hands back what waits, takes nothing more, and resolves when nothing is outstanding. */
  stop(): Promise<void>
}

interface Waiting {
  readonly parts: SubmitParts
  readonly since: number
  readonly settle: (outcome: SubmitOutcome) => void
}

export function createSubmitter(
  limits: SmppLimits,
  pacer: Pacer,
  session: () => Session | undefined,
): Submitter {
  const waiting: Waiting[] = []
  let outstanding = 0
  let stopped = false
  let timer: NodeJS.Timeout | undefined
  let onIdle: (() => void) | undefined

  const handBack = (detail: string) => {
    for (const { settle } of waiting.splice(0)) settle({ outcome: 'unsent', detail })
  }

  const send = async (to: Session, { parts, settle }: Waiting) => {
    outstanding += 1
    pacer.onSent(performance.now())
    const outcome = outcomeOf(await to.request('submit_sm', parts, limits.responseMs))
    outstanding -= 1
    if (outcome.outcome === 'throttled') pacer.onThrottled(performance.now())
    if (outcome.outcome === 'done') pacer.onAccepted(performance.now())
    settle(outcome)
    if (outstanding === 0) onIdle?.()
    pump()
  }

  const pump = () => {
    clearTimeout(timer)
    const to = session()
    if (!to) return handBack('not bound')
    for (;;) {
      const next = waiting[0]
      if (!next) return
      const now = performance.now()
      if (now - next.since >= limits.waitMs) {
        waiting.shift()
        next.settle({ outcome: 'unsent', detail: 'waited too long for the window' })
        continue
      }
      if (outstanding >= limits.window) return
      const delay = pacer.delay(now)
      if (delay > 0) {
        // Look again no later than the first in the queue has waited long enough.
        timer = setTimeout(pump, Math.min(delay, limits.waitMs - (now - next.since)))
        return
      }
      waiting.shift()
      void send(to, next)
    }
  }

  return {
    outstanding: () => outstanding,
    waiting: () => waiting.length,
    onLinkChanged: pump,
    submit(parts) {
      const unsent = (detail: string) =>
        Promise.resolve<SubmitOutcome>({ outcome: 'unsent', detail })
      if (stopped) return unsent('closing')
      if (!session()) return unsent('not bound')
      if (waiting.length >= limits.waitingMax) return unsent('too many waiting')
      return new Promise((settle) => {
        waiting.push({ parts, since: performance.now(), settle })
        pump()
      })
    },
    stop() {
      stopped = true
      clearTimeout(timer)
      handBack('closing')
      if (outstanding === 0) return Promise.resolve()
      return new Promise((resolve) => {
        onIdle = resolve
      })
    },
  }
}

function outcomeOf(answer: Answer): SubmitOutcome {
  if (answer.kind === 'unsent') return { outcome: 'unsent', detail: answer.detail }
  if (answer.kind === 'unanswered') return { outcome: 'unknown', detail: answer.detail }
  const { pdu } = answer
  if (pdu.command === 'submit_sm_resp' && pdu.status === commandStatus.ESME_ROK)
    return { outcome: 'done', messageId: pdu.body.message_id }
  // A generic_nack without an error says neither yes nor no.
  if (pdu.status === commandStatus.ESME_ROK)
    return { outcome: 'unknown', detail: `${pdu.command} without an error` }
  const busy =
    pdu.status === commandStatus.ESME_RTHROTTLED || pdu.status === commandStatus.ESME_RMSGQFUL
  if (busy) return { outcome: 'throttled' }
  return { outcome: 'refused', status: pdu.status, name: statusName(pdu.status) }
}
