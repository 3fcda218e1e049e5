/**
 * The process dies at every call to the database or the bank there is in a top-up, a withdrawal and a closing,
 * just before and just after it. The customer asks again under the same key, another process works off what is
 * due: one movement, one message to the bank, every time.
 */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { offencesIn } from '../../../test/books.ts'
import { type TestDatabase, testDatabase } from '../../../test/database.ts'
import { type Death, mortal } from '../../../test/payments/mortal.ts'
import type { Behaviour } from '../../../test/wallet/card-operations.ts'
import { createPeople, createStage, type Stage } from '../../../test/wallet/stage.ts'
import { tenOClock } from '../../../test/world.ts'
import { manualClock, Secret } from '../kernel/index.ts'

const quiet = { info: () => {}, warn: () => {}, error: () => {} }
const clock = manualClock(tenOClock)
const people = createPeople()
let made: TestDatabase
let survivor: Stage
beforeAll(async () => {
  made = await testDatabase()
  survivor = await createStage({ db: made.db, clock, people })
})
afterAll(async () => {
  await survivor?.close()
  await made?.close()
})

type Customer = Awaited<ReturnType<Stage['customer']>>
interface Flow {
  readonly ask: (stage: Stage, customer: Customer) => Promise<{ readonly ok: boolean }>
  readonly bank: Behaviour
  /** What the bank decides in the end where it was silent. */
  readonly decides?: 'done' | 'reversed'
  readonly end: { readonly state: string; readonly available: bigint; readonly bank: bigint }
}

const topUp: Flow['ask'] = ({ wallet }, { msisdn, card: cardId }) =>
  wallet.topUp({ msisdn, cardId, amount: 100_00n, channel: 'sms', key: 'asked' })
const withdraw: Flow['ask'] = ({ wallet }, { msisdn, card: cardId }) => {
  const order = { msisdn, cardId, amount: 200_00n, speed: 'same_day', channel: 'sms' } as const
  return wallet.withdraw({ ...order, key: 'asked' })
}
const close: Flow['ask'] = ({ wallet }, { msisdn, walletId, card: cardId }) =>
  wallet.close({ msisdn, walletId, payTo: { cardId }, channel: 'counter', key: 'asked' })

const toStranger: Flow['ask'] = ({ wallet }, { msisdn }) =>
  wallet.transferToCard({
    ...{ msisdn, amount: 200_00n, channel: 'web', key: 'asked' },
    card: { bank: 'ABC', token: '01990000-0000-7000-8000-00000000ca00', last4: '6215' },
    ...{ name: new Secret('林晚'), payee: '*晚' },
  })

const start = 300_00n
const flows: Readonly<Record<string, Flow>> = {
  'topped up': {
    ...{ ask: topUp, bank: 'done' },
    end: { state: 'done', available: start + 100_00n, bank: 100_00n },
  },
  'topped up, and the bank is silent': {
    ...{ ask: topUp, bank: 'silent', decides: 'reversed' },
    end: { state: 'reversed', available: start, bank: 0n },
  },
  'withdrawn, and the bank is silent': {
    ...{ ask: withdraw, bank: 'silent', decides: 'done' },
    end: { state: 'paid', available: 99_80n, bank: -200_00n },
  },
  'withdrawn, and the bank refuses': {
    ...{ ask: withdraw, bank: 'refused' },
    end: { state: 'returned', available: start, bank: 0n },
  },
  'sent to a card of a stranger, whose bank says no': {
    ...{ ask: toStranger, bank: 'refused' },
    end: { state: 'returned', available: start, bank: 0n },
  },
  closed: {
    ...{ ask: close, bank: 'done' },
    end: { state: 'paid', available: 0n, bank: -start },
  },
}

let numbers = 0

/** Plays the flow with one death in it; false when the flow was over before. */
async function play(flow: Flow, death: Death): Promise<boolean> {
  numbers += 1
  const one = await survivor.customer(`+86132${String(numbers).padStart(8, '0')}`, start)
  const { bank } = survivor
  const life = mortal(death)
  const guarded = { debit: life.call(bank.debit), credit: life.call(bank.credit) }
  const operations = { ...bank, ...guarded, statusOf: life.call(bank.statusOf) }
  const stage = await createStage({
    ...{ db: life.database(made.db), clock, people, operations, log: quiet },
  })
  const before = { moved: bank.taken() - bank.paid(), messages: bank.messages.length }
  bank.next(flow.bank)
  life.begin()
  const steps = [
    (at: Stage) => flow.ask(at, one),
    (at: Stage) => at.settle(),
    async (at: Stage) => {
      const movement = await movementOf(one)
      // A closing pays out on the next day.
      clock.set(Math.max(clock.now(), movement?.sendAt ?? 0))
      await at.settle()
    },
  ]
  for (const step of steps) {
    if (!life.isDead()) await step(stage).catch(expectDeath(life))
    // The leases of the dead run out.
    if (life.isDead()) clock.advance(130_000)
    if (life.isDead()) await step(survivor)
  }
  const { id } = (await movementOf(one)) ?? { id: '' }
  if (flow.decides) bank.decide(id, flow.decides)
  clock.advance(3_600_000)
  await survivor.settle()
  const movement = await movementOf(one)
  const { available = 0n } = (await survivor.wallet.balance(one.msisdn)) ?? {}
  const moved = bank.taken() - bank.paid() - before.moved
  const messages = bank.messages.length - before.messages
  const told = (await survivor.told(one.msisdn)).map((notice) => notice.id)
  expect([death, { state: movement?.state, available, bank: moved }]).toEqual([death, flow.end])
  expect([death, messages]).toEqual([death, 1])
  expect(new Set(told).size).toBe(told.length)
  await stage.close().catch(expectDeath(life))
  return life.isDead()
}

async function movementOf({ walletId }: Customer) {
  const all = await survivor.wallet.movements({ walletId, limit: 9 })
  expect(all.length).toBeLessThanOrEqual(2)
  return all.find(({ key }) => key === 'asked')
}

/** Errors are welcome only when they come of the death. */
const expectDeath = (life: { isDead(): boolean }) => (error: unknown) => {
  if (!life.isDead()) throw error
}

test.each(Object.keys(flows))(
  '%s: once, wherever the process dies',
  async (name) => {
    const flow = flows[name]
    if (!flow) throw new Error('no such flow')
    let deaths = 0
    for (let call = 1; ; call += 1) {
      if (!(await play(flow, { call, when: 'before' }))) break
      await play(flow, { call, when: 'after' })
      deaths += 2
    }
    expect(deaths).toBeGreaterThan(8)
    expect(await offencesIn(made.db)).toEqual([])
  },
  60_000,
)
