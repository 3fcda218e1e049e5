/**
 * A life for a database: purchases in the states there are, refunds in each of theirs, a closed day, used
 * limits and numbers. What is left open is left open, so that a later version finds it so.
 */
import { closeDay } from '../../server/src/settlement/index.ts'
import { introduceLine } from '../lane.ts'
import type { World } from '../world.ts'

const minute = 60_000
const hour = 60 * minute

type Order = Parameters<World['payments']['order']>[0]

export const numberOfLife = (n: number): string => `+8613699${String(n).padStart(6, '0')}`

export async function live(world: World): Promise<void> {
  await firstDay(world)
  world.clock.advance(24 * hour)
  const { db, clock, time } = world
  const closed = await closeDay({ db, clock, time }, time.dateOf(clock.now() - 24 * hour))
  if (!closed.ok) throw new Error(closed.refusal)
  await secondDay(world)
}

async function firstDay(world: World): Promise<void> {
  const { payments, settle, carrier } = world
  const { order, say } = customersOf(world, 0)
  const paid: { paymentId: string; msisdn: string }[] = []
  for (let n = 0; n < 12; n += 1) paid.push(await order())
  await settle()
  const [first, second, third, fourth, fifth] = paid
  if (!first || !second || !third || !fourth || !fifth) throw new Error('nothing was bought')
  await payments.delivery({ ...first, result: 'delivered' })
  await payments.delivery({ ...second, result: 'unknown' })
  await payments.delivery({ ...third, result: 'failed' })
  await payments.delivery({ ...fourth, result: 'delivered' })
  await payments.refund({ ...fourth, reason: 'whole' })
  await payments.refund({ ...fifth, amount: 3_00n, reason: 'part' })
  await settle()
  carrier.script('refund', { kind: 'refuse', reason: 'line_suspended' })
  await payments.refund({ ...first, amount: 1_00n, reason: 'denied' })
  await settle()
  await payments.cancel(await order({ consent: 'code' }))
  await say(await order({ consent: 'reply', channel: 'web' }), 'N')
  await say(await order({ consent: 'reply', channel: 'web' }), 'Y')
  const reserved = await order({ flow: 'reserve' })
  await settle()
  await payments.confirm(reserved)
  carrier.script('reserve', { kind: 'refuse', reason: 'low_credit' })
  await order()
  await settle()
  await order({ consent: 'code' })
  world.clock.advance(hour)
  await settle()
}

/** Its payments stay as they are when it ends. */
async function secondDay(world: World): Promise<void> {
  const { payments, settle, carrier } = world
  const { order } = customersOf(world, 100)
  for (let n = 0; n < 4; n += 1) await order()
  await order({ flow: 'reserve' })
  await settle()
  const { items } = await payments.list({ ...all, states: ['delivering'] })
  const [early, late] = [items[0], items.at(-1)]
  if (!early || !late) throw new Error('nothing was sold')
  carrier.script('refund', { kind: 'lose_answer' })
  await payments.refund({ ...keyOf(early), amount: 2_00n, reason: 'unknown' })
  await settle()
  carrier.script('commit', { kind: 'lose_answer' })
  await order()
  await settle()
  await payments.refund({ ...keyOf(late), amount: 1_00n, reason: 'on its way' })
  await order()
  await order({ consent: 'code' })
  await order({ consent: 'reply', channel: 'web', what: { product: '300' } })
}

const all = { order: 'asc', offset: 0, limit: 1_000 } as const
const keyOf = ({ id, msisdn }: { id: string; msisdn: string }) => ({ paymentId: id, msisdn })

/** Each buys once; the numbers begin at `first`. */
function customersOf(world: World, first: number) {
  let n = first
  return {
    async order(more: Partial<Order> = {}) {
      n += 1
      const msisdn = numberOfLife(n)
      await introduceLine(world.db, msisdn, world.clock.now())
      const placed = await world.payments.order({
        msisdn,
        merchantId: '6021',
        what: { product: '100' },
        channel: 'api',
        consent: 'token',
        flow: 'charge',
        keys: [{ scope: 'life', key: `order-${n}`, contentHash: 'a' }],
        merchantOrderId: `life-${n}`,
        ...more,
      })
      if (!placed.ok) throw new Error(placed.refusal)
      return { paymentId: placed.value.payment.id, msisdn }
    },
    async say({ msisdn }: { readonly msisdn: string }, words: string) {
      const from = (await world.texts(msisdn)).at(-1)?.from ?? ''
      await world.text(msisdn, from, words)
      await world.settle()
    },
  }
}
