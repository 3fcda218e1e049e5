/**
 * Operations on a real database, over a real link, with the simulated bank at the other end. Waits for answers
 * pass in real time and are short; days, delays and jobs go by a clock that is moved by hand.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Secret as Key } from '@telepurse/iso8583'
import { type BankOptions, createBank } from '@telepurse/simulators'
import { type Engine, testDatabase } from '../../../test/database.ts'
import {
  type BankSlot,
  type CardEffect,
  type CardOperationsModule,
  createCardOperations,
  type Exchange,
  pinKey,
} from '../../src/bank-cards/index.ts'
import { cardKeys, createCardVault } from '../../src/card-vault/index.ts'
import type { Database, Log } from '../../src/db/index.ts'
import { createBusinessTime, createIds, Secret, SecretBytes } from '../../src/kernel/index.ts'
import { checkValueOf, createKeyStore, type KeyStore, openKeyFile } from '../../src/keys/index.ts'
import {
  createKeptKeys,
  createLinkStans,
  createWireBank,
  machineTiming,
  openStanBlocks,
  parseBankConfig,
  type Timing,
  type WireBank,
} from '../../src/rails/bank/index.ts'
import { manualTiming } from './manual-timing.ts'

/** 12:00 on a Saturday in Shanghai. */
export const noon = Date.UTC(2026, 8, 12, 4)
export const today = '2026-09-12'
export const second = 1_000
export const minute = 60 * second
export const hour = 60 * minute

/** Begins with 9: of national use, nobody's here. Its last digit is Luhn's. */
export const pan = '9990010000000000019'
export const pin = new Secret('123456')
export const balance = 1_000_00n
const masterKey = Uint8Array.from({ length: 16 }, (_, index) => index * 7 + 1)
const ids = createIds()
const holder = {
  ...{ name: '张三', idKind: '01', idNumber: '11010519491231002X' },
  mobile: '13900000001',
}

export interface StageOptions {
  readonly engine?: Engine
  readonly bank?: Partial<BankOptions>
}

export type OperationsStage = Awaited<ReturnType<typeof operationsStage>>

/** A process: a link of its own, and operations over it. */
export interface Life {
  readonly wire: WireBank
  readonly slot: BankSlot
  readonly operations: CardOperationsModule
  readonly alarms: string[]
  readonly effects: CardEffect[]
  close(): Promise<void>
}

export async function operationsStage({
  engine = 'postgres',
  bank: change = {},
}: StageOptions = {}) {
  const made = await testDatabase({ engine, ...(engine === 'postgres' && { poolMax: 8 }) })
  const time = manualTiming(noon)
  const { clock } = time
  const timing: Timing = {
    after: (ms, task) =>
      ms > 5_000 ? time.timing.after(ms, task) : patient(ms < second ? ms : ms / 10, task),
  }
  // Ten times as fast, so that an answer in pieces comes in time and a late one soon after.
  const later: Timing['after'] = (ms, act) =>
    ms > 5_000 ? time.timing.after(ms, act) : machineTiming.after(ms / 10, act)
  const folder = mkdtempSync(join(tmpdir(), 'telepurse-banks-'))
  const keys = await keyStoreWith(folder, clock)
  const simulated = createBank({
    ...{ code: 'first_bank', institution: '99030000', platform: '99010000', bins: ['999001'] },
    ...{ zoneMasterKey: new Key(masterKey.slice()), now: clock.now, mac: 'x9.19' },
    ...{ pinRule: 'bank', later, cutOver: { at: '23:00', lastsMs: 0 } },
    cards: [
      {
        ...{ pan, kind: 'debit', holder, expiry: '3012' },
        ...{ pin: pin.reveal(), cvn2: '321', balance },
      },
    ],
    ...change,
  })
  const cipher = { mac: () => '' }
  const bind = createCardVault({ db: made.db, keys, clock, ids, cipher })
  const card = { pan: new Secret(pan), expiry: new Secret('3012'), binLength: 6 } as const
  const bound = await made.db.transact((tx) => bind.bind(tx, card))
  if (!bound.ok) throw new Error(bound.refusal)
  const cardToken = bound.value.token
  const closers: (() => Promise<unknown>)[] = []

  /** Operations of a process whose link is there already. */
  function over(
    slot: BankSlot,
    given: { readonly db: Database; readonly log: Log; readonly effects?: CardEffect[] },
  ): CardOperationsModule {
    const { db, log, effects = [] } = given
    return createCardOperations({
      ...{ db, clock, keys, log, vault: createCardVault({ db, keys, clock, ids, cipher }) },
      bankOf: (name) => (name === slot.bank.name ? slot : undefined),
      onEffect: async (_, effect) => void effects.push(effect),
    })
  }

  async function live(given: { db?: Database; tellsTotals?: boolean } = {}): Promise<Life> {
    const { db = made.db, tellsTotals = true } = given
    const config = configOf(simulated.code, change.pinRule ?? 'bank')
    const time = createBusinessTime(config.zone)
    const alarms: string[] = []
    const effects: CardEffect[] = []
    const log: Log = {
      ...{ info: () => {}, warn: () => {} },
      error: (fields) => alarms.push('alarm' in fields ? String(fields.alarm) : String(fields)),
    }
    const random = (octets: number) => ids.random(octets)
    const wire = createWireBank({
      ...{ config, clock, timing, random, linkStans: createLinkStans(random) },
      keys: createKeptKeys({ keys, bank: config.name, mac: config.mac, clock }),
      stans: await openStanBlocks({ db: made.db, clock, bank: config.name, time, log: () => {} }),
      handlers: {
        onLate: (late) => void operations.onLate(config.name, late).catch(() => {}),
        onCutOver: (cutOver) =>
          operations.onCutOver(config.name, tellsTotals ? cutOver : { day: cutOver.day }),
        onTotals: (totals) => operations.onTotals(config.name, totals),
      },
      connect() {
        const link = simulated.connect()
        process.nextTick(() => link.destroyed || link.emit('connect'))
        return link
      },
      files: {
        async open(_, date) {
          const file = simulated.dailyFile(date.replaceAll('-', ''))
          return file.ok ? once(Buffer.from(file.value)) : undefined
        },
      },
    })
    const bank = tellsTotals ? wire : { ...wire, totals: async () => undefined }
    const slot: BankSlot = { bank, time, longestMs: 60 * second }
    const operations = over(slot, { db, log, effects })
    wire.start()
    await wire.whenReady()
    const close = () => wire.close()
    closers.push(close)
    return { wire, slot, operations, alarms, effects, close }
  }

  return {
    ...{ made, db: made.db, time, clock, keys, simulated, cardToken, live, over },
    secret: (text: string) => new Secret(text),
    /** Waits for what a link brings. */
    until,
    /** Reads until it is so, or for ten seconds: what a late answer says is written meanwhile. */
    async eventually<Value>(read: () => Promise<Value>, value: Value) {
      for (let looked = 0; looked < 1_000 && (await read()) !== value; looked += 1)
        await new Promise((resolve) => setTimeout(resolve, 10))
    },
    async exchangeOf(operationId: string): Promise<Exchange> {
      const [row] = await made.db.query<{
        stan: number
        transmitted_at: string
        acquirer: string
        forwarder: string
      }>('select * from bank_exchange where operation_id = $1 and no = 1', [operationId])
      if (!row) throw new Error('nothing was sent')
      const { stan, acquirer, forwarder } = row
      return { stan, transmittedAt: row.transmitted_at, acquirer, forwarder }
    },
    /** Waits until the late answer of this fault has come, and was dealt with. */
    late: ({ lateMs = 0 }: { readonly lateMs?: number }) =>
      new Promise((resolve) => setTimeout(resolve, lateMs === 0 ? 0 : lateMs / 10 + 100)),
    balance: () => simulated.card(pan)?.balance ?? 0n,
    order(amount = 500n, id = ids.next(7, clock.now())) {
      return { id, bank: simulated.code, cardToken, amount, orderNo: 'O1', pin }
    },
    /** Works off what is due, moves the clock to what is due next, until nothing is or the time is over. */
    async settle({ operations, wire }: Life, withinMs = 20 * minute): Promise<number> {
      const until = clock.now() + withinMs
      for (let worked = 0; ; ) {
        await wire.whenReady()
        for (let jobs = 1; jobs > 0; worked += jobs) jobs = await operations.work()
        const [next] = await made.db.query<{ due: bigint | null }>(
          `select min(due_at) as due from job where topic = 'bank.operation'`,
        )
        if (next?.due === null || next?.due === undefined || Number(next.due) > until) return worked
        clock.set(Math.max(clock.now(), Number(next.due)))
      }
    },
    async close() {
      for (const close of closers.splice(0)) await close()
      await simulated.close()
      keys.close()
      await made.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** What has arrived by then is heard first, however busy the machine. */
function patient(ms: number, task: () => void): () => void {
  let over = false
  const wait = (turns: number): void => {
    if (over) return
    if (turns === 0) return task()
    setImmediate(wait, turns - 1)
  }
  const cancel = machineTiming.after(ms, () => wait(20))
  return () => {
    over = true
    cancel()
  }
}

async function until(holds: () => boolean): Promise<void> {
  for (let waited = 0; !holds(); waited += 1) {
    if (waited > 5_000) throw new Error('what was waited for did not come')
    await new Promise((resolve) => setTimeout(resolve, 2))
  }
}

async function keyStoreWith(folder: string, clock: { now: () => number }): Promise<KeyStore> {
  const secret = new Secret('a master secret for tests, 32 characters or more')
  const keys = createKeyStore(openKeyFile({ folder, ids, master: { from: 'field-key', secret } }), {
    ...{ clock, ids },
  })
  await keys.generate({ name: cardKeys.pan, use: 'card-data', algorithm: 'aes-256' })
  await keys.generate({ name: cardKeys.lookup, use: 'lookup', algorithm: 'hmac-256' })
  await keys.generate({ name: pinKey, use: 'card-data', algorithm: 'aes-256' })
  await enterMaster(keys, 'bank:first-bank:zmk', masterKey)
  return keys
}

/** As two people would enter it. */
export async function enterMaster(keys: KeyStore, name: string, key: Uint8Array) {
  const algorithm = 'tdes-double'
  const mask = Uint8Array.from(ids.random(key.length))
  const components = [mask, key.map((octet, at) => octet ^ (mask[at] ?? 0))].map((part) => ({
    checkValue: checkValueOf(algorithm, part),
    octets: new SecretBytes(part),
  }))
  const spec = { name, use: 'kek', algorithm } as const
  const entered = await keys.importComponents(spec, components, checkValueOf(algorithm, key))
  if (!entered.ok) throw new Error(entered.refusal)
}

function configOf(name: string, pinRule: 'bank' | 'ours') {
  const config = parseBankConfig(
    JSON.stringify({
      ...{ name, acquirer: '99020000', forwarder: '99010000' },
      acceptor: { category: '6010', terminal: '88000001', id: '888800000000001', name: '营业厅' },
      connection: {
        ...{ host: 'in the process', port: 1, answerMs: 150, echoMs: 600_000 },
        ...{ reconnectMs: 1, reconnectMaxMs: 20, drainMs: 200 },
      },
      messages: {
        flavour: 'unionpay_host',
        header: { destination: '99030000', source: '99010000' },
      },
      mac: { algorithm: 'retail' },
      pin: { keptBy: pinRule === 'bank' ? 'bank' : 'wallet' },
      breaker: { troublesMax: 1_000 },
    }),
  )
  if (!config.ok) throw new Error(config.refusal.join('\n'))
  return config.value
}

async function* once(octets: Uint8Array) {
  yield octets
}
