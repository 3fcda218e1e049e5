/** The adapter against the simulated billers: every fault with every verb, and what must never be taken for a no. */
import { createHash } from 'node:crypto'
import { type BillerFaultKind, createBillers } from '@telepurse/simulators'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { createIds, Secret } from '../../kernel/index.ts'
import { parseBillerConfig } from './config.ts'
import { readDailyFile } from './daily-file.ts'
import { createHttpBiller, type HttpBiller } from './http-biller.ts'
import { requestSignature } from './signature.ts'

const secret = 'a secret of both sides, 32 or more'
const day = 86_400_000
const item = { period: '2026-08', amount: 86_40n }
let at = Date.parse('2026-09-12T10:00:00+08:00')
const now = () => at
const simulator = createBillers({
  now,
  billers: [
    {
      ...{ code: 'power', kind: 'power', secret },
      accounts: [
        { accountNo: '0012345678', holder: '*晚', items: [item] },
        { accountNo: '0000000001', holder: '*三', items: [] },
      ],
    },
    {
      ...{ code: 'gas', kind: 'gas', secret },
      accounts: [{ accountNo: '1', holder: '*', items: [item], isCardFull: true }],
    },
    { code: 'top_up', kind: 'top_up', secret },
  ],
})

const configText = (url: string, change: object = {}) =>
  JSON.stringify({
    ...{ code: 'power', kind: 'power', name: { zh: '江城供电', en: 'Jiangcheng Power' } },
    city: { zh: '江城', en: 'Jiangcheng' },
    account: { zh: '户号', en: 'Customer no.', pattern: '\\d{1,11}' },
    ...{ bank: 'first', url, secret, answerMs: 20_000, ...change },
  })

let url = ''
let biller: HttpBiller
const open = (change: object = {}) => {
  const config = parseBillerConfig(configText(`${url}/power`, change))
  if (!config.ok) throw new Error(config.refusal.join())
  return createHttpBiller({ config: config.value, ids: createIds(), now })
}
beforeAll(async () => {
  url = (await simulator.listen()).url
  biller = open()
})
afterAll(async () => {
  await biller?.close()
  await simulator.close()
})
beforeEach(() => simulator.clearFaults())

let payments = 0
const paymentNo = () => {
  payments += 1
  return `019a0000-0000-7000-8000-${String(payments).padStart(12, '0')}`
}
async function writeOff() {
  if (simulator.accounts('power')[0]?.items.length === 0)
    simulator.bill('power', '0012345678', item)
  const asked = await biller.inquire('0012345678')
  if (asked.outcome !== 'done') throw new Error(JSON.stringify(asked))
  const { billNo, due: amount } = asked.value
  return {
    ...{ paymentNo: paymentNo(), accountNo: '0012345678', billNo, amount },
    notAfter: at + 600_000,
  }
}

test('asked, paid once however often it is said, asked about, taken back on its day', async () => {
  const order = await writeOff()
  const paid = await biller.pay(order)
  expect(paid).toMatchObject({ outcome: 'done', value: { date: '2026-09-12' } })
  expect(await biller.pay(order)).toEqual(paid)
  expect(await biller.inquire('0012345678')).toEqual({ outcome: 'refused', reason: 'nothing_due' })
  expect(await biller.query(order.paymentNo)).toMatchObject({ value: { state: 'written_off' } })
  expect(await biller.reverse(order.paymentNo)).toMatchObject({ value: { state: 'reversed' } })
  expect(await biller.query(order.paymentNo)).toMatchObject({ value: { state: 'not_written_off' } })
  expect(await biller.pay(order)).toEqual({ outcome: 'refused', reason: 'refused' })
  expect(await biller.inquire('0012345678')).toMatchObject({
    value: { due: 86_40n, holder: '*晚' },
  })
})

test('what is taken back before it came cannot come any more, nor what comes after its time', async () => {
  const order = await writeOff()
  expect(await biller.query(order.paymentNo)).toMatchObject({ value: { state: 'not_found' } })
  expect(await biller.reverse(order.paymentNo)).toMatchObject({ value: { state: 'reversed' } })
  expect(await biller.pay(order)).toEqual({ outcome: 'refused', reason: 'refused' })
  const late = { ...order, paymentNo: paymentNo(), notAfter: at - 1 }
  expect(await biller.pay(late)).toEqual({ outcome: 'refused', reason: 'refused' })
  const dearer = { ...order, paymentNo: paymentNo(), amount: 86_41n }
  expect(await biller.pay(dearer)).toEqual({ outcome: 'refused', reason: 'bill_changed' })
})

test('refusals have the words of the port', async () => {
  expect(await biller.inquire('777')).toEqual({ outcome: 'refused', reason: 'account_unknown' })
  expect(await biller.inquire('0000000001')).toEqual({ outcome: 'refused', reason: 'nothing_due' })
  const gas = open({ code: 'gas', url: `${url}/gas` })
  expect(await gas.inquire('1')).toEqual({ outcome: 'refused', reason: 'card_not_loaded' })
  await gas.close()
  const topUp = open({ code: 'top_up', url: `${url}/top_up` })
  expect(await topUp.inquire('123')).toEqual({ outcome: 'refused', reason: 'number_unknown' })
  expect(await topUp.inquire('13800138000')).toMatchObject({
    value: { due: 0n, min: 10_00n, max: 500_00n, items: [] },
  })
  await topUp.close()
})

/** What each fault of a payment is to us, and what the biller has done. */
const faults: Readonly<Record<BillerFaultKind, readonly [outcome: string, isPaid: boolean]>> = {
  silent: ['unknown', false],
  lost_answer: ['unknown', true],
  answers_late: ['unknown', true],
  works_late: ['unknown', true],
  answers_twice: ['done', true],
  pays_and_drops_link: ['unknown', true],
  drops_link: ['unknown', false],
  http_500: ['unknown', false],
  foreign_answer: ['unknown', true],
  bad_signature: ['unknown', true],
  refuse: ['refused', false],
  wrong_file: ['done', true],
  away: ['unsent', false],
}

const impatient = { answerMs: 150 }
const isSilent = (kind: string) => /silent|lost|late/.test(kind)
const isWrittenOff = (wanted: string) => () =>
  simulator.payments('power').some((one) => one.paymentNo === wanted)

describe('faults × verbs: only a signed answer to this very request is believed', () => {
  test.each(Object.entries(faults))('%s of a payment is %j', async (kind, [outcome, isPaid]) => {
    const order = await writeOff()
    await simulator.addFault({ kind: kind as BillerFaultKind, verb: 'pay', lateMs: 400 })
    // A new connection: on a kept one that breaks nobody knows what has left.
    const fresh = open(isSilent(kind) ? impatient : {})
    expect((await fresh.pay(order)).outcome).toBe(outcome)
    await fresh.close()
    await simulator.clearFaults()
    // "Not found" proves nothing: the payment is still on its way.
    if (kind === 'works_late') await expect.poll(isWrittenOff(order.paymentNo)).toBe(true)
    const state = isPaid ? 'written_off' : 'not_found'
    expect(await biller.query(order.paymentNo)).toMatchObject({ outcome: 'done', value: { state } })
    expect(await biller.reverse(order.paymentNo)).toMatchObject({ value: { state: 'reversed' } })
  })

  test.each(['inquire', 'query', 'reverse', 'file'] as const)(
    'a question (%s) is never answered by a fault',
    async (verb) => {
      const order = await writeOff()
      await biller.pay(order)
      const asking = (one: HttpBiller) =>
        ({
          inquire: () => one.inquire('0012345678'),
          query: () => one.query(order.paymentNo),
          reverse: () => one.reverse(order.paymentNo),
          file: () => one.file('2026-09-11'),
        })[verb]()
      const hasty = open(impatient)
      const kinds = ['silent', 'drops_link', 'http_500', 'bad_signature'] as const
      for (const kind of kinds) {
        await simulator.addFault({ kind, verb })
        const { outcome } = await asking(kind === 'silent' ? hasty : biller)
        expect([kind, outcome]).toEqual([kind, 'unknown'])
        await simulator.clearFaults()
      }
      if (verb === 'query' || verb === 'reverse') {
        await simulator.addFault({ kind: 'refuse', verb, reason: 'refused' })
        expect((await asking(biller)).outcome).toBe('unknown')
        await simulator.clearFaults()
      }
      await hasty.close()
      await biller.reverse(order.paymentNo)
    },
  )
})

test('a request of another secret, or of another time, is not done', async () => {
  const stranger = open({ secret: 'b secret of nobody, which has also 32' })
  expect(await stranger.inquire('0012345678')).toEqual({ outcome: 'unknown', detail: 'not_signed' })
  await stranger.close()
  const order = await writeOff()
  const before = at
  const late = createHttpBiller({
    ...{ config: mustParse(configText(`${url}/power`)), ids: createIds() },
    now: () => before - 301_000,
  })
  expect((await late.pay(order)).outcome).toBe('unknown')
  expect(simulator.payments('power').some((one) => one.paymentNo === order.paymentNo)).toBe(false)
  await late.close()
})

function mustParse(text: string) {
  const config = parseBillerConfig(text)
  if (!config.ok) throw new Error(config.refusal.join())
  return config.value
}

test('the file of a day: not before it is over, whole, and its faults are seen by the platform', async () => {
  const order = await writeOff()
  const paid = await biller.pay(order)
  if (paid.outcome !== 'done') throw new Error('paid')
  expect(await biller.file('2026-09-12')).toEqual({ outcome: 'done', value: null })
  at += day
  // Its day is over: it is in the file, and taken back no more.
  expect(await biller.reverse(order.paymentNo)).toMatchObject({ value: { state: 'written_off' } })
  const file = await biller.file('2026-09-12')
  expect(file).toMatchObject({ outcome: 'done', value: { date: '2026-09-12' } })
  const row = { paymentNo: order.paymentNo, amount: 86_40n, receiptNo: paid.value.receiptNo }
  expect(file.outcome === 'done' && file.value?.rows).toContainEqual(row)
  await simulator.addFault({ kind: 'wrong_file', fileFault: 'extra_row', count: 1 })
  const wrong = await biller.file('2026-09-12')
  expect(wrong.outcome === 'done' && wrong.value?.rows.map((one) => one.paymentNo)).toContain(
    'nobodys',
  )
})

test('a file with any one byte changed is refused', () => {
  const above = 'H|power|2026-09-12|2|17280\n019a-1|8640|R00000001\n019a-2|8640|R00000002\n'
  const whole = Buffer.from(`${above}T|2|${createHash('sha256').update(above).digest('hex')}\n`)
  expect(readDailyFile(whole, 'power')).toMatchObject({ ok: true, value: { date: '2026-09-12' } })
  expect(readDailyFile(whole, 'gas')).toEqual({ ok: false, refusal: 'other_biller' })
  for (let place = 0; place < whole.length; place += 1) {
    const changed = Uint8Array.from(whole)
    changed[place] = (changed[place] ?? 0) ^ 1
    expect([place, readDailyFile(changed, 'power').ok]).toEqual([place, false])
  }
  for (const length of [0, 1, whole.length - 1])
    expect(readDailyFile(whole.subarray(0, length), 'power').ok).toBe(false)
})

test('the vector of docs/reference/biller-http.md', () => {
  const request = {
    ...{ method: 'POST', path: '/power/inquiries', requestId: '00112233445566778899aabbccddeeff' },
    ...{ time: 1_789_178_400_000, body: '{"accountNo":"0012345678"}' },
  }
  expect(requestSignature(new Secret('an example of a secret, 32 or more'), request)).toBe(
    'd71cf97ce8b25106d573781a6d863b711dbfed29443f70f9b5f6507123c2d76f',
  )
})

test('a configuration says what is wrong with it, and nothing of its secret', () => {
  const problems = (change: object) => {
    const read = parseBillerConfig(configText(url, change))
    return read.ok ? [] : read.refusal
  }
  expect(problems({})).toEqual([])
  expect(problems({ secret: 'short' })).toEqual(['secret must have at least 32 characters'])
  expect(problems({ account: { zh: 'a', en: 'b', pattern: '(' } })).toEqual([
    'account.pattern must be a pattern',
  ])
  expect(problems({ url: 'ftp://x' })).toEqual(['url must be a URL'])
  expect(parseBillerConfig('{')).toEqual({ ok: false, refusal: ['the file is not JSON'] })
})
