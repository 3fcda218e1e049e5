/** Keys as people handle them: typed in without a trace, written down without an octet. */
import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { engines, type TestDatabase, testDatabase } from '../../../test/database.ts'
import { readLog, sealHead } from '../audit/index.ts'
import { cardKeys, createCardVault } from '../card-vault/index.ts'
import { appendJobs } from '../db/index.ts'
import { createIdentities, identityKeys, resealIdentities } from '../identities/index.ts'
import { bucketOf, createFieldCipher, createIds, manualClock, Secret } from '../kernel/index.ts'
import { checkValueOf, createKeyStore, openKeyFile } from '../keys/index.ts'
import { secretText, textKey, topics } from '../payments/index.ts'
import { defaultPolicy } from '../risk/index.ts'
import { introduce } from '../subscribers/index.ts'
import { createWalletPins, pinKey } from '../wallet-pins/index.ts'
import { createKeyDesk } from './key-desk.ts'
import { askComponents } from './key-entry.ts'
import { createPrompt } from './prompt.ts'

const fieldKey = Buffer.from('a field key for tests, 32 octets').toString('base64')
const ids = createIds()
const clock = manualClock(Date.UTC(2026, 10, 27, 4))
const cipher = createFieldCipher(new Secret(fieldKey), ids)
let folder: string
let stage: TestDatabase

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'telepurse-keys-command-'))
  stage = await testDatabase()
  await sealHead(stage.db, cipher)
})
afterAll(async () => {
  await stage?.close()
  rmSync(folder, { recursive: true })
})

const logRows = async (subject: string) =>
  (await readLog(stage.db, { subject, before: null, limit: 50 })).toReversed()

/** What a keyboard gives: chunks that end anywhere. */
async function* typing(text: string, size: number) {
  for (let at = 0; at < text.length; at += size) yield Buffer.from(text.slice(at, at + size))
}

const first = '0123456789ABCDEFFEDCBA9876543210'
const second = '1111111111111111AAAAAAAAAAAAAAAA'

test.each([1, 7, 1_000])(
  'components are read however the keyboard sends them (%i)',
  async (size) => {
    const said: string[] = []
    const text = `Wang Fang\r\n${first.slice(0, 16)} ${first.slice(16)}X\x7f\r\n08D7B4\nLi Wei\n${second}\n6F0A4C\nABCDEF\n`
    const input = Object.assign(typing(text, size), { isTTY: true, raw: [] as boolean[] })
    const prompt = createPrompt(
      Object.assign(input, { setRawMode: (raw: boolean) => input.raw.push(raw) }),
      (line) => said.push(line),
    )
    const { components, custodians, checkValue } = await askComponents(prompt, 'tdes-double', 2)
    expect(custodians).toEqual(['Wang Fang', 'Li Wei'])
    expect(components.map((one) => Buffer.from(one.octets.reveal()).toString('hex'))).toEqual([
      first.toLowerCase(),
      second.toLowerCase(),
    ])
    expect(components.map((one) => one.checkValue)).toEqual(['08D7B4', '6F0A4C'])
    expect(checkValue).toBe('ABCDEF')
    expect(input.raw).toEqual([true, false, true, false])
    expect(said.join('')).toContain('entered: 08D7B4')
    expect(said.join('')).not.toMatch(/0123456789|1111111|AAAAAA/i)
  },
)

test.each([
  ['the same person twice', `Wang\n${first}\n08D7B4\nWang\n`, 'another person'],
  ['nobody', '\n', 'another person'],
  ['too few digits', 'Wang\n0123\n', '32 hexadecimal digits'],
  ['letters that are none', `Wang\n${first.replace('0', 'G')}\n`, '32 hexadecimal digits'],
  ['an odd digit more', `Wang\n${first}0\n`, '32 hexadecimal digits'],
  ['an interrupt', 'Wang\n0123\x03', 'nothing was changed'],
  ['an end', 'Wang\n', 'the answer is missing'],
])('%s ends it', async (_, text, line) => {
  const prompt = createPrompt(typing(text, 5), () => undefined)
  await expect(askComponents(prompt, 'tdes-double', 2)).rejects.toThrow(line)
})

test('each act is in the log before it is done and after, and none while a card would be lost', async () => {
  const { db } = stage
  const store = openKeyFile({
    ...{
      folder: join(folder, 'desk'),
      ids,
      master: { from: 'field-key', secret: new Secret(fieldKey) },
    },
  })
  const keys = createKeyStore(store, { clock, ids })
  const desk = createKeyDesk({ keys, db, clock, ids, cipher, operator: 'Chen Li' })
  const { pan: name, lookup } = cardKeys
  expect(await desk.generate({ name, use: 'card-data', algorithm: 'aes-256' })).toMatchObject({
    ok: true,
  })
  await desk.generate({ name: lookup, use: 'lookup', algorithm: 'hmac-256' })
  const vault = createCardVault({ db, keys, clock, ids, cipher })
  const pan = new Secret('4111111111111111')
  await db.transact((tx) => vault.bind(tx, { pan, expiry: null, binLength: 6 }))
  await desk.rotate(name, 'later')
  await desk.activate({ name, version: 2 })
  expect(await db.query(`select 1 from job where topic = 'card.reseal'`)).toHaveLength(1)
  expect(await desk.retire({ name, version: 1 })).toMatchObject({ refusal: 'cards_are_under_it' })
  expect(await desk.retire({ name, version: 2 })).toMatchObject({ refusal: 'is_current' })
  expect(await desk.generate({ name, use: 'card-data', algorithm: 'aes-256' })).toMatchObject({
    refusal: 'exists',
  })
  const rows = await logRows(`key:${name}`)
  expect(rows.map((row) => [row.action, row.operator])).toEqual(
    [
      'key.generate',
      'key.generate.done',
      'key.rotate',
      'key.rotate.done',
      'key.activate',
      'key.activate.done',
      'key.retire',
      'key.retire.refused',
      'key.generate',
      'key.generate.refused',
    ].map((action) => [action, 'Chen Li']),
  )
  expect(rows[1]?.after).toMatchObject({ version: 1, checkValue: keys.list()[1]?.checkValue })
})

test('no version goes while a person, a PIN or a text on its way would be lost with it', async () => {
  const { db } = stage
  const master = { from: 'field-key', secret: new Secret(fieldKey) } as const
  const store = openKeyFile({ folder: join(folder, 'people'), ids, master })
  const keys = createKeyStore(store, { clock, ids })
  const desk = createKeyDesk({ keys, db, clock, ids, cipher, operator: 'Chen Li' })
  const sealing = { use: 'card-data', algorithm: 'aes-256' } as const
  const hashing = { use: 'lookup', algorithm: 'hmac-256' } as const
  const { data, lookup } = identityKeys
  for (const name of [data, textKey]) await desk.generate({ name, ...sealing })
  for (const name of [lookup, pinKey]) await desk.generate({ name, ...hashing })
  const to = '+8613800138000'
  const line = { carrier: 'mobile', brand: '神州行', billing: 'prepaid', region: '110000' } as const
  await introduce(db, { ...line, msisdn: to, language: 'zh', status: 'active' }, clock.now())
  const identities = createIdentities({ keys, clock, ids })
  const pins = createWalletPins({ db, keys, clock, ids, policy: () => defaultPolicy })
  await db.transact(async (tx) => {
    const document = { kind: '01', number: new Secret('11010519491231002X') } as const
    const name = new Secret('欧阳小明')
    await identities.register(tx, { msisdn: to, name, document, level: 'basic', by: 'x' })
    const code = await pins.issueInitial(tx, to, {})
    const id = ids.next(bucketOf(to), clock.now())
    const text = { id, to, from: '10658008', language: 'zh', paymentId: null, code } as const
    appendJobs(tx, [secretText(keys, { ...text, notice: { id: 'T19', hours: 72 } }, clock.now())])
  })
  for (const name of [data, lookup, pinKey, textKey]) await desk.rotate(name, 'now')
  expect(await db.query(`select 1 from job where topic = 'identity.reseal'`)).toHaveLength(1)
  const refusals = await Promise.all(
    [data, lookup, pinKey, textKey].map((name) => desk.retire({ name, version: 1 })),
  )
  expect(refusals).toEqual(
    ['identities', 'identities', 'pins', 'texts'].map((what) => ({
      ...{ ok: false, refusal: `${what}_are_under_it` },
    })),
  )
  // When they are gone, it goes.
  while ((await resealIdentities({ db, keys })) > 0);
  await db.transact((tx) => pins.release(tx, to))
  await db.transact((tx) => tx.query('delete from job where topic = $1', [topics.sms]))
  for (const name of [data, lookup, pinKey, textKey])
    expect(await desk.retire({ name, version: 1 })).toMatchObject({ ok: true })
})

test.runIf(engines.includes('postgres'))(
  'the command takes components from people, and leaves no trace of them',
  async () => {
    const made = await testDatabase({ engine: 'postgres' })
    const environment = {
      ...process.env,
      DATABASE_URL: made.url,
      FIELD_KEY: fieldKey,
      TELEPURSE_DATA: join(folder, 'data'),
    }
    const run = (words: readonly string[], typed = '') =>
      new Promise<{ code: number | null; said: string }>((resolve) => {
        const program = join(import.meta.dirname, '../main.ts')
        const node = ['--conditions=source', '--import', 'tsx', program, 'keys', ...words]
        const child = spawn(process.execPath, node, { env: environment })
        let said = ''
        for (const stream of [child.stdout, child.stderr])
          stream.on('data', (text: Buffer) => {
            said += text.toString()
          })
        child.on('close', (code) => resolve({ code, said }))
        child.stdin.end(typed)
      })
    const spec = ['--use', 'kek', '--algorithm', 'tdes-double', '--operator', 'Chen Li']
    const typed = (check: string) =>
      `Wang Fang\n${first}\n08D7B4\nLi Wei\n${second}\n${check}\n${whole.check}\n`
    const [one, two] = [Buffer.from(first, 'hex'), Buffer.from(second, 'hex')]
    const sum = one.map((octet, at) => octet ^ (two[at] ?? 0))
    const whole = { octets: sum, check: checkValueOf('tdes-double', sum) }
    const wrong = await run(['import', 'bank:icbc:zmk', ...spec], typed('000000'))
    expect(wrong).toMatchObject({ code: 1 })
    expect(wrong.said).toContain('component check value differs')
    const right = await run(
      ['import', 'bank:icbc:zmk', ...spec],
      typed(checkValueOf('tdes-double', two)),
    )
    expect(right).toMatchObject({ code: 0 })
    const list = await run(['list'])
    expect(list.said).toMatch(
      new RegExp(`^bank:icbc:zmk 1 +current +${whole.check} +kek, tdes-double`),
    )
    const log = JSON.stringify(await readLog(made.db, { subject: null, before: null, limit: 50 }))
    expect(log).toContain('Li Wei')
    for (const text of [wrong.said, right.said, list.said, log])
      for (const octets of [one, two, whole.octets])
        expect(text.toLowerCase()).not.toContain(Buffer.from(octets).toString('hex').slice(0, 12))
    await made.close()
  },
)
