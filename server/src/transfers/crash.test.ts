/**
 * The process dies at every transaction there is in a transfer, a bill and a packet, just before and just after
 * it. Whoever asked asks again under the same key, another process keeps the times: one effect, every time.
 */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { offencesIn } from '../../../test/books.ts'
import { type TestDatabase, testDatabase } from '../../../test/database.ts'
import { codeDevice } from '../../../test/payment-code.ts'
import { type Death, mortal } from '../../../test/payments/mortal.ts'
import { type Customer, createStage, type Stage } from '../../../test/transfers/stage.ts'
import { createPeople } from '../../../test/wallet/stage.ts'
import { tenOClock } from '../../../test/world.ts'
import { manualClock } from '../kernel/index.ts'
import type { Send } from './transfers.ts'

const hour = 3_600_000
const quiet = { info: () => {}, warn: () => {}, error: () => {} }
const clock = manualClock(tenOClock)
const people = createPeople()
const policy = { walletPinFreeLimit: 5_00n }
let made: TestDatabase
let survivor: Stage
beforeAll(async () => {
  made = await testDatabase()
  survivor = await createStage({ db: made.db, clock, people, policy })
})
afterAll(async () => {
  await survivor?.close()
  await made?.close()
})

interface Cast {
  readonly a: Customer
  readonly b: Customer
  /** Without a wallet. */
  readonly c: string
  /** The code on the screen of `b`. */
  shown?: string
}
type Step = (stage: Stage, cast: Cast) => Promise<unknown>

interface Flow {
  readonly steps: readonly Step[]
  /** What the two have at the end, and what each was told. */
  readonly end: { readonly a: bigint; readonly b: bigint; readonly told: readonly string[] }
}

const order = { amount: 3_00n, channel: 'web', arrival: 'now', key: 'asked' } as const
const send =
  (more: Partial<Send> = {}): Step =>
  ({ transfers }, { a, b }) =>
    transfers.send({ ...order, msisdn: a.msisdn, to: b.msisdn, ...more })
const wait =
  (hours: number): Step =>
  async (stage) => {
    clock.advance(hours * hour)
    await stage.settle()
  }
/** Finds the one that the step before has made, whoever made it. */
const only = async (table: string, { a }: Cast) => {
  const [row] = await made.db.query<{ id: string }>(
    `select id from ${table} where msisdn = $1 and key = 'asked'`,
    [a.msisdn],
  )
  return row?.id ?? ''
}
/** By who has read the code that `b` shows: asked for again it is under the same key. */
const collect =
  (amount: bigint): Step =>
  async (stage, cast) => {
    cast.shown ??= await codeDevice(survivor, cast.b.msisdn).then((phone) => phone.code())
    return stage.transfers.collect({
      ...{ msisdn: cast.a.msisdn, digits: cast.shown, amount, key: 'asked' },
      reader: { till: 'number/a', client: 'address/a' },
    })
  }
const payRequest: Step = async ({ transfers }, cast) => {
  const requestId = await only('wallet_request', cast)
  return transfers.payRequest({ msisdn: cast.b.msisdn, requestId, key: 'paid', channel: 'web' })
}
const split: Step = ({ transfers }, { a, b }) => {
  const how = { mode: 'each', amount: 3_00n } as const
  return transfers.beginSplit({
    msisdn: a.msisdn,
    title: 'x',
    people: [b.msisdn],
    how,
    key: 'asked',
  })
}
const payShare: Step = async ({ transfers }, cast) => {
  const splitId = await only('wallet_split', cast)
  return transfers.payShare({ msisdn: cast.b.msisdn, splitId, key: 'paid', channel: 'web' })
}
const packet: Step = ({ transfers }, { a }) =>
  transfers.sendPacket({ msisdn: a.msisdn, kind: 'fixed', amount: 4_00n, count: 2, key: 'asked' })
const openPacket: Step = async ({ transfers }, cast) =>
  transfers.openPacket({ msisdn: cast.b.msisdn, packetId: await only('wallet_packet', cast) })

const flows: Readonly<Record<string, Flow>> = {
  'sent at once': {
    steps: [send()],
    end: { a: 7_00n, b: 13_00n, told: ['transfer_sent', 'transfer_received'] },
  },
  'delayed and arrived': {
    steps: [send({ arrival: '2h' }), wait(2)],
    end: {
      ...{ a: 7_00n, b: 13_00n },
      told: ['transfer_delayed', 'transfer_arrived', 'transfer_coming', 'transfer_received'],
    },
  },
  'delayed and cancelled': {
    steps: [
      send({ arrival: '2h' }),
      async ({ transfers }, cast) => {
        const transferId = await only('wallet_transfer', cast)
        return transfers.cancel({ msisdn: cast.a.msisdn, transferId })
      },
    ],
    end: {
      ...{ a: 10_00n, b: 10_00n },
      told: ['transfer_delayed', 'transfer_cancelled', 'transfer_coming', 'transfer_called_off'],
    },
  },
  'kept for a number without a wallet, and returned': {
    steps: [(stage, cast) => send({ to: cast.c })(stage, cast), wait(24)],
    end: { a: 10_00n, b: 10_00n, told: ['transfer_waiting', 'transfer_returned'] },
  },
  'kept, and claimed': {
    steps: [
      (stage, cast) => send({ to: cast.c })(stage, cast),
      ({ db, wallet }, { c }) => db.transact((tx) => wallet.open(tx, { msisdn: c, class: 'III' })),
    ],
    end: { a: 7_00n, b: 10_00n, told: ['transfer_waiting', 'transfer_arrived'] },
  },
  'a bill, and its share paid': {
    steps: [split, payShare],
    end: {
      ...{ a: 13_00n, b: 7_00n },
      told: ['transfer_received', 'transfer_split_closed', 'transfer_split_asked', 'transfer_sent'],
    },
  },
  'a code read, and paid at once': {
    steps: [collect(3_00n)],
    end: { a: 13_00n, b: 7_00n, told: ['transfer_received', 'transfer_sent'] },
  },
  'a code read, and paid with the PIN': {
    steps: [collect(6_00n), payRequest],
    end: {
      ...{ a: 16_00n, b: 4_00n },
      told: ['transfer_received', 'transfer_requested', 'transfer_sent'],
    },
  },
  'a packet, half of it opened': {
    steps: [packet, openPacket, wait(24)],
    end: {
      ...{ a: 8_00n, b: 12_00n },
      told: ['transfer_packet_sent', 'transfer_packet_returned', 'transfer_packet_opened'],
    },
  },
}

let numbers = 0
const number = () => {
  numbers += 1
  return `+86134${String(numbers).padStart(8, '0')}`
}

/** Plays the flow with one death in it; false when the flow was over before. */
async function play({ steps, end }: Flow, death: Death): Promise<boolean> {
  const cast: Cast = {
    a: await survivor.customer(number(), 10_00n),
    b: await survivor.customer(number(), 10_00n),
    c: await survivor.stranger(number()),
  }
  const life = mortal(death)
  const stage = await createStage({
    ...{ db: life.database(made.db), clock, people, policy, log: quiet },
  })
  life.begin()
  for (const step of steps) {
    if (!life.isDead()) await step(stage, cast).catch(expectDeath(life))
    // The leases of the dead run out.
    if (life.isDead()) clock.advance(61_000)
    if (life.isDead()) await step(survivor, cast)
  }
  // Whatever has a time left in it must not come twice.
  clock.advance(24 * hour)
  await survivor.settle()
  const [a, b] = await Promise.all([cast.a, cast.b].map(({ msisdn }) => survivor.available(msisdn)))
  const told = await Promise.all([cast.a, cast.b].map(({ msisdn }) => survivor.told(msisdn)))
  const ids = told.flat().map(({ id }) => id)
  expect([death, { a, b, told: ids }]).toEqual([death, end])
  await stage.close().catch(expectDeath(life))
  return life.isDead()
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
    expect(deaths).toBeGreaterThanOrEqual(2)
    expect(await offencesIn(made.db)).toEqual([])
  },
  60_000,
)
