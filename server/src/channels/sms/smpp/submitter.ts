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

interface Waiting {
  readonly parts: SubmitParts
  readonly since: number
  readonly settle: (outcome: SubmitOutcome) => void
}

export class Submitter {
  readonly #limits: SmppLimits
  readonly #pacer: Pacer
  readonly #session: () => Session | undefined
  readonly #waiting: Waiting[] = []
  #outstanding = 0
  #stopped = false
  #timer: NodeJS.Timeout | undefined
  #onIdle: (() => void) | undefined

  /** `session` gives the bound session that sends, when there is one. */
  constructor(limits: SmppLimits, pacer: Pacer, session: () => Session | undefined) {
    this.#limits = limits
    this.#pacer = pacer
    this.#session = session
  }

  get outstanding(): number {
    return this.#outstanding
  }

  get waiting(): number {
    return this.#waiting.length
  }

  submit(parts: SubmitParts): Promise<SubmitOutcome> {
    const unsent = (detail: string) => Promise.resolve<SubmitOutcome>({ outcome: 'unsent', detail })
    if (this.#stopped) return unsent('closing')
    if (!this.#session()) return unsent('not bound')
    if (this.#waiting.length >= this.#limits.waitingMax) return unsent('too many waiting')
    return new Promise((settle) => {
      this.#waiting.push({ parts, since: performance.now(), settle })
      this.pump()
    })
  }

  /** Hands back what waits, takes nothing more, and resolves when nothing is outstanding. */
  stop(): Promise<void> {
    this.#stopped = true
    clearTimeout(this.#timer)
    this.#handBack('closing')
    if (this.#outstanding === 0) return Promise.resolve()
    return new Promise((resolve) => {
      this.#onIdle = resolve
    })
  }

  /** Sends what may go now. Call it when the session came or went. */
  pump(): void {
    clearTimeout(this.#timer)
    const session = this.#session()
    if (!session) return this.#handBack('not bound')
    const { waitMs, window } = this.#limits
    for (let next = this.#waiting[0]; next; next = this.#waiting[0]) {
      const now = performance.now()
      const left = waitMs - (now - next.since)
      const delay = this.#pacer.delay(now)
      if (left <= 0) {
        this.#waiting.shift()
        next.settle({ outcome: 'unsent', detail: 'waited too long for the window' })
      } else if (this.#outstanding >= window || delay > 0) {
        // Look again when sending may go on, and no later than the first has waited long enough.
        this.#timer = setTimeout(() => this.pump(), delay > 0 ? Math.min(delay, left) : left)
        return
      } else {
        this.#waiting.shift()
        void this.#send(session, next)
      }
    }
  }

  async #send(session: Session, { parts, settle }: Waiting) {
    this.#outstanding += 1
    this.#pacer.onSent(performance.now())
    const outcome = outcomeOf(await session.request('submit_sm', parts, this.#limits.responseMs))
    this.#outstanding -= 1
    if (outcome.outcome === 'throttled') this.#pacer.onThrottled(performance.now())
    if (outcome.outcome === 'done') this.#pacer.onAccepted(performance.now())
    settle(outcome)
    if (this.#outstanding === 0) this.#onIdle?.()
    this.pump()
  }

  #handBack(detail: string) {
    for (const { settle } of this.#waiting.splice(0)) settle({ outcome: 'unsent', detail })
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
