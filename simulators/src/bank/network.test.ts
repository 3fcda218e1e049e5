/** Sign-on, keys, echo and cut-over; and what outlives the death of the bank. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import {
  bankOptions,
  cardOf,
  createClient,
  createHandClock,
  day,
  hour,
  minute,
  openBank,
  panOf,
} from '../../test/bank-client.ts'
import { createBank } from './bank.ts'

const folder = mkdtempSync(join(tmpdir(), 'bank-'))
afterAll(() => rmSync(folder, { recursive: true }))
const pan = panOf(1)

test('nothing goes before sign-on, nothing without keys, and nothing after sign-off', async () => {
  const { bank, client } = await openBank()
  const other = createClient({ link: bank.connect(), now: () => Date.UTC(2026, 8, 12, 5) })
  expect(await other.codeOf(other.purchase(pan, 1n))).toBe('A0')
  expect(bank.state()).toEqual({ links: 2, signedOn: true })
  expect(await client.codeOf(client.make('0820', { 70: '002' }))).toBe('00')
  expect(bank.state().signedOn).toBe(false)
  expect(await client.ask(client.purchase(pan, 1n))).toMatchObject({ code: '77', signed: false })
  expect(await client.codeOf(client.make('0800', { 70: '101' }))).toBe('77')
  await client.signOn()
  expect(await client.codeOf(client.purchase(pan, 1n))).toBe('00')
})

test('new keys are proven by the MAC of their answer, and the old ones are taken for a minute', async () => {
  const { clock, client } = await openBank()
  const old = client.keys()
  const answer = await client.exchangeKeys()
  expect(answer.code).toBe('00')
  expect(client.keys()).not.toEqual(old)
  const withOld = async (amount: bigint) => {
    const purchase = client.purchase(pan, amount)
    client.write(purchase, old)
    await clock.pass(0)
    await new Promise((resolve) => setImmediate(resolve))
    return client.answersTo(purchase)[0]?.code
  }
  expect(await client.codeOf(client.purchase(pan, 1n))).toBe('00')
  expect(await withOld(2n)).toBe('00')
  await clock.pass(minute - 1)
  expect(await withOld(3n)).toBe('00')
  await clock.pass(1)
  expect(await withOld(4n)).toBe('A0')
  expect(await client.codeOf(client.purchase(pan, 5n))).toBe('00')
})

test('an echo is answered, and what the bank does not know is 12', async () => {
  const { client } = await openBank()
  expect(await client.ask(client.make('0820', { 70: '301' }))).toMatchObject({
    code: '00',
    signed: true,
    message: { mti: '0830' },
  })
  expect(await client.codeOf(client.make('0820', { 70: '999' }))).toBe('12')
  expect(await client.codeOf(client.make('0100', { 2: pan, 3: '000000' }))).toBe('12')
})

test('at cut-over the bank tells its totals, and tells them again when asked', async () => {
  const { bank, clock, client } = await openBank({ cutOver: { at: '23:00', lastsMs: 0 } })
  const reversed = client.purchase(pan, 7_00n)
  for (const message of [client.purchase(pan, 12_00n), reversed, client.credit(pan, 3_00n)])
    expect(await client.codeOf(message)).toBe('00')
  expect(await client.codeOf(client.about('0420', reversed))).toBe('00')
  const totals = {
    15: '0912',
    70: '201',
    74: '0000000001',
    75: '0000000000',
    76: '0000000002',
    77: '0000000001',
    86: '0000000000000300',
    87: '0000000000000000',
    88: '0000000000001900',
    89: '0000000000000700',
  }
  expect(await client.codeOf(client.make('0820', { 70: '201', 15: '0912' }))).toBe('09')
  await clock.pass(11 * hour)
  const notices = client.received.filter(({ message }) => message.mti === '0820')
  expect(notices).toMatchObject([{ signed: true, message: { fields: totals } }])
  for (const asked of [{}, { 15: '0912' }])
    expect(await client.ask(client.make('0820', { 70: '201', ...asked }))).toMatchObject({
      code: '00',
      message: { fields: totals },
    })
  expect(bank.businessDay()).toBe('20260913')
  await clock.pass(day)
  expect(client.received.filter(({ message }) => message.mti === '0820')).toHaveLength(2)
})

test('a stream that cannot be cut into messages is closed; an unreadable message is not answered', async () => {
  const events: string[] = []
  const { bank, client } = await openBank({ log: (event) => events.push(event) })
  const link = bank.connect()
  const closed = new Promise((resolve) => link.on('close', resolve))
  link.on('data', () => {})
  link.write('0004\u0001\u0002\u0003\u0004')
  link.write('no length')
  await closed
  expect(events).toEqual(['bank_message_unreadable', 'bank_stream_unreadable'])
  expect(await client.codeOf(client.purchase(pan, 1n))).toBe('00')
})

test('over TCP it is the same, and a bank that is away refuses connections at the same port', async () => {
  const clock = createHandClock()
  const bank = createBank({ ...bankOptions(clock), cards: [cardOf(1)] })
  try {
    const { host, port } = await bank.listen()
    const dial = async () => {
      const link = connect({ host, port })
      const client = createClient({ link, now: clock.now })
      await new Promise((resolve) => link.once('connect', resolve).once('error', resolve))
      return { link, client }
    }
    const { link, client } = await dial()
    const answered = (message: ReturnType<typeof client.purchase>) =>
      new Promise((resolve) => {
        link.on('data', () => resolve(client.answersTo(message)[0]?.code))
        client.write(message)
      })
    expect(await answered(client.make('0800', { 70: '001' }))).toBe('00')
    expect(await answered(client.make('0820', { 70: '301' }))).toBe('00')
    const ended = new Promise((resolve) => link.on('close', resolve))
    await bank.addFault({ kind: 'away' })
    await ended
    expect((await dial()).client.trouble).toEqual(['ECONNREFUSED'])
    await bank.clearFaults()
    expect((await dial()).client.trouble).toEqual([])
  } finally {
    await bank.close()
  }
})

test('a restart has the same books, answers repeats alike, and waits for a new sign-on', async () => {
  const journal = join(folder, 'books.jsonl')
  const { bank, clock, client } = await openBank({ journal, cards: [cardOf(1)] })
  const purchase = client.purchase(pan, 12_34n)
  const first = await client.ask(purchase)
  await bank.addFault({ kind: 'accepts' })
  await client.ask(client.credit(pan, 5_00n))
  const early = client.purchase(pan, 1n)
  await client.ask(client.about('0420', early))
  await client.ask(client.verification(pan, {}, { 52: client.pinBlock(pan, '000000') }))
  const before = [bank.cards(), bank.transactions(), bank.ownBalances()]
  await bank.close()
  const text = readFileSync(journal, 'utf8')
  expect(text).not.toMatch(/123456|"321"/)
  const again = createBank({ ...bankOptions(clock), journal, cards: [cardOf(1)] })
  expect([again.cards(), again.transactions(), again.ownBalances()]).toEqual(before)
  const back = createClient({ link: again.connect(), now: clock.now })
  expect(await back.codeOf(back.purchase(pan, 1n))).toBe('77')
  await back.signOn()
  const repeated = await back.ask(purchase)
  expect(repeated?.message.fields[37]).toBe(first?.message.fields[37])
  expect(await back.codeOf(early)).toBe('22')
  const [credit] = again.undecided()
  expect(again.decide(credit?.key ?? '', 'done').ok).toBe(true)
  expect(again.card(pan)?.balance).toBe(1_000_00n - 12_34n + 5_00n)
  await again.close()
})
