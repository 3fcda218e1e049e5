/**
 * What happens in a simulated day, as data: purchases, refunds and misfortunes with their times. A plan
 * follows from its seed, and each of its items has dice of its own, so that a failing plan can be made
 * smaller by leaving items out.
 */
import type { Fault } from '../../simulators/src/boss/fault.ts'
import {
  type AppAct,
  appItems,
  type BillerMisfortune,
  collectItems,
  isAppAct,
  takeOnItems,
} from './app-plan.ts'
import {
  type BankMisfortune,
  bankItems,
  cardTransferItems,
  isPurseAct,
  type PurseAct,
} from './bank-plan.ts'
import { createDice, type Dice } from './dice.ts'
import { sharingItems } from './sharing-plan.ts'

export interface DatabaseFault {
  readonly kind:
    | 'deadlock'
    | 'serialization'
    | 'lock_timeout'
    | 'statement_failed'
    | 'connection_lost'
    | 'commit_unheard'
    | 'commit_undone'
    | 'crash_before'
    | 'crash_inside'
    | 'crash_after'
    | 'away'
  /** Transactions that pass before it strikes. */
  readonly skip?: number
  /** Which statement of the transaction it strikes. */
  readonly statement?: number
  readonly lastMs?: number
}
export interface CentreFault {
  readonly kind:
    | 'link_down'
    | 'throttled'
    | 'response_late'
    | 'response_lost'
    | 'receipt_early'
    | 'receipt_twice'
    | 'receipt_unknown'
    | 'ack_lost'
  readonly count: number
  readonly lastMs: number
}
export interface EndpointFault {
  readonly kind:
    | 'endpoint_fails'
    | 'endpoint_hangs'
    | 'endpoint_redirects'
    | 'endpoint_dead'
    | 'endpoint_answer_lost'
  readonly lastMs: number
}

export type Reply = 'yes' | 'no' | 'none' | 'yes_yes' | 'yes_no' | 'no_yes' | 'late_yes' | 'words'
export type What =
  | { readonly merchantId: '6021'; readonly product: '100' | '300' }
  | { readonly merchantId: '6022'; readonly amount: number }

export type Act =
  | { readonly kind: 'text'; readonly what: What; readonly reply: Reply; readonly copies: number }
  | {
      readonly kind: 'api'
      readonly what: What
      readonly consent: 'none' | 'reply' | 'code'
      readonly reply: Reply
      readonly copies: number
      readonly otherBody: boolean
      readonly goods: 'delivered' | 'failed' | 'silent'
    }
  | {
      readonly kind: 'two_steps'
      readonly what: What
      readonly end: 'confirm' | 'cancel' | 'both' | 'twice' | 'none'
    }
  | {
      readonly kind: 'page'
      readonly what: What
      readonly end: Reply | 'page_cancels' | 'yes_and_page_cancels'
    }
  | {
      readonly kind: 'refund'
      readonly how: 'all' | 'part' | 'two_at_once' | 'too_much' | 'same_twice' | 'other_body'
    }

export type Misfortune =
  | { readonly kind: 'carrier'; readonly fault: Fault; readonly lastMs: number }
  | { readonly kind: 'centre'; readonly fault: CentreFault }
  | { readonly kind: 'endpoint'; readonly fault: EndpointFault }
  | { readonly kind: 'database'; readonly fault: DatabaseFault }
  | { readonly kind: 'clock'; readonly byMs: number }
  | { readonly kind: 'line'; readonly status: 'active' | 'suspended'; readonly balance: number }

export type Item = {
  readonly index: number
  /** After the start, in ms. */
  readonly at: number
  /** Whose handset, an index into the numbers. */
  readonly line: number
} & (Act | Misfortune | PurseAct | BankMisfortune | AppAct | BillerMisfortune)

export interface Plan {
  readonly seed: number
  readonly hours: number
  /** Milliseconds since 1970 UTC. */
  readonly start: number
  readonly zone: string
  /** Processes of the deployment on one database. */
  readonly processes: number
  /** Whether there are wallets, cards and banks. */
  readonly banks: boolean
  readonly items: readonly Item[]
}

const second = 1_000
const minute = 60 * second
const hour = 60 * minute
const acts = new Set(['text', 'api', 'two_steps', 'page', 'refund'])
export const isAct = (item: Item): item is Item & (Act | PurseAct | AppAct) =>
  acts.has(item.kind) || isPurseAct(item) || isAppAct(item)

/** Ordinary days, the edges of months and years, and days of 23 and 25 hours. */
const starts: readonly (readonly [zone: string, at: string])[] = [
  ['Asia/Shanghai', '2026-09-12T02:00:00Z'],
  ['Asia/Shanghai', '2026-10-31T03:00:00Z'],
  ['Asia/Shanghai', '2026-12-31T01:00:00Z'],
  ['Asia/Shanghai', '2028-02-28T10:00:00Z'],
  ['Europe/London', '2026-03-28T12:00:00Z'],
  ['Europe/London', '2026-10-24T12:00:00Z'],
  ['America/New_York', '2026-10-31T18:00:00Z'],
  ['America/New_York', '2027-03-13T18:00:00Z'],
]

export const numbers: readonly string[] = Array.from(
  { length: 8 },
  (_, i) => `+8613800${String(40_001 + i * 7).padStart(6, '0')}`,
)

export interface PlanOptions {
  readonly faults?: boolean
  readonly isRough?: boolean
  readonly banks?: boolean
}

export function planOf(seed: number, hours: number, options: PlanOptions = {}): Plan {
  const dice = createDice('plan', seed)
  const [zone, at] = dice.pick(starts)
  const length = hours * hour
  const items: Item[] = []
  const add = (made: Act | Misfortune) =>
    items.push({
      index: items.length,
      at: dice.between(0, length),
      line: dice.between(0, numbers.length - 1),
      ...made,
    })
  for (let n = 0; n < hours * 1.1; n += 1) add(actOf(dice))
  const processes = dice.chance(0.3) ? 2 : 1
  const perHour = options.isRough ? 2 : 0.7
  if (options.faults !== false) for (let n = 0; n < hours * perHour; n += 1) add(misfortuneOf(dice))
  const { banks = false } = options
  const more = banks
    ? [
        ...bankItems(createDice('banks', seed), hours, options),
        ...appItems(createDice('app', seed), hours, options),
        ...cardTransferItems(createDice('card transfers', seed), hours),
        ...sharingItems(createDice('sharing', seed), hours),
        ...takeOnItems(createDice('take on', seed), hours),
        ...collectItems(createDice('collect', seed), hours),
      ]
    : []
  items.push(...more.map((item, n) => ({ ...item, index: items.length + n })))
  return { seed, hours, start: Date.parse(at), zone, processes, banks, items: items.map(steadied) }

  /** Days of a bank are told apart by our clock: where there are banks it is never half a day off. */
  function steadied(item: Item): Item {
    if (!banks || item.kind !== 'clock' || Math.abs(item.byMs) <= hour) return item
    return { ...item, byMs: Math.sign(item.byMs) * hour }
  }
}

const replies: readonly Reply[] = [
  ...(['yes', 'yes', 'yes', 'yes', 'yes', 'yes', 'yes_yes'] as const),
  ...(['no', 'none', 'yes_no', 'no_yes', 'late_yes', 'words'] as const),
]

function whatOf(dice: Dice): What {
  return dice.chance(0.6)
    ? { merchantId: '6021', product: dice.chance(0.8) ? '100' : '300' }
    : { merchantId: '6022', amount: dice.between(1, 120) * 10 }
}

function actOf(dice: Dice): Act {
  const what = whatOf(dice)
  const reply = dice.pick(replies)
  const roll = dice.next()
  if (roll < 0.3)
    return { kind: 'text', what, reply, copies: dice.chance(0.25) ? dice.between(1, 6) : 0 }
  if (roll < 0.55) {
    const isDirect = what.merchantId === '6021'
    return {
      ...{ kind: 'api', what, reply },
      consent: isDirect && dice.chance(0.5) ? 'none' : dice.pick(['reply', 'code'] as const),
      copies: dice.chance(0.4) ? dice.between(1, 4) : 0,
      otherBody: dice.chance(0.2),
      goods: dice.pick(['delivered', 'failed', 'silent', 'silent'] as const),
    }
  }
  if (roll < 0.68)
    return {
      ...{ kind: 'two_steps', what },
      end: dice.pick(['confirm', 'confirm', 'cancel', 'both', 'twice', 'none'] as const),
    }
  if (roll < 0.8)
    return {
      ...{ kind: 'page', what },
      end: dice.chance(0.3) ? dice.pick(['page_cancels', 'yes_and_page_cancels'] as const) : reply,
    }
  const how = dice.pick([
    ...(['all', 'part', 'two_at_once', 'too_much', 'same_twice', 'other_body'] as const),
  ])
  return { kind: 'refund', how }
}

const verbs = [
  'line',
  'charge',
  'charge',
  'reserve',
  'commit',
  'release',
  'reverse',
  'query',
  'refund',
] as const

function misfortuneOf(dice: Dice): Misfortune {
  const roll = dice.next()
  if (roll < 0.4) return carrierFault(dice)
  if (roll < 0.55) {
    const kind = dice.pick([
      ...(['link_down', 'throttled', 'response_late', 'response_lost'] as const),
      ...(['receipt_early', 'receipt_twice', 'receipt_unknown', 'ack_lost'] as const),
    ])
    const lastMs = dice.between(1, 90) * minute
    return { kind: 'centre', fault: { kind, count: dice.between(1, 28), lastMs } }
  }
  if (roll < 0.65) {
    const kind = dice.pick([
      ...(['endpoint_fails', 'endpoint_hangs', 'endpoint_redirects'] as const),
      ...(['endpoint_dead', 'endpoint_answer_lost'] as const),
    ])
    const lastMs = dice.chance(0.1) ? 26 * hour : dice.between(1, 240) * minute
    return { kind: 'endpoint', fault: { kind, lastMs } }
  }
  if (roll < 0.9) {
    const kind = dice.pick([
      ...(['deadlock', 'serialization', 'lock_timeout', 'statement_failed'] as const),
      ...(['connection_lost', 'commit_unheard', 'commit_undone', 'away'] as const),
      ...(['crash_before', 'crash_inside', 'crash_after'] as const),
    ])
    const placed = { skip: dice.between(0, 12), statement: dice.between(1, 12) }
    return { kind: 'database', fault: { kind, ...placed, lastMs: dice.between(1, 120) * second } }
  }
  if (roll < 0.95) return { kind: 'clock', byMs: dice.pick(jumps) }
  return {
    kind: 'line',
    status: dice.chance(0.3) ? 'suspended' : 'active',
    balance: dice.chance(0.5) ? dice.between(0, 20_00) : 500_00,
  }
}

const jumps = [-10 * minute, 10 * minute, -hour, hour, -26 * hour, 26 * hour, -1, 49 * hour]

function carrierFault(dice: Dice): Misfortune {
  const kind = dice.pick([
    ...(['lost_request', 'lost_answer', 'answers_late', 'works_late', 'works_late'] as const),
    ...(['answers_twice', 'commits_and_drops_link', 'drops_link', 'http_500'] as const),
    ...(['http_500_after', 'garbled_answer', 'foreign_answer', 'refuse', 'away'] as const),
  ])
  const lasts = dice.chance(0.15) ? dice.between(1, 6) * hour : dice.between(1, 60) * minute
  const fault: Fault = {
    kind,
    ...(dice.chance(0.7) && { verb: dice.pick(verbs) }),
    ...(dice.chance(0.5) ? { count: dice.between(1, 5) } : { percent: dice.between(20, 100) }),
    lateMs: dice.chance(0.3) ? dice.between(1, 50) * minute : dice.between(3, 30) * second,
  }
  return { kind: 'carrier', fault, lastMs: lasts }
}
