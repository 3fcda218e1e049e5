/** Zone keys in the key store, as a file and as a token; and trace numbers that a restart does not repeat. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { keyCheckValue, retailMac } from '@telepurse/iso8583'
import { desCipher } from '@telepurse/iso8583/node'
import { expect, test } from 'vitest'
import { testDatabase } from '../../../../test/database.ts'
import { stages } from '../../../../test/key-stages.ts'
import { enterMaster } from '../../../test/bank/operations-stage.ts'
import {
  createBusinessTime,
  createIds,
  manualClock,
  Secret,
  SecretBytes,
} from '../../kernel/index.ts'
import { createKeyStore, openKeyFile } from '../../keys/index.ts'
import { createKeptKeys, createLinkStans, keyNamesOf, openStanBlocks } from './index.ts'
import { perDayMax } from './stan-blocks.ts'
import { takeBlock } from './trace-number-store.ts'

const ids = createIds()
const noon = Date.UTC(2026, 8, 12, 4)
const master = Uint8Array.from(Buffer.from('0123456789abcdeffedcba9876543210', 'hex'))
const workingKey = (seed: number) =>
  Uint8Array.from({ length: 16 }, (_, at) => (seed * 37 + at * 11 + 5) & 0xfe)
const travelling = (key: Uint8Array) =>
  [desCipher(master).encrypt(key), keyCheckValue(desCipher(key), 4)] as const
const message = Uint8Array.from({ length: 24 }, (_, at) => at)
const macWith = (key: Uint8Array) =>
  retailMac({ left: desCipher(key.subarray(0, 8)), right: desCipher(key.subarray(8)) }, message, 1)

test.for(stages)(
  'working keys come under the master key, are used and replaced: $name',
  async ({ missing, open, stop }, { skip, onTestFinished }) => {
    skip(missing !== undefined, missing)
    onTestFinished(stop)
    const clock = manualClock(noon)
    const keys = createKeyStore((await open()).module, { clock, ids })
    const mac = { algorithm: 'retail', padding: 1 } as const
    const zone = createKeptKeys({ keys, bank: 'first_bank', mac, clock })
    expect([zone.pin(), zone.mac()]).toEqual([undefined, undefined])
    expect(await zone.replace('mac', ...travelling(workingKey(1)))).toBe(false)
    await enterMaster(keys, 'bank:first-bank:zmk', master)
    expect(await zone.replace('mac', ...travelling(workingKey(1)))).toBe(true)
    const first = zone.mac()
    if (!first || !('left' in first)) throw new Error('a retail MAC has its key in halves')
    expect(retailMac(first, message, 1)).toEqual(macWith(workingKey(1)))
    const [wrapped] = travelling(workingKey(2))
    expect(await zone.replace('mac', wrapped, travelling(workingKey(3))[1])).toBe(false)
    expect(await zone.replace('mac', ...travelling(workingKey(2)))).toBe(true)
    const second = zone.mac()
    if (!second || !('left' in second)) throw new Error('a retail MAC has its key in halves')
    expect(retailMac(second, message, 1)).toEqual(macWith(workingKey(2)))
    // What is under way still carries codes of the one before.
    expect(retailMac(first, message, 1)).toEqual(macWith(workingKey(1)))
    expect(await zone.replace('pin', ...travelling(workingKey(4)))).toBe(true)
    const block = message.subarray(0, 8)
    expect(zone.pin()?.encrypt(block.slice())).toEqual(desCipher(workingKey(4)).encrypt(block))
    // Kept: whoever starts next has them.
    expect(createKeptKeys({ keys, bank: 'first_bank', mac, clock }).pin()).toBeDefined()
    for (let day = 5; day < 7; day += 1) {
      clock.advance(86_400_000)
      expect(await zone.replace('mac', ...travelling(workingKey(day)))).toBe(true)
    }
    expect(keys.readable('bank:first-bank:mak')).toHaveLength(2)
  },
)

test('a bank with AES keys proves them by CMAC', async ({ onTestFinished }) => {
  const folder = mkdtempSync(join(tmpdir(), 'telepurse-keys-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const clock = manualClock(noon)
  const secret = new Secret('a master secret for tests, 32 characters or more')
  const master = { from: 'field-key', secret } as const
  const keys = createKeyStore(openKeyFile({ folder, ids, master }), { clock, ids })
  const kek = 'bank:second:zmk'
  await keys.generate({ name: kek, use: 'kek', algorithm: 'aes-256' })
  const made = { name: 'made', use: 'mac', algorithm: 'aes-128', exportable: true } as const
  const info = await keys.generate(made)
  const wrapped = keys.wrapForExport({ name: 'made' }, { name: kek })
  if (!info.ok || !wrapped.ok) throw new Error('not made')
  const mac = { algorithm: 'cmac', padding: 1 } as const
  const zone = createKeptKeys({ keys, bank: 'second', mac, clock })
  const proof = Uint8Array.from(Buffer.from(`${info.value.checkValue}00`, 'hex'))
  expect(
    await zone.replace(
      'mac',
      wrapped.value,
      proof.map((octet) => octet ^ 1),
    ),
  ).toBe(false)
  expect(await zone.replace('mac', wrapped.value, proof)).toBe(true)
  const key = zone.mac()
  const block = new Uint8Array(16)
  if (!key || 'left' in key) throw new Error('a whole key')
  expect(key.encrypt(block)).toEqual(keys.encrypt({ name: 'made' }, new SecretBytes(block.slice())))
})

test.each([
  ['first_bank', 'bank:first-bank:zmk'],
  ['a1', 'bank:a1:zmk'],
  ['odd__bank', undefined],
  ['odd_', undefined],
])('the master key of %s is %s', (bank, name) => {
  expect(keyNamesOf(bank)?.master).toBe(name)
})

test('trace numbers go on after a restart, are never those of another process, and end with the day', async () => {
  const { db, close } = await testDatabase()
  const clock = manualClock(noon)
  const time = createBusinessTime()
  const logged: string[] = []
  const log = (_: string, event: string) => void logged.push(event)
  const open = () => openStanBlocks({ db, clock, bank: 'first_bank', time, log, size: 10 })
  const seen: number[] = []
  for (let restart = 0; restart < 3; restart += 1) {
    const [left, right] = [await open(), await open()]
    for (let at = 0; at < 6; at += 1) seen.push(left.nextStan(), right.nextStan())
  }
  expect(new Set(seen).size).toBe(36)
  const block = { bank: 'first_bank', day: '2026-09-12', size: perDayMax / 2, perDayMax }
  const take = (day = block.day) => db.transact((tx) => takeBlock(tx, { ...block, day }))
  expect([await take(), await take()]).toEqual([expect.any(BigInt), undefined])
  expect(await take('2026-09-13')).toBeDefined()
  const link = createLinkStans(ids.random)
  const ofLink = Array.from({ length: 60_000 }, () => link.nextStan())
  expect(Math.min(...ofLink)).toBeGreaterThan(949_999)
  expect(Math.max(...ofLink)).toBeLessThanOrEqual(999_999)
  await close()
})

test('a block whose transaction did not commit gives no numbers', async () => {
  const { db, close } = await testDatabase()
  const broken = {
    ...db,
    transact: async <Value>(work: Parameters<typeof db.transact<Value>>[0]) =>
      db.transact<Value>(async (tx) => {
        await work(tx)
        throw new Error('no commit')
      }),
  }
  const given = { clock: manualClock(noon), bank: 'b', time: createBusinessTime(), log: () => {} }
  await expect(openStanBlocks({ ...given, db: broken })).rejects.toThrow('no commit')
  const source = await openStanBlocks({ ...given, db })
  expect(source.nextStan()).toBe(1)
  await close()
})
