/** Transfers as `serve` composes them: real names, the hook of a wallet that is opened, and a number given up. */
import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Core, composeOn } from '../../server/src/composition/core.ts'
import { createLog, readConfig } from '../../server/src/config/index.ts'
import { manualClock, Secret } from '../../server/src/kernel/index.ts'
import { changeStatus } from '../../server/src/subscribers/index.ts'
import { offencesIn } from '../books.ts'
import { type TestDatabase, testDatabase } from '../database.ts'
import { introduceLine } from '../lane.ts'
import { tenOClock } from '../world.ts'

const clock = manualClock(tenOClock)
let made: TestDatabase
let folder: string
let core: Core
beforeAll(async () => {
  made = await testDatabase()
  folder = mkdtempSync(join(tmpdir(), 'telepurse-transfers-'))
  const config = readConfig({
    ...{ TELEPURSE_DATA: folder, FIELD_KEY: randomBytes(32).toString('base64') },
    ...{ CARRIER_URL: 'http://127.0.0.1:9/', CARRIER_TOKEN: randomBytes(16).toString('hex') },
  })
  if (!config.ok) throw new Error(config.refusal.join('\n'))
  core = await composeOn(made.db, config.value, { clock, log: createLog({ logLevel: 'silent' }) })
})
afterAll(async () => {
  expect(await offencesIn(made.db)).toEqual([])
  await core?.transfers.stop()
  await core?.cards.wallet.stop()
  await core?.payments.close()
  await core?.cards.banks.close()
  core?.disk.stop()
  core?.keys.close()
  await made?.close()
  rmSync(folder, { recursive: true, force: true })
})

/** Sound documents, no two alike. */
let documents = 0
function idNumber(): string {
  documents += 1
  const first17 = `11010519491231${String(documents).padStart(3, '0')}`
  const weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]
  const sum = weights.reduce((total, weight, at) => total + weight * Number(first17[at]), 0)
  return first17 + '10X98765432'[sum % 11]
}

/** Somebody with a name; a wallet is opened for whoever has an amount. */
async function person(msisdn: string, name: string, amount: bigint | null) {
  await introduceLine(made.db, msisdn, clock.now())
  const document = { kind: '01', number: new Secret(idNumber()) } as const
  await made.db.transact((tx) =>
    core.identities.register(tx, {
      ...{ msisdn, name: new Secret(name), document, level: 'verified', by: 'c01' },
    }),
  )
  if (amount === null) return
  await open(msisdn)
  if (amount > 0n)
    await core.cards.wallet.cashIn({ msisdn, amount, till: 't1', channel: 'counter', key: msisdn })
}

const open = (msisdn: string) =>
  made.db.transact((tx) => core.cards.wallet.open(tx, { msisdn, class: 'III' }))

const available = async (msisdn: string) => (await core.cards.wallet.balance(msisdn))?.available
const send = (msisdn: string, to: string, amount: bigint, character?: string) =>
  core.transfers.send({
    ...{ msisdn, to, amount, channel: 'web', arrival: 'now', key: `${to}${amount}${character}` },
    ...(character !== undefined && { nameCharacter: new Secret(character) }),
  })

test.each([
  ['欧阳小明', '***明', '欧', '阳'],
  ['John Smith', 'J*** S***', 'h', 's'],
])('%s is shown as %s, and proven by %s', async (name, maskedName, right, wrong) => {
  const [a, b] = [`+8613910${name.length}00001`, `+8613910${name.length}00002`]
  const [from, to] = [a.padEnd(14, '0'), b.padEnd(14, '0')]
  await person(from, '张三', 5_000_00n)
  await person(to, name, 0n)
  expect(await core.transfers.payee(to)).toEqual({ maskedName, hasWallet: true, isKnown: false })
  expect(await send(from, to, 2_000_00n, wrong)).toMatchObject({ refusal: 'name_wrong' })
  expect(await send(from, to, 2_000_00n, right)).toMatchObject({ ok: true })
  expect(await available(to)).toBe(2_000_00n)
})

test('what waits for a number is in its wallet in the moment that is opened', async () => {
  const [from, to] = ['+8613911000001', '+8613911000002']
  await person(from, '张三', 20_00n)
  await person(to, '李四', null)
  expect(await send(from, to, 12_00n)).toMatchObject({
    ...{ ok: true, value: { transfer: { state: 'waiting_claim' } } },
  })
  await open(to)
  expect(await available(to)).toBe(12_00n)
})

test('a number that is given up gets nothing more, and what it has sent arrives or comes back', async () => {
  const [from, to, last] = ['+8613912000001', '+8613912000002', '+8613912000003']
  await person(from, '张三', 20_00n)
  await person(to, '李四', 0n)
  await person(last, '王五', null)
  const order = { msisdn: from, channel: 'web', arrival: '2h' } as const
  await core.transfers.send({ ...order, to, amount: 5_00n, key: 'delayed' })
  await send(from, last, 3_00n)
  const close = (msisdn: string) =>
    made.db.transact((tx) =>
      changeStatus(tx, { msisdn, status: 'closed' }, { now: clock.now(), release: core.release }),
    )
  const walletId = (await core.cards.wallet.balance(from))?.account.id ?? ''
  await close(from)
  await close(last)
  clock.advance(2 * 3_600_000)
  for (let round = 0; round < 5; round += 1) await core.transfers.work()
  expect(await available(to)).toBe(5_00n)
  // It is the identity's, under no number: a counter pays it out.
  expect(await core.cards.wallet.account(walletId)).toMatchObject({ state: 'closing' })
  const [row] = await made.db.query<{ left: bigint }>(
    `select credits_posted - debits_posted as left from account where name = $1`,
    [`user-balance:${walletId}`],
  )
  expect(row?.left).toBe(15_00n)
})
