/**
 * Anything that can happen to the payments of two numbers, at random and in any order: sensible or
 * not, late, doubled, foreign. Made as data first (so that a failure can be made smaller), then turned
 * into commands with ids of their own.
 */
import fc from 'fast-check'
import { read } from '../../server/src/channels/sms/index.ts'
import { bucketOf } from '../../server/src/kernel/index.ts'
import type { Command } from '../../server/src/payments/command.ts'
import { type Payment, paidStates, type State } from '../../server/src/payments/index.ts'
import { newId, theCode } from '../lane.ts'

const merchants = ['1065800886021', '1065800886022', '1065800880001', '1065800880000']
const slots = ['900', '901', '902', '903']
const destinations = [
  ...merchants,
  ...merchants.slice(0, 3).flatMap((number) => slots.map((slot) => number + slot)),
  '1065800886021100',
  '10086',
]
const words = ['Y', 'y', '是', 'Y1', 'Y2', 'Y3', 'N', '100', '300', '0.5', '12.5', '30', '999']
const others = ['QX', 'TD', '0000', 'hello', '100#bob', '1', '0', '６', theCode, '123456']

const who = fc.nat({ max: 1 })
const which = fc.nat({ max: 30 })
const keys = fc.array(
  fc.record({
    key: fc.constantFrom('k1', 'k2', 'k3'),
    contentHash: fc.constantFrom('a', 'a', 'b'),
  }),
  { maxLength: 2 },
)
const attempt = fc.integer({ min: 1, max: 3 })

const order = fc.record({
  kind: fc.constant('order' as const),
  who,
  what: fc.constantFrom(
    { merchantId: '6021', what: { product: '100' } },
    { merchantId: '6021', what: { product: '300' } },
    { merchantId: '6021', what: { product: 'none' } },
    { merchantId: '6022', what: { amount: 20_00n } },
    { merchantId: '6022', what: { amount: 31_00n } },
    { merchantId: '9999', what: { amount: 1_00n } },
  ),
  channel: fc.constantFrom('web' as const, 'api' as const),
  consent: fc.constantFrom('reply' as const, 'code' as const, 'token' as const),
  flow: fc.constantFrom('charge' as const, 'charge' as const, 'reserve' as const),
  keys,
  /** What no database takes: the command can only fail, and alone. */
  poison: fc.integer({ min: 0, max: 15 }).map((n) => n === 0),
})
const text = fc.record({
  kind: fc.constant('text' as const),
  who,
  to: fc.constantFrom(...destinations),
  words: fc.oneof(fc.constantFrom(...words), fc.constantFrom(...words), fc.constantFrom(...others)),
  messageId: fc.option(fc.constantFrom('m1', 'm2', 'm3'), { freq: 8 }),
  lateMs: fc.constantFrom(0, 0, 0, 1_000, 40 * 60_000),
})
/** A card is one number's. */
const cardOf = (msisdn: string) => ({
  id: `card of ${msisdn}`,
  bank: 'jiangcheng',
  bankName: { zh: '江城银行', en: 'Jiangcheng Bank' },
  last4: '6215',
  single: 35_00n,
  day: 50_00n,
})
const orderByCard = fc.record({
  kind: fc.constant('order_by_card' as const),
  who,
  what: fc.constantFrom(
    { merchantId: '6021', what: { product: '100' } },
    { merchantId: '6022', what: { amount: 35_00n } },
    { merchantId: '6022', what: { amount: 36_00n } },
  ),
  channel: fc.constantFrom('sms' as const, 'api' as const),
  consent: fc.constantFrom('pin' as const, 'pin' as const, 'token' as const),
  keys,
})
/** The right PIN, for whichever payment; sometimes of another card, or of one that may pay less by now. */
const approve = fc.record({
  kind: fc.constant('approve' as const),
  which,
  card: fc.constantFrom({}, {}, {}, { single: 9_00n }, { id: 'another card' }),
})
/** A reply to whichever question the payment asked. */
const reply = fc.record({
  kind: fc.constant('reply' as const),
  which,
  words: fc.constantFrom('Y', 'Y', 'Y', 'N', theCode),
})
const validate = fc.record({
  kind: fc.constant('validate' as const),
  which,
  code: fc.constantFrom(theCode, theCode, '000000'),
})
const step = fc.record({
  kind: fc.constantFrom(
    'confirm' as const,
    'cancel' as const,
    'expire' as const,
    'remind' as const,
  ),
  which,
})
const delivery = fc.record({
  kind: fc.constant('delivery' as const),
  which,
  result: fc.constantFrom('delivered' as const, 'failed' as const, 'unknown' as const),
})
const answer = fc.record({
  kind: fc.constant('answer' as const),
  which,
  attempt,
  outcome: fc.constantFrom(
    { kind: 'committed' as const, carrierRef: 'B1' },
    { kind: 'committed' as const, carrierRef: 'B1' },
    { kind: 'reserved' as const },
    { kind: 'reserved' as const },
    { kind: 'refused' as const, reason: 'low_credit' as const },
    { kind: 'unknown' as const, detail: 'time-out' },
    { kind: 'unsent' as const, detail: 'refused' },
    { kind: 'reversed' as const },
    { kind: 'never_charged' as const },
  ),
})
const refund = fc.record({
  kind: fc.constant('refund' as const),
  which,
  /** Named by the payer's own number, or by the other one, which must not find it. */
  isOwn: fc.integer({ min: 0, max: 7 }).map((n) => n > 0),
  amount: fc.constantFrom(undefined, 3_00n, 10_00n, 0n),
  keys,
})
const refundAnswer = fc.record({
  kind: fc.constant('refund_answer' as const),
  which,
  attempt,
  outcome: fc.constantFrom(
    { kind: 'refunded' as const },
    { kind: 'refunded' as const },
    { kind: 'refused' as const },
    { kind: 'unknown' as const, detail: 'time-out' },
  ),
})

const happening = fc.oneof(
  { weight: 4, arbitrary: order },
  { weight: 2, arbitrary: orderByCard },
  { weight: 3, arbitrary: approve },
  { weight: 5, arbitrary: text },
  { weight: 6, arbitrary: reply },
  { weight: 2, arbitrary: validate },
  { weight: 3, arbitrary: step },
  { weight: 2, arbitrary: delivery },
  { weight: 7, arbitrary: answer },
  { weight: 3, arbitrary: refund },
  { weight: 3, arbitrary: refundAnswer },
)
type Happening = typeof happening extends fc.Arbitrary<infer Value> ? Value : never

const minute = 60_000
const hour = 60 * minute
const passed = fc.constantFrom(
  0,
  0,
  minute,
  minute,
  minute,
  minute,
  11 * minute,
  14 * hour,
  480 * hour,
)

/** Batches, and the time that passes before each. */
export const batches = fc.array(
  fc.record({
    passed,
    happenings: fc.array(happening, { minLength: 3, maxLength: 9, size: 'max' }),
  }),
  { minLength: 6, maxLength: 12, size: 'max' },
)

interface Known {
  readonly id: string
  readonly msisdn: string
}

const open: readonly State[] = ['awaiting_confirm', 'reserved']
const aims: Readonly<Record<string, readonly State[]>> = {
  reply: open,
  validate: open,
  approve: ['awaiting_confirm'],
  remind: open,
  expire: open,
  cancel: open,
  confirm: ['reserved'],
  answer: ['reserving', 'charging', 'charge_unknown', 'reversing'],
  delivery: ['delivering', 'delivery_unknown'],
  refund: paidStates,
}

/** Turns happenings into commands; remembers what they made, so that later ones can speak of it. */
export function createPlot(numbers: readonly [string, string], name: string) {
  const payments: Known[] = []
  const refunds: (Known & { readonly paymentId: string })[] = []
  let texts = 0
  const pick = <One>(all: readonly One[], n: number): One | undefined => all[n % all.length]
  /** Mostly one that the happening makes sense for, now and then any. */
  const aim = (known: readonly Payment[], one: { kind: string; which: number }) => {
    const fitting = known.filter(({ state }) => aims[one.kind]?.includes(state))
    return pick<Known>(one.which % 5 > 0 && fitting.length > 0 ? fitting : payments, one.which)
  }
  const keysOf = (
    kind: string,
    keys: readonly { readonly key: string; readonly contentHash: string }[],
  ) => ({ keys: keys.map((key) => ({ ...key, scope: `${kind}:${name}` })) })

  function textFrom(msisdn: string, to: string, said: string, at: number, id: string): Command {
    const paymentId = newId(msisdn)
    payments.push({ id: paymentId, msisdn })
    const bucket = bucketOf(msisdn)
    const message = { from: msisdn, to, reading: read(said), receivedAt: at }
    const messageId = `${name}-${id}`
    const from = { gateway: 'test', messageId, paymentId, bucket }
    return { kind: 'text', msisdn, text: { ...message, ...from } }
  }

  return {
    /** `known`: the payments of these numbers before the batch. */
    command(one: Happening, now: number, known: readonly Payment[]): Command | undefined {
      if (one.kind === 'order') {
        const msisdn = numbers[one.who] ?? numbers[0]
        const paymentId = newId(msisdn)
        payments.push({ id: paymentId, msisdn })
        const { channel, consent, flow } = one
        const content = { paymentId, msisdn, channel, consent, flow, ...one.what }
        const details = one.poison ? { details: { note: '\0' } } : {}
        return {
          kind: 'order',
          msisdn,
          order: { ...content, ...keysOf('order', one.keys), ...details },
        }
      }
      if (one.kind === 'order_by_card') {
        const msisdn = numbers[one.who] ?? numbers[0]
        const paymentId = newId(msisdn)
        payments.push({ id: paymentId, msisdn })
        const { channel, consent } = one
        const card = cardOf(msisdn)
        const content = { paymentId, msisdn, channel, consent, flow: 'charge', card } as const
        return {
          kind: 'order',
          msisdn,
          order: { ...content, ...one.what, ...keysOf('order', one.keys) },
        }
      }
      if (one.kind === 'text') {
        texts += 1
        const id = one.messageId ?? `t${texts}`
        return textFrom(numbers[one.who] ?? numbers[0], one.to, one.words, now - one.lateMs, id)
      }
      if (one.kind === 'refund_answer') {
        const asked = pick(refunds, one.which)
        if (!asked) return undefined
        const { id: refundId, msisdn, paymentId } = asked
        const { outcome, attempt } = one
        return { kind: 'refund_answered', msisdn, paymentId, refundId, outcome, attempt }
      }
      const payment = aim(known, one)
      if (!payment) return undefined
      const { id: paymentId, msisdn } = payment
      switch (one.kind) {
        case 'reply': {
          texts += 1
          const to = known.find((each) => each.id === paymentId)?.sender
          return to ? textFrom(msisdn, to, one.words, now, `t${texts}`) : undefined
        }
        case 'answer': {
          const { outcome, attempt } = one
          return { kind: 'carrier_answered', msisdn, paymentId, outcome, attempt }
        }
        case 'refund': {
          const caller = one.isOwn ? msisdn : (numbers.find((other) => other !== msisdn) ?? msisdn)
          const refundId = newId(caller)
          refunds.push({ id: refundId, msisdn, paymentId })
          const amount = one.amount === undefined ? {} : { amount: one.amount }
          const content = { refundId, paymentId, msisdn: caller, reason: 'test', ...amount }
          const placed = { ...content, ...keysOf('refund', one.keys) }
          return { kind: 'refund', msisdn: caller, paymentId, order: placed }
        }
        case 'approve':
          return { kind: 'approve', msisdn, paymentId, card: { ...cardOf(msisdn), ...one.card } }
        case 'validate':
          return { kind: 'validate', msisdn, paymentId, code: one.code }
        case 'delivery':
          return { kind: 'delivery', msisdn, paymentId, result: one.result }
        default:
          return { kind: one.kind, msisdn, paymentId }
      }
    },
  }
}
