/**
 * The process dies at every call to the database or the carrier there is in a purchase and its refund,
 * just before and just after it. The customer texts again, the merchant asks again, another process
 * works off what is due: one charge, one refund, every time.
 */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { offencesIn } from '../../../test/books.ts'
import { createTestCarrier } from '../../../test/carrier.ts'
import { type TestDatabase, testDatabase } from '../../../test/database.ts'
import { type Death, mortal } from '../../../test/payments/mortal.ts'
import { createStage, type Stage } from '../../../test/wallet/stage.ts'
import { createWorld, tenOClock, type World } from '../../../test/world.ts'
import { manualClock } from '../kernel/index.ts'
import type { Payment } from './index.ts'

const quiet = { info: () => {}, warn: () => {}, error: () => {} }
const clock = manualClock(tenOClock)
const carrier = createTestCarrier()
let made: TestDatabase
let survivor: World
let wallets: Stage
beforeAll(async () => {
  made = await testDatabase()
  survivor = await createWorld({ db: made.db, clock, carrier })
  wallets = await createStage({ db: made.db, clock })
})
afterAll(async () => {
  await wallets?.close()
  await survivor?.close()
  await made?.close()
})

interface Act {
  readonly world: World
  readonly msisdn: string
}
const only = async ({ msisdn }: Act): Promise<Payment | undefined> =>
  (await survivor.payments.list({ msisdn, order: 'asc', offset: 0, limit: 9 })).items[0]

/** Each step can be said again: a text under its gateway's id, a request under its key. */
type Step = (act: Act) => Promise<unknown>
const keys = ({ msisdn }: Act, kind: string) => [{ scope: kind, key: msisdn, contentHash: 'a' }]
const settle: Step = ({ world }) => world.settle()
const refund: Step = async (act) =>
  act.world.payments.refund({
    paymentId: (await only(act))?.id ?? '',
    msisdn: act.msisdn,
    amount: 4_00n,
    reason: 'crash',
    keys: keys(act, 'refund'),
  })

const flows: Readonly<Record<string, readonly Step[]>> = {
  'by text': [
    ({ world, msisdn }) => world.text(msisdn, '1065800886021', '100', { id: `${msisdn}-1` }),
    settle,
    async (act) => {
      const sender = (await only(act))?.sender ?? ''
      await act.world.text(act.msisdn, sender, 'Y', { id: `${act.msisdn}-2` })
    },
    settle,
    refund,
    settle,
  ],
  'from the wallet': [
    (act) =>
      act.world.payments.order({
        msisdn: act.msisdn,
        merchantId: '6021',
        what: { product: '100' },
        ...{ channel: 'api', consent: 'device', flow: 'charge', source: 'wallet' },
        keys: keys(act, 'order'),
      }),
    refund,
  ],
  'in two steps': [
    (act) =>
      act.world.payments.order({
        msisdn: act.msisdn,
        merchantId: '6021',
        what: { product: '100' },
        channel: 'api',
        consent: 'token',
        flow: 'reserve',
        keys: keys(act, 'order'),
      }),
    settle,
    async (act) =>
      act.world.payments.confirm({ paymentId: (await only(act))?.id ?? '', msisdn: act.msisdn }),
    settle,
    refund,
    settle,
  ],
}

let numbers = 0

/** Plays the flow with one death in it; false when the flow was over before. */
async function play(steps: readonly Step[], death: Death): Promise<boolean> {
  numbers += 1
  const msisdn = `+86133${String(numbers).padStart(8, '0')}`
  await wallets.customer(msisdn, 100_00n)
  const life = mortal(death)
  const world = await createWorld({
    db: life.database(made.db),
    carrier: life.carrier(carrier),
    clock,
    log: quiet,
  })
  const before = carrier.total()
  const takenOf = async () =>
    carrier.total() - before + 100_00n - ((await wallets.available(msisdn)) ?? 0n)
  life.begin()
  for (const step of steps) {
    if (!life.isDead()) await step({ world, msisdn }).catch(expectDeath(life))
    if (!life.isDead()) continue
    await step({ world: survivor, msisdn })
    // The leases of the dead run out, and unknown answers are asked for.
    for (const ms of [46_000, 46_000, 46_000]) {
      clock.advance(ms)
      await survivor.settle()
    }
  }
  const payment = await only({ world: survivor, msisdn })
  expect([death, payment?.state, payment?.refunded]).toEqual([death, 'delivering', 4_00n])
  expect(await takenOf()).toBe(6_00n)
  const [rows] = await made.db.query<{ payments: bigint; receipts: bigint }>(
    `select (select count(*) from payment where msisdn = $1) as payments,
      (select count(*) from job where topic = 'sms.send' and payload->>'to' = $1
        and payload->'notice'->>'id' in ('T2', 'W2')) as receipts`,
    [msisdn],
  )
  expect(rows).toEqual({ payments: 1n, receipts: 1n })
  return life.isDead()
}

/** Errors are welcome only when they come of the death. */
const expectDeath = (life: { isDead(): boolean }) => (error: unknown) => {
  if (!life.isDead()) throw error
}

test.each(Object.keys(flows))(
  'bought %s: one charge, one receipt and one refund, wherever the process dies',
  async (name) => {
    const steps = flows[name] ?? []
    let deaths = 0
    for (let call = 1; ; call += 1) {
      const died = await play(steps, { call, when: 'before' })
      if (!died) break
      await play(steps, { call, when: 'after' })
      deaths += 2
    }
    // From the wallet nobody is asked: a transaction for the charge and one for the refund.
    expect(deaths).toBeGreaterThanOrEqual(name === 'from the wallet' ? 4 : 30)
    expect(await offencesIn(made.db)).toEqual([])
  },
  120_000,
)
