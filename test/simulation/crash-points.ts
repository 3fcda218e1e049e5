/**
 * Every place at which a process can die, in every flow there is: one purchase a plan, one death before,
 * inside or after its n-th transaction, for every n there is. What is sent to the carrier or a merchant
 * lies between two transactions, so this covers those calls as well.
 */
import { type AppAct, isAppAct } from './app-plan.ts'
import { isPurseAct, type PurseAct } from './bank-plan.ts'
import type { Act, DatabaseFault, Item, Plan } from './plan.ts'
import { type Outcome, play } from './run.ts'
import type { Stage } from './stage.ts'

const card = { merchantId: '6021', product: '100' } as const
const books = { merchantId: '6022', amount: 5_50 } as const
const api = { kind: 'api', reply: 'yes', copies: 0, otherBody: false } as const

/** Each with everything that follows from it; a refund is of the purchase before it. */
export const flows: Readonly<Record<string, readonly Act[]>> = {
  by_text: [{ kind: 'text', what: card, reply: 'yes', copies: 0 }],
  by_text_no: [{ kind: 'text', what: books, reply: 'no', copies: 0 }],
  by_code: [{ ...api, what: books, consent: 'code', goods: 'delivered' }],
  direct_and_failed_delivery: [{ ...api, what: card, consent: 'none', goods: 'failed' }],
  confirmed: [{ kind: 'two_steps', what: card, end: 'confirm' }],
  cancelled: [{ kind: 'two_steps', what: card, end: 'cancel' }],
  on_a_page: [{ kind: 'page', what: card, end: 'yes' }],
  refunded: [
    { ...api, what: books, consent: 'reply', goods: 'silent' },
    { kind: 'refund', how: 'part' },
  ],
}

const atBank = { kind: 'movement', amount: 12_34, copies: 0 } as const
const atTill = {
  kind: 'scan',
  merchantId: '6022',
  isReadTwice: false,
  answer: 'yes',
  copies: 0,
} as const
const byCard = { kind: 'card_text', pin: 'right', copies: 0 } as const

type Acts = readonly (Act | PurseAct | AppAct)[]

/** With banks and billers behind each. */
export const bankFlows: Readonly<Record<string, Acts>> = {
  card_payment: [{ ...byCard, words: '6021 100' }],
  top_up: [{ ...atBank, move: 'top_up', isSameDay: false }],
  card_transfer: [
    {
      ...{ kind: 'card_transfer', bank: 'beichen', amount: 12_34 },
      ...{ isMisnamed: false, copies: 0 },
    },
  ],
  split: [
    {
      ...{ kind: 'split', isEqual: true, amount: 30_01, reactions: ['pay', 'decline'] },
      ...{ isReturned: true, copies: 0 },
    },
  ],
  packet: [{ kind: 'packet', isLucky: true, each: 3_00, count: 2, copies: 0 }],
  request: [{ kind: 'request', amount: 8_00, reaction: 'pay', isCancelled: false, copies: 0 }],
  withdrawal_today: [{ ...atBank, move: 'withdrawal', isSameDay: true }],
  withdrawal_tomorrow: [{ ...byCard, words: 'TX20' }],
  scan: [{ ...atTill, amount: 5_50, end: 'wait' }],
  scan_with_pin: [{ ...atTill, amount: 210_00, end: 'wait' }],
  scan_cancelled: [{ ...atTill, amount: 5_50, end: 'cancel_at_once' }],
  collect: [
    {
      ...{ kind: 'collect', amount: 6_60, also: 'nobody', answer: 'yes', isWithdrawn: false },
      copies: 0,
    },
  ],
  collect_with_pin: [
    {
      ...{ kind: 'collect', amount: 210_00, also: 'friend', answer: 'yes', isWithdrawn: false },
      copies: 1,
    },
  ],
  take_on: [{ kind: 'take_on', amount: 7_70, isReadTwice: true, copies: 0 }],
  bill: [{ kind: 'bill', biller: 'power', account: 1, amount: 0, isPaidTwice: false, copies: 0 }],
  repayment: [{ kind: 'repayment', amount: 20_00, copies: 0 }],
}

const deaths = ['crash_before', 'crash_inside', 'crash_after'] as const
const minute = 60_000
/** Of 10:00 in Shanghai; the day is closed and its charging file made while time runs on. */
const start = Date.UTC(2026, 8, 12, 2)

function planWith(acts: Acts, fault: DatabaseFault): Plan {
  const items: Item[] = acts.map((act, index) => ({
    ...{ index, line: 1, at: minute + index * 20 * minute },
    ...act,
  }))
  const banks = items.some((item) => isPurseAct(item) || isAppAct(item))
  items.push({ index: items.length, line: 0, at: minute - 1, kind: 'database', fault })
  return { seed: 1, hours: 1, start, zone: 'Asia/Shanghai', processes: 1, banks, items }
}

/** Dies at every `stride`-th transaction of a flow; answers how many deaths there were and what broke. */
export async function dieEverywhere(
  stage: Stage,
  acts: Acts,
  stride = 1,
): Promise<{ readonly deaths: number; readonly failed: readonly Outcome[] }> {
  const failed: Outcome[] = []
  let died = 0
  for (const kind of deaths)
    for (let skip = 0; ; skip += stride) {
      const outcome = await play(stage, planWith(acts, { kind, skip, statement: 2 }))
      if (outcome.offences.length > 0) failed.push(outcome)
      if (outcome.faults[kind] === undefined) break
      died += 1
    }
  return { deaths: died, failed }
}
