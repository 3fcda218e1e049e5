/**
 * The link to a short message service centre: bound whenever it can be, sending within its window,
 * delivering what comes, and telling the truth about both. It keeps nothing over a restart; the
 * channel above has every message in the database before it comes here and after it leaves.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import { commandStatus, createPdu, createResponse, type Pdu } from '@telepurse/sms'
import { type BindPhase, createBoundSession } from './bound-session.ts'
import { createDeliverer, type SmppLinkHandlers } from './deliverer.ts'
import { type OutgoingMessage, submitsOf } from './messages.ts'
import { defaultLimits, type SmppLinkOptions, type SmppLog } from './options.ts'
import { createPacer } from './pacer.ts'
import type { Session } from './session.ts'
import { createSubmitter, type SubmitOutcome } from './submitter.ts'

/** For /health and /metrics. */
export interface SmppLinkState {
  readonly bound: boolean
  readonly phase: BindPhase | 'closing'
  /** When `bound` last changed: our clock, in milliseconds. */
  readonly since: number
  readonly outstanding: number
  readonly waiting: number
  readonly delivering: number
  /** Set while the centre asks for less. */
  readonly throttled: boolean
  readonly lastError?: { readonly at: number; readonly detail: string }
}

/** What became of each part of a message that was sent, in order; parts after a failure were not sent. */
export interface SubmitResult {
  /** `done` only when every part was taken; then `messageId` is the last part's. */
  readonly outcome: SubmitOutcome
  /** Ids of the parts that were taken, in order. */
  readonly messageIds: readonly string[]
  readonly parts: number
}

export interface SmppLink {
  /** Begins to connect, and never stops trying. */
  start(): void
  /** Resolves when bound; rejects when the link is closed. */
  whenBound(): Promise<void>
  /** Sends a message of one part, or a long one part after part. Never rejects. */
  submit(message: OutgoingMessage): Promise<SubmitOutcome>
  /** The same, with the id of every part. */
  submitParts(message: OutgoingMessage): Promise<SubmitResult>
  state(): SmppLinkState
  /** Takes no more, drains the window for at most `drainMs`, unbinds. */
  close(): Promise<void>
}

const silent: SmppLog = () => {}

/** Makes a link; `start` brings it up. Throws RangeError for settings SMPP cannot carry. */
export function createSmppLink(options: SmppLinkOptions, handlers: SmppLinkHandlers): SmppLink {
  const limits = { ...defaultLimits, ...options.limits }
  const log = options.log ?? silent
  const { clock } = options
  checkSettings(options)
  const pacer = createPacer(limits.perSecondMax)
  const deliverer = createDeliverer(limits, clock, log, handlers)
  const commands =
    options.bind === 'pair'
      ? (['bind_transmitter', 'bind_receiver'] as const)
      : (['bind_transceiver'] as const)
  let closing = false
  let wasBound = false
  let since = clock.now()
  let lastError: SmppLinkState['lastError']
  const waiters = new Set<{ resolve: () => void; reject: (error: Error) => void }>()

  const allBound = () => sessions.every((it) => it.current())
  const onChange = () => {
    if (allBound() !== wasBound) {
      wasBound = !wasBound
      since = clock.now()
    }
    submitter.onLinkChanged()
    if (!wasBound) return
    for (const { resolve } of waiters) resolve()
    waiters.clear()
  }
  const sessions = commands.map((command) =>
    createBoundSession(command, options, limits, log, {
      onRequest: (session, pdu) => onRequest(session, pdu),
      onBound: onChange,
      onLost(detail) {
        lastError = { at: clock.now(), detail }
        onChange()
      },
    }),
  )
  // The first of a pair is the transmitter.
  const submitter = createSubmitter(limits, pacer, () => sessions[0]?.current())

  const onRequest = (session: Session, pdu: Pdu) => {
    if (pdu.command === 'deliver_sm' || pdu.command === 'data_sm')
      return deliverer.take(session, pdu)
    if (pdu.command === 'unbind') {
      session.send(createResponse(pdu) as Pdu)
      return session.destroy('unbound by the peer')
    }
    // §4.12 and §2.2.1: these two are notices, and have no response.
    if (pdu.command === 'alert_notification' || pdu.command === 'outbind') return
    const { sequence } = pdu
    session.send(createPdu('generic_nack', { sequence, status: commandStatus.ESME_RINVCMDID }))
  }

  const submitParts = async (message: OutgoingMessage): Promise<SubmitResult> => {
    const split = submitsOf(message)
    const parts = split.ok ? split.value : []
    const messageIds: string[] = []
    let outcome: SubmitOutcome = { outcome: 'unsent', detail: 'too many segments' }
    for (const part of parts) {
      outcome = fits(message) ? await submitter.submit(part) : unfit
      if (outcome.outcome !== 'done') break
      messageIds.push(outcome.messageId)
    }
    return { outcome: ofAll(outcome, messageIds.length), messageIds, parts: parts.length }
  }

  return {
    submitParts,
    submit: async (message) => (await submitParts(message)).outcome,
    start() {
      if (closing) return
      for (const session of sessions) session.start()
    },
    whenBound() {
      if (allBound()) return Promise.resolve()
      if (closing) return Promise.reject(new Error('the link is closed'))
      return new Promise((resolve, reject) => waiters.add({ resolve, reject }))
    },
    state: () => ({
      bound: allBound(),
      phase: closing
        ? 'closing'
        : ((sessions.find((it) => !it.current()) ?? sessions[0])?.phase() ?? 'stopped'),
      since,
      outstanding: submitter.outstanding(),
      waiting: submitter.waiting(),
      delivering: deliverer.delivering(),
      throttled: pacer.heldUntil() > performance.now(),
      ...(lastError && { lastError }),
    }),
    async close() {
      closing = true
      for (const { reject } of waiters) reject(new Error('the link is closed'))
      waiters.clear()
      const drained = Promise.all([submitter.stop(), deliverer.stop()])
      await Promise.race([drained, sleep(limits.drainMs, undefined, { ref: false })])
      await Promise.all(sessions.map((it) => it.stop()))
      onChange()
    },
  }
}

const unfit: SubmitOutcome = { outcome: 'unsent', detail: 'an address is not 1 to 20 characters' }
const fits = ({ source, destination }: OutgoingMessage) =>
  [source, destination].every(({ number }) => /^[\x20-\x7e]{1,20}$/.test(number))

/**
 * A long message of which some parts were taken and one was not is neither sent nor unsent: the
 * handset may show nothing, or show it when the rest is sent again with the same reference.
 */
function ofAll(last: SubmitOutcome, taken: number): SubmitOutcome {
  if (last.outcome === 'done' || taken === 0) return last
  return { outcome: 'unknown', detail: `${taken} parts taken, then ${last.outcome}` }
}

function checkSettings({
  systemId,
  password,
  systemType = '',
  addressRange = '',
}: SmppLinkOptions) {
  const tooLong = (text: string, max: number) => text.length > max || /[^\x20-\x7e]/.test(text)
  if (tooLong(systemId, 15)) throw new RangeError('system id: at most 15 ASCII characters')
  if (tooLong(password.reveal(), 32)) throw new RangeError('password: at most 32 ASCII characters')
  if (tooLong(systemType, 12)) throw new RangeError('system type: at most 12 ASCII characters')
  if (tooLong(addressRange, 40)) throw new RangeError('address range: at most 40 ASCII characters')
}
