/** Every rule of `verify.ts` on sound books, and on books that somebody has changed by hand. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { offencesIn } from '../../../test/books.ts'
import { engines } from '../../../test/database.ts'
import { alice, bob, createWorld, type World } from '../../../test/world.ts'
import type { Tx } from '../db/index.ts'
import { paymentInvariants } from './index.ts'

const carol = '+8613900010017'
const key = { scope: 'test', key: 'order-1', contentHash: 'a' }
const refundKey = { scope: 'test', key: 'refund-1', contentHash: 'b' }

/** Rows changed by hand, constraints out of the way, and the rule that must notice. */
const tampered: readonly [name: string, statements: string[], noticedBy: string][] = [
  [
    'a counter forgets a payment',
    [`update limit_counter set used = used - 1 where subject like 'number:%' and used > 0`],
    'payment_limits_count_what_was_bought',
  ],
  [
    'a counter is lost',
    [`delete from limit_counter where subject = 'merchant:6021'`],
    'payment_limits_count_what_was_bought',
  ],
  [
    'a counter counts what nobody bought',
    [`insert into limit_counter values (1, 'number:+8613900019999', 'D2026-09-12', 5)`],
    'payment_limits_count_what_was_bought',
  ],
  [
    'a failed payment is counted as paid',
    [`update payment set state = 'charging' where state = 'charge_failed'`],
    'payment_limits_count_what_was_bought',
  ],
  [
    'a key points nowhere',
    [`update business_key set subject = gen_random_uuid() where key = 'order-1'`],
    'payment_keys_have_one_effect',
  ],
  [
    'a key stands for another payment',
    [
      `update business_key set subject = (select id from payment where state = 'charge_failed')
         where key = 'order-1'`,
    ],
    'payment_keys_have_one_effect',
  ],
  [
    'a key is lost',
    [`delete from business_key where key = 'refund-1'`],
    'payment_keys_have_one_effect',
  ],
  [
    'an order number is given again',
    [`update payment set order_no = (select min(order_no) from payment)`],
    'payment_numbers_are_given_once',
  ],
  [
    'a charge id is given again',
    [
      `update payment set charge_id = (select min(charge_id) from payment)
         where charge_id is not null`,
    ],
    'payment_numbers_are_given_once',
  ],
  [
    'an event is deleted',
    [`delete from payment_event where seq = 2`],
    'payment_history_has_no_gap',
  ],
  ['a version runs ahead', ['update payment set version = 99'], 'payment_history_has_no_gap'],
  [
    'the last event is deleted and the version put right',
    [
      `delete from payment_event e using payment p where e.payment_id = p.id and e.seq = p.version
         and p.state = 'charge_failed'`,
      `update payment set version = version - 1 where state = 'charge_failed'`,
    ],
    'payment_states_follow_the_table',
  ],
  [
    'a payment is paid without having been confirmed',
    [`update payment_event set data = '{"state":"expired"}' where type = 'confirmed'`],
    'payment_states_follow_the_table',
  ],
  [
    'a state is changed',
    [`update payment set state = 'delivered' where state = 'awaiting_confirm'`],
    'payment_states_follow_the_table',
  ],
  [
    'an end is forgotten',
    [`update payment set ended_at = null where state = 'charge_failed'`],
    'payment_ends_are_dated',
  ],
  [
    'a sale loses its date',
    ['update payment set business_date = null where business_date is not null'],
    'payment_ends_are_dated',
  ],
  [
    'more is returned than the refunds say',
    ['update payment set refunded = refunded + 1 where refunded > 0'],
    'payment_refunds_add_up',
  ],
  [
    'a refund is deleted',
    [`delete from refund where state = 'processing'`],
    'payment_refunds_add_up',
  ],
  [
    'a refund grows beyond the payment',
    [
      'alter table payment drop constraint payment_check',
      `update refund set amount = 5000 where state = 'processing'`,
      'update payment set refunding = 5000 where refunding > 0',
    ],
    'payment_refunds_add_up',
  ],
  [
    'a hold is deleted',
    [`delete from transfer where reason = 'charge' and kind = 'pending'`],
    'payment_charges_are_in_the_ledger',
  ],
  [
    'a post is of less',
    [`update transfer set amount = amount - 1 where reason = 'charge' and kind = 'post'`],
    'payment_charges_are_in_the_ledger',
  ],
  [
    'a post is on another day',
    [`update transfer set business_date = '2026-09-13' where reason = 'charge' and kind = 'post'`],
    'payment_charges_are_in_the_ledger',
  ],
  [
    'a failed charge is posted',
    [`update transfer set kind = 'post' where reason = 'charge' and kind = 'void'`],
    'payment_charges_are_in_the_ledger',
  ],
  [
    'a charge has no payment',
    [`delete from payment where state = 'charge_failed'`],
    'payment_charges_are_in_the_ledger',
  ],
  [
    'an open refund is posted',
    [`update refund set state = 'processing', ended_at = null where state = 'succeeded'`],
    'payment_refunds_are_in_the_ledger',
  ],
  [
    'a refund has no row',
    [`delete from refund where state = 'succeeded'`],
    'payment_refunds_are_in_the_ledger',
  ],
  [
    'a timer is lost',
    [`delete from job where topic = 'payment.deadline'`],
    'payment_timers_are_set',
  ],
  [
    'the timer of a refund is lost',
    [`delete from job where topic = 'payment.refund'`],
    'payment_timers_are_set',
  ],
  [
    'a finished payment is still driven',
    [
      `insert into job (bucket, topic, subject, due_at, first_due_at, payload)
         select bucket, 'payment.drive', id::text, 1, 1, 'null' from payment
         where state = 'charge_failed'`,
    ],
    'payment_timers_are_set',
  ],
  [
    'a paid charge is to be taken back',
    [
      `insert into job (bucket, topic, subject, due_at, first_due_at, payload)
         select bucket, 'payment.undo', id::text, 1, 1, 'null' from payment
         where state = 'delivering'`,
    ],
    'payment_timers_are_set',
  ],
  [
    'a refund is still unanswered days later',
    [`update job set due_at = due_at + 259200000 where topic = 'payment.refund'`],
    'payment_outcomes_are_known_in_a_day',
  ],
]

describe.each(engines)('on %s', (engine) => {
  let world: World
  beforeAll(async () => {
    world = await createWorld({ engine, policy: { intervalMs: 0 } })
    const { payments, carrier } = world
    const order = (msisdn: string, product: string, keys = [key]) =>
      payments.order({
        msisdn,
        merchantId: '6021',
        what: { product },
        channel: 'api',
        consent: 'token',
        flow: 'charge',
        keys,
      })
    const sold = await order(alice, '300')
    await world.settle()
    if (!sold.ok) throw new Error(sold.refusal)
    const { id: paymentId } = sold.value.payment
    const refund = { paymentId, msisdn: alice, reason: 'test' }
    await payments.refund({ ...refund, amount: 5_00n, keys: [refundKey] })
    await world.settle()
    await payments.refund({ ...refund, amount: 2_00n })
    carrier.script('charge', { kind: 'refuse', reason: 'low_credit' })
    await order(bob, '100', [])
    // The second refund stays on its way: only what bob needs is worked off.
    carrier.script('refund', { kind: 'away' }, 10)
    await world.settle()
    await world.text(carol, '1065800886021', '100')
    expect((await payments.refundsOf(paymentId)).map((one) => one.state)).toEqual([
      'succeeded',
      'unknown',
    ])
    await world.db.transact(async (tx) => {
      await tx.query(`update refund set state = 'processing' where state = 'unknown'`)
    })
  })
  afterAll(() => world?.close())

  /** Runs `work` and takes back what it did. */
  async function undone<Value>(work: (tx: Tx) => Promise<Value>): Promise<Value> {
    const values: Value[] = []
    const enough = new Error('enough seen')
    await world.db
      .transact(async (tx) => {
        values.push(await work(tx))
        throw enough
      })
      .catch((error: unknown) => {
        if (error !== enough) throw error
      })
    return values[0] as Value
  }

  test('sound books have no offences', async () => {
    expect(await offencesIn(world.db)).toEqual([])
  })

  test.each(tampered)('%s: %s', async (_, statements, noticedBy) => {
    const rule = paymentInvariants.find(({ name }) => name === noticedBy)
    const found = await undone(async (tx) => {
      for (const statement of statements) await tx.query(statement)
      return rule?.check(tx)
    })
    expect(found?.offences).toBeGreaterThan(0n)
    expect(found?.examples[0]).toMatch(/bucket \d+|key|used/)
  })

  test('every rule is shown to bite', () => {
    const noticed = new Set(tampered.map(([, , name]) => name))
    const silent = paymentInvariants.map(({ name }) => name).filter((name) => !noticed.has(name))
    expect(silent).toEqual([])
  })
})
