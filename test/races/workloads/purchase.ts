/** Commands of the payments lane, and purchases that stand where a race wants them. */
import { read } from '../../../server/src/channels/sms/index.ts'
import { bucketOf } from '../../../server/src/kernel/index.ts'
import type { Command } from '../../../server/src/payments/command.ts'
import type { PlacedOrder } from '../../../server/src/payments/decide/new-payment.ts'
import type { Payment } from '../../../server/src/payments/index.ts'
import { newId } from '../../lane.ts'
import { type Stage, said } from '../stage.ts'

type Given = Partial<Omit<PlacedOrder, 'msisdn'>>

/** An order with the consent given: it charges at once, unless `given` says otherwise. */
export function orderOf(msisdn: string, given: Given = {}): Extract<Command, { kind: 'order' }> {
  const order: PlacedOrder = {
    paymentId: newId(msisdn),
    msisdn,
    merchantId: '6022',
    what: { amount: 30_00n },
    channel: 'api',
    consent: 'token',
    flow: 'charge',
    ...given,
  }
  return { kind: 'order', msisdn, order }
}

export const committed = (msisdn: string, paymentId: string): Command => ({
  kind: 'carrier_answered',
  msisdn,
  paymentId,
  outcome: { kind: 'committed', carrierRef: 'B1' },
  attempt: 1,
})

let texts = 0
/** A text from the handset to where the question came from; a new one unless `messageId` is given. */
export function textOf(
  payment: Payment,
  words: string,
  given: { readonly at: number; readonly messageId?: string },
): Command {
  texts += 1
  const { msisdn } = payment
  return {
    kind: 'text',
    msisdn,
    text: {
      from: msisdn,
      to: payment.sender ?? '',
      receivedAt: given.at,
      gateway: 'race',
      messageId: given.messageId ?? `race-${texts}`,
      paymentId: newId(msisdn),
      bucket: bucketOf(msisdn),
      reading: read(words),
    },
  }
}

/** Runs commands in one batch; throws when one is not accepted. */
export async function prepare(stage: Stage, ...commands: readonly Command[]): Promise<void> {
  for (const answer of await stage.lane(0).together(commands))
    if (said(answer) !== 'accepted') throw new Error(`not prepared: ${said(answer)}`)
}

/** A payment of two steps whose amount the carrier holds. */
export const atCarrier = (msisdn: string, paymentId: string): Command => ({
  kind: 'carrier_answered',
  msisdn,
  paymentId,
  outcome: { kind: 'reserved' },
  attempt: 1,
})

export interface Supplied {
  readonly given?: Given
  /** What has happened to each since it was ordered. */
  readonly after?: (msisdn: string, paymentId: string) => Command
  /** Further purchases of the same number, of the same kind. */
  readonly besides?: number
}

/** Payments that stand where a race wants them, each of a number of its own; made many at a time. */
export function supply(stage: Stage, { given, after, besides = 0 }: Supplied) {
  const stock: Payment[] = []
  return async (): Promise<Payment> => {
    if (stock.length === 0) {
      stage.clock.advance(3_600_000)
      const orders: ReturnType<typeof orderOf>[] = []
      for (let n = 0; n < stage.callers; n += 1)
        orders.push(orderOf(await stage.newNumber(), given))
      const more = orders.flatMap(({ msisdn }) =>
        Array.from({ length: besides }, () => orderOf(msisdn, given)),
      )
      const all = [...orders, ...more]
      await prepare(stage, ...all)
      if (after)
        await prepare(stage, ...all.map(({ msisdn, order }) => after(msisdn, order.paymentId)))
      stock.push(...(await Promise.all(orders.map(({ order }) => stateOf(stage, order.paymentId)))))
    }
    const payment = stock.pop()
    if (!payment) throw new Error('nothing was supplied')
    return payment
  }
}

export async function stateOf(stage: Stage, paymentId: string): Promise<Payment> {
  const payment = await stage.left.payments.get(paymentId)
  if (!payment) throw new Error(`payment ${paymentId} is not there`)
  return payment
}

/** How many are of each word. */
export function tally(words: readonly string[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>()
  for (const word of words) counts.set(word, (counts.get(word) ?? 0) + 1)
  return counts
}

/** Complains of answers that nobody may hear in this race. */
export function expectOnly(stage: Stage, heard: readonly string[], allowed: readonly string[]) {
  for (const word of new Set(heard))
    if (!allowed.includes(word)) stage.complain(`a caller heard "${word}"`)
}
