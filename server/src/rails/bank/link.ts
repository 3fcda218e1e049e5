/**
 * The link to one bank: one or more sessions kept ready, and the reasons not to send. Everything that stops a
 * request before it is written is `unsent`: the bank is closed, it is being let be, nothing is signed on, the
 * queue is full. Once written it is answered or unknown.
 *
 * It also repairs: a bank that says our session or keys are out of step is signed on to again.
 */
import { connect as connectTcp } from 'node:net'
import type { Duplex } from 'node:stream'
import { type Message, type MessageSpec, type OutgoingMessage, textOf } from '@telepurse/iso8583'
import type { BankTotals, Exchange } from '../../bank-cards/index.ts'
import { type BusinessTime, createBusinessTime } from '../../kernel/index.ts'
import { type Breaker, type BreakerState, createBreaker } from './breaker.ts'
import type { BankConfig } from './config.ts'
import { opensAt } from './hours.ts'
import { Keeper, type KeeperPhase } from './keeper.ts'
import { lateAnswerOf } from './late.ts'
import type { MacRing } from './mac-ring.ts'
import { answerTo, managementRequest } from './management.ts'
import type { BankLog, BankOptions } from './options.ts'
import { ruleOf } from './response-codes.ts'
import { noAnswer, type Reply, underWay } from './session.ts'
import { createStanGuard, type StanSource } from './stan.ts'
import { machineTiming, type Timing } from './timing.ts'
import { exchangeOf } from './wire.ts'
import type { KeyUse } from './zone-keys.ts'

export type LinkReply =
  | { readonly kind: 'answer'; readonly message: Message }
  | { readonly kind: 'unanswered'; readonly detail: string; readonly alarm?: true }
  | LinkUnsent

export interface LinkUnsent {
  readonly kind: 'unsent'
  readonly detail: string
  readonly opensAt?: number
}

export interface LinkState {
  /** Whether a request would be sent at this moment. */
  readonly open: boolean
  readonly connections: readonly {
    readonly phase: KeeperPhase
    readonly outstanding: number
    readonly waiting: number
    readonly lastError?: string
  }[]
  readonly breaker: BreakerState
  /** When the bank takes requests again: closed hours, or the breaker's trial. */
  readonly opensAt?: number
}

interface LinkParts {
  readonly options: BankOptions
  readonly spec: MessageSpec
  readonly ring: MacRing
}

interface Waiter {
  resolve(): void
  reject(error: Error): void
}

const closedMessage = 'the link is closed'

export class BankLink {
  readonly #options: BankOptions
  readonly #time: BusinessTime
  readonly #timing: Timing
  readonly #log: BankLog
  readonly #breaker: Breaker
  readonly #guard = createStanGuard()
  readonly #keepers: readonly Keeper[]
  readonly #lost = new WeakMap<Keeper, number>()
  readonly #waiters = new Set<Waiter>()
  #cancelTrial: () => void = () => {}
  #closed = false

  constructor({ options, spec, ring }: LinkParts) {
    const { config, clock, timing = machineTiming, log = () => {} } = options
    this.#options = options
    this.#timing = timing
    this.#log = log
    this.#time = createBusinessTime(config.zone)
    this.#breaker = createBreaker(config.breaker)
    const settings = {
      ...{ spec, ring, timing, log, clock, limits: config.connection },
      trace: options.trace,
      handlers: options.handlers,
      chance: () => (options.random(1)[0] ?? 0) / 256,
      management: (fields: Readonly<Record<number, string>>) =>
        managementRequest(config, this.#beginWith(options.linkStans ?? options.stans), fields),
      answerTo: (request: Message, code: string) => answerTo(config, request, code),
      keyUses: keyGroups(config),
      connect: () => this.#connect(),
    }
    this.#keepers = Array.from({ length: config.connection.connections }, () => {
      return new Keeper(settings, {
        onChange: () => this.#onChange(),
        onLate: (message) => this.#onLate(message),
      })
    })
  }

  start(): void {
    for (const keeper of this.#keepers) keeper.start()
  }

  /** Resolves when a session is ready; rejects when the link is closed. */
  whenReady(): Promise<void> {
    if (this.#keepers.some(({ phase }) => phase === 'ready')) return Promise.resolve()
    if (this.#closed) return Promise.reject(new Error(closedMessage))
    return new Promise((resolve, reject) => this.#waiters.add({ resolve, reject }))
  }

  /** An exchange of this moment. */
  begin(): Exchange {
    return this.#beginWith(this.#options.stans)
  }

  #beginWith(stans: StanSource): Exchange {
    const { config, clock } = this.#options
    const local = this.#time.localOf(clock.now())
    return {
      stan: stans.nextStan(),
      transmittedAt: local.slice(5).replace(/[-T:]/g, ''),
      acquirer: config.acquirer,
      forwarder: config.forwarder,
    }
  }

  /** `resend`: the exchange may have been sent before, as a reversal is. Never rejects. */
  async request(message: OutgoingMessage, { resend }: { resend: boolean }): Promise<LinkReply> {
    const closed = this.#unsentNow()
    if (closed) return closed
    const keeper = this.#chosen()
    if (!keeper) return unsent('not_signed_on')
    const leave = await keeper.gate.enter(this.#options.config.connection.waitMs)
    if (typeof leave === 'string') return unsent(leave)
    try {
      return this.#unsentNow() ?? (await this.#send(keeper, message, resend))
    } finally {
      leave()
    }
  }

  /** Asks for the totals of a day that ended, MMDD. */
  async totals(day: string): Promise<BankTotals | undefined> {
    return this.#chosen()?.totals(day)
  }

  state(): LinkState {
    const until = this.#opensAt()
    const connections = this.#keepers.map(({ phase, outstanding, gate, lastError }) => ({
      ...{ phase, outstanding, waiting: gate.waiting },
      ...(lastError !== undefined && { lastError }),
    }))
    return {
      open: !this.#unsentNow() && connections.some(({ phase }) => phase === 'ready'),
      connections,
      breaker: this.#breaker.state,
      ...(typeof until === 'number' && { opensAt: until }),
    }
  }

  /** Takes no more, waits for what is under way, closes. */
  async close(): Promise<void> {
    this.#closed = true
    this.#cancelTrial()
    for (const { reject } of this.#waiters) reject(new Error(closedMessage))
    this.#waiters.clear()
    const { drainMs } = this.#options.config.connection
    const stepMs = Math.max(1, Math.floor(drainMs / 50))
    for (let left = drainMs; left > 0 && this.#outstanding() > 0; left -= stepMs)
      await new Promise<void>((resolve) => this.#timing.after(stepMs, resolve))
    for (const keeper of this.#keepers) keeper.stop()
  }

  #outstanding(): number {
    return this.#keepers.reduce((sum, { outstanding }) => sum + outstanding, 0)
  }

  /** Without an await between the look at the guard and the write, so that no exchange slips in twice. */
  async #send(keeper: Keeper, message: OutgoingMessage, resend: boolean): Promise<LinkReply> {
    const exchange = exchangeOf(message)
    const known = this.#guard.check(exchange)
    if (known === 'reused') {
      this.#log('error', 'bank_stan_reused', { bank: this.#name, stan: exchange.stan })
      return unsent('stan_reused')
    }
    if (known === 'same' && !resend) return { kind: 'unanswered', detail: 'sent_before' }
    const unmark = this.#guard.mark(exchange)
    const { sessions } = keeper
    const reply = await keeper.request(message)
    if (reply.kind === 'unsent') {
      unmark()
      return unsent(reply.detail)
    }
    this.#learn(reply, keeper, sessions)
    return reply
  }

  #learn(reply: Exclude<Reply, { kind: 'unsent' }>, keeper: Keeper, sessions: number) {
    const code = reply.kind === 'answer' ? textOf(reply.message, 39) : undefined
    const rule = code === undefined ? undefined : ruleOf(code)
    if (rule?.class === 'S') keeper.repair(rule.reason === 'keys_out_of_step')
    if (rule && rule.class !== 'S') return this.#breaker.onAnswer()
    if (reply.kind === 'unanswered' && reply.detail === underWay) return
    // A whole window that is lost with its connection is one trouble.
    if (reply.kind === 'unanswered' && reply.detail !== noAnswer) {
      if (this.#lost.get(keeper) === sessions) return
      this.#lost.set(keeper, sessions)
    }
    if (this.#breaker.onTrouble(this.#options.clock.now())) this.#awaitTrial()
  }

  /** Why nothing is to be sent at this moment. */
  #unsentNow(): LinkUnsent | undefined {
    if (this.#closed) return unsent('closing')
    const { config, clock } = this.#options
    const opens = opensAt(config.hours, this.#time, clock.now())
    if (opens !== undefined) return unsent('outside_hours', opens)
    if (this.#breaker.state !== 'closed') return unsent('breaker_open', this.#breaker.trialAt)
    return undefined
  }

  #opensAt(): number | undefined {
    return this.#unsentNow()?.opensAt
  }

  #chosen(): Keeper | undefined {
    const load = ({ gate }: Keeper) => gate.inside + gate.waiting
    return this.#keepers
      .filter(({ phase }) => phase === 'ready')
      .reduce<Keeper | undefined>(
        (best, it) => (best && load(best) <= load(it) ? best : it),
        undefined,
      )
  }

  #awaitTrial() {
    const { clock } = this.#options
    const { trialAt } = this.#breaker
    this.#log('warn', 'bank_breaker_open', { bank: this.#name })
    this.#cancelTrial = this.#timing.after((trialAt ?? 0) - clock.now(), async () => {
      this.#breaker.beginTrial()
      const ready = this.#keepers.find(({ phase }) => phase === 'ready')
      const good = ready !== undefined && (await ready.echo())
      this.#breaker.onTrial(good, clock.now())
      if (this.#closed) return
      if (good) this.#log('info', 'bank_breaker_closed', { bank: this.#name })
      else this.#awaitTrial()
    })
  }

  #onChange() {
    if (!this.#keepers.some(({ phase }) => phase === 'ready')) return
    for (const { resolve } of this.#waiters) resolve()
    this.#waiters.clear()
  }

  /** Comes out of the reading of a connection, which a mistake in there may not end. */
  #onLate(message: Message) {
    try {
      this.#options.handlers.onLate(lateAnswerOf(message))
    } catch {
      this.#log('error', 'bank_late_failed', { bank: this.#name, mti: message.mti })
    }
  }

  #connect(): Duplex {
    const { host, port } = this.#options.config.connection
    if (this.#options.connect) return this.#options.connect(host, port)
    return connectTcp({ host, port, noDelay: true })
  }

  get #name(): string {
    return this.#options.config.name
  }
}

/** A bank that keeps the PIN gets one under a key of its own. */
function keyGroups({ pin, messages }: BankConfig): readonly (readonly KeyUse[])[] {
  if (pin.keptBy === 'wallet') return [['mac']]
  return messages.keys === 'both' ? [['mac', 'pin']] : [['mac'], ['pin']]
}

const unsent = (detail: string, opens?: number | null): LinkUnsent => ({
  ...{ kind: 'unsent', detail },
  ...(typeof opens === 'number' && { opensAt: opens }),
})
