/**
 * Whatever happens, in whatever order: a batch is worth its commands one by one, no fen appears or goes, and
 * nobody sends what they do not have. `TELEPURSE_RUNS` asks for more runs than every commit needs.
 */
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { offencesIn } from '../../../test/books.ts'
import { createStage, type Stage } from '../../../test/transfers/stage.ts'
import { createPeople, type People } from '../../../test/wallet/stage.ts'
import { tenOClock } from '../../../test/world.ts'
import { manualClock } from '../kernel/index.ts'
import { askingDoor } from './asking.ts'
import type { Command, CommandResult } from './command.ts'
import { runBatch } from './commands.ts'
import type { Lane } from './lane.ts'
import { sendingDoor } from './sending.ts'
import { packetDoor, splitDoor } from './sharing.ts'

const runs = Number(process.env.TELEPURSE_RUNS ?? 4)
const hour = 3_600_000

const clock = manualClock(tenOClock)
const policy = { transferDayCount: 12, walletDayLimit: 40_00n, classIIIYearLimit: 60_00n }
let together: Place
let apart: Place
beforeAll(async () => {
  const people = createPeople()
  together = await createPlace(people, (commands, run) => run(commands))
  apart = await createPlace(people, async (commands, run) => {
    const results: CommandResult[] = []
    for (const command of commands) results.push(...(await run([command])))
    return results
  })
})
afterAll(async () => {
  await together?.stage.close()
  await apart?.stage.close()
})

type Run = (commands: readonly Command[]) => Promise<readonly CommandResult[]>

/** A lane that gathers what the front door makes of each request, and runs it when it is told to. */
async function createPlace(
  people: People,
  inOrder: (commands: readonly Command[], run: Run) => Promise<readonly CommandResult[]>,
) {
  const stage = await createStage({ clock, people, policy })
  const { db } = stage
  const { context, names, knowNumber, payments } = stage.options
  let gathered: { command: Command; answer: (result: CommandResult) => void }[] = []
  let onGathered = () => {}
  const lane: Lane = {
    ...{ db, clock, names, knowNumber, ids: context.ids },
    run: (command) =>
      new Promise((answer) => {
        // `decide` answers each kind of command with its own kind of result.
        gathered.push({ command: command as Command, answer: answer as (result: unknown) => void })
        onGathered()
      }),
  }
  const doors = {
    ...{ ...sendingDoor(lane), ...askingDoor(lane) },
    ...{ ...splitDoor(lane, payments), ...packetDoor(lane) },
  }
  /** All are read in as they were asked, one after the other, and then run. */
  async function play(asks: readonly ((transfers: typeof doors) => Promise<unknown>)[]) {
    const answers: Promise<unknown>[] = []
    for (const ask of asks) {
      const isGathered = new Promise<void>((resolve) => {
        onGathered = resolve
      })
      const answer = ask(doors)
      answers.push(answer)
      await Promise.race([isGathered, answer])
    }
    const all = gathered
    gathered = []
    const run: Run = (commands) => runBatch({ db, context, commands, now: clock.now() })
    const results = await inOrder(
      all.map(({ command }) => command),
      run,
    )
    for (const [n, { answer }] of all.entries()) answer(results[n] as CommandResult)
    return Promise.all(answers)
  }
  return { stage, play }
}
type Place = Awaited<ReturnType<typeof createPlace>>
type Doors = Parameters<Parameters<Place['play']>[0][number]>[0]

/** The last of four has no wallet: much can be sent there, nothing from there. */
const who = fc.oneof({ weight: 9, arbitrary: fc.nat(2) }, { weight: 1, arbitrary: fc.constant(3) })
const to = fc.nat(3)
const amount = fc.bigInt(1n, 12_00n)
const key = fc.nat(9)
const place = fc.nat(8)
/** Thing `n` of its kind, of those there are. */
const happening = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({ kind: fc.constant('send' as const), who, to, amount, key }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      ...{ kind: fc.constant('delay' as const), who, to, amount, key },
      arrival: fc.constantFrom('2h' as const, '24h' as const),
    }),
  },
  fc.record({ kind: fc.constant('cancel' as const), who, place }),
  fc.record({ kind: fc.constant('ask' as const), who, to, amount, key }),
  fc.record({ kind: fc.constant('pay_request' as const), who, place, key }),
  fc.record({ kind: fc.constant('decline' as const), who, place }),
  fc.record({ kind: fc.constant('split' as const), who, amount, key }),
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('pay_share' as const), who, place, key }) },
  fc.record({ kind: fc.constant('stop' as const), who, place }),
  fc.record({ kind: fc.constant('packet' as const), who, amount, key }),
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('open' as const), who, place }) },
)
type Happening = typeof happening extends fc.Arbitrary<infer One> ? One : never

const story = fc.array(
  fc.record({
    passed: fc.constantFrom(0, 1, hour, 2 * hour, 24 * hour),
    happenings: fc.array(happening, { minLength: 6, maxLength: 30, size: 'max' }),
  }),
  { minLength: 2, maxLength: 5, size: 'max' },
)

const none = '01990000-0000-7000-8000-000000000000'

async function thingsOf({ db }: Stage, table: string, numbers: readonly string[]) {
  const rows = await db.query<{ id: string }>(
    `select id from ${table} where msisdn = any($1::text[]) order by id`,
    [`{${numbers.join(',')}}`],
  )
  return (n: number) => rows[n % Math.max(1, rows.length)]?.id ?? none
}

async function play(
  { stage, ...place }: Place,
  happenings: readonly Happening[],
  numbers: readonly string[],
) {
  const of = (n: number) => numbers[n] ?? ''
  const [transfer, request, split, packet] = await Promise.all(
    ['wallet_transfer', 'wallet_request', 'wallet_split', 'wallet_packet'].map((table) =>
      thingsOf(stage, table, numbers),
    ),
  )
  const one = (it: Happening, transfers: Doors): Promise<unknown> => {
    const msisdn = of(it.who)
    const channel = 'api'
    switch (it.kind) {
      case 'send':
      case 'delay': {
        const arrival = it.kind === 'delay' ? it.arrival : 'now'
        const [to, named] = [of(it.to), `${it.kind}${it.key}`]
        return transfers.send({ msisdn, to, amount: it.amount, key: named, channel, arrival })
      }
      case 'cancel':
        return transfers.cancel({ msisdn, transferId: transfer?.(it.place) ?? none })
      case 'ask':
        return transfers.ask({ msisdn, from: of(it.to), amount: it.amount, key: `${it.key}` })
      case 'pay_request': {
        const requestId = request?.(it.place) ?? none
        return transfers.payRequest({ msisdn, requestId, key: `r${it.key}`, channel })
      }
      case 'decline':
        return transfers.decline({ msisdn, requestId: request?.(it.place) ?? none })
      case 'split': {
        const people = numbers.filter((number) => number !== msisdn)
        const how = { mode: 'equal', total: it.amount, withOwn: true } as const
        return transfers.beginSplit({ msisdn, title: 'x', people, how, key: `${it.key}` })
      }
      case 'pay_share': {
        const splitId = split?.(it.place) ?? none
        return transfers.payShare({ msisdn, splitId, key: `s${it.key}`, channel })
      }
      case 'stop':
        return transfers.stopSplit({ msisdn, splitId: split?.(it.place) ?? none })
      case 'packet': {
        const order = { kind: 'fixed', count: 2, amount: it.amount * 2n, key: `${it.key}` } as const
        return transfers.sendPacket({ msisdn, ...order })
      }
      case 'open':
        return transfers.openPacket({ msisdn, packetId: packet?.(it.place) ?? none })
    }
  }
  const results = await place.play(happenings.map((it) => (doors: Doors) => one(it, doors)))
  return JSON.parse(
    JSON.stringify(results, (name, value: unknown) =>
      /^(id|.*Id)$/.test(name) ? undefined : typeof value === 'bigint' ? value.toString() : value,
    ),
  )
}

/** What falls due at one instant comes in any order, and so do the balances that are told. */
async function toldIn({ stage }: Place, msisdn: string): Promise<string[]> {
  const notices = await stage.told(msisdn)
  return notices.map((notice) => JSON.stringify({ ...notice, balance: null })).toSorted()
}

let plots = 0
test('a batch is worth its commands one by one, and no fen appears or goes', async () => {
  await fc.assert(
    fc.asyncProperty(story, async (all) => {
      plots += 1
      const numbers = [0, 1, 2, 3].map((n) => `+86133${String(plots).padStart(7, '0')}${n}`)
      for (const { stage } of [together, apart]) {
        for (const msisdn of numbers.slice(0, 3)) await stage.customer(msisdn, 20_00n)
        await stage.stranger(numbers[3] ?? '')
      }
      for (const { passed, happenings } of all) {
        clock.advance(passed)
        await Promise.all([together.stage.settle(), apart.stage.settle()])
        expect(await play(together, happenings, numbers)).toEqual(
          await play(apart, happenings, numbers),
        )
      }
      clock.advance(31 * 24 * hour)
      let sum = 0n
      for (const { stage } of [together, apart]) await stage.settle()
      for (const msisdn of numbers) {
        const [one, other] = [
          await together.stage.available(msisdn),
          await apart.stage.available(msisdn),
        ]
        expect(one).toBe(other)
        expect(await toldIn(together, msisdn)).toEqual(await toldIn(apart, msisdn))
        sum += one ?? 0n
      }
      // Whatever waited is back or has arrived by now.
      expect(sum).toBe(60_00n)
    }),
    { numRuns: runs, endOnFailure: true },
  )
  expect(await offencesIn(together.stage.db)).toEqual([])
  expect(await offencesIn(apart.stage.db)).toEqual([])
}, 600_000)
