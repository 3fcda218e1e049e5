/** Every fault, as the platform sees it on the wire. */
import { expect, test } from 'vitest'
import {
  type BankClient,
  cardOf,
  createClient,
  minute,
  openBank,
  panOf,
  settle,
} from '../../test/bank-client.ts'
import { seededRandom } from '../seeded-random.ts'
import { createFaultPlan, type Fault, faultKinds, readFault } from './fault.ts'

const pan = panOf(1)
const amount = 10_00n

/** One purchase under a fault that strikes it alone. */
async function struck(fault: Omit<Fault, 'count' | 'on'>) {
  const open = await openBank({ pinRule: fault.kind === 'pin_key_out_of_step' ? 'bank' : 'ours' })
  const { bank, client } = open
  await bank.addFault({ ...fault, on: 'purchase', count: 1 })
  client.segments.length = 0
  client.received.length = 0
  const more = fault.kind === 'pin_key_out_of_step' ? { 52: client.pinBlock(pan, '123456') } : {}
  const purchase = client.purchase(pan, amount, more)
  client.write(purchase)
  await settle()
  const isDone = () => bank.card(pan)?.balance === 1_000_00n - amount
  return { ...open, purchase, isDone, answers: () => client.answersTo(purchase) }
}

const isAlive = async (client: BankClient) => {
  const code = await client.codeOf(client.balance(pan))
  return code === '00'
}

test('lost_request: silence, and nothing was done', async () => {
  const { answers, isDone, client } = await struck({ kind: 'lost_request' })
  expect([answers(), isDone(), client.segments]).toEqual([[], false, []])
  expect(await isAlive(client)).toBe(true)
})

test('lost_answer: silence, though it was done; the repeat tells', async () => {
  const { answers, isDone, client, purchase } = await struck({ kind: 'lost_answer' })
  expect([answers(), isDone()]).toEqual([[], true])
  expect(await client.codeOf(purchase)).toBe('00')
})

test('answers_late: done at once, answered when its time has come', async () => {
  const { answers, isDone, clock } = await struck({ kind: 'answers_late', lateMs: 90_000 })
  expect([answers(), isDone()]).toEqual([[], true])
  await clock.pass(89_999)
  expect(answers()).toEqual([])
  await clock.pass(1)
  expect(answers()).toMatchObject([{ code: '00', signed: true }])
})

test('works_late: nothing is done before its time, and a reversal meanwhile wins', async () => {
  const { answers, isDone, clock, client, purchase } = await struck({ kind: 'works_late' })
  expect([answers(), isDone()]).toEqual([[], false])
  expect(await client.codeOf(client.about('0420', purchase))).toBe('25')
  await clock.pass(10_000)
  expect(answers()).toMatchObject([{ code: '22' }])
  expect(isDone()).toBe(false)
})

test('answers_twice: the same answer two times, done once', async () => {
  const { answers, isDone } = await struck({ kind: 'answers_twice' })
  expect(answers()).toHaveLength(2)
  expect(answers()[0]).toEqual(answers()[1])
  expect(isDone()).toBe(true)
})

test.each([
  ['drops_link', false],
  ['approves_and_drops_link', true],
] as const)('%s: the link ends without an answer; done: %s', async (kind, done) => {
  const { answers, isDone, client, relink, bank } = await struck({ kind })
  expect([answers(), isDone(), client.isClosed()]).toEqual([[], done, true])
  // Sign-on and keys outlive the link.
  const other = relink()
  other.useKeys(client.keys())
  expect(await isAlive(other)).toBe(true)
  expect(bank.state()).toEqual({ links: 1, signedOn: true })
})

test('approves_and_dies: done, every link is cut, and the bank waits for a new sign-on', async () => {
  const { bank, clock, client, relink } = await openBank()
  const bystander = relink()
  await bank.addFault({ kind: 'approves_and_dies', on: 'purchase', count: 1 })
  const purchase = client.purchase(pan, amount)
  client.write(purchase)
  await settle()
  expect(client.answersTo(purchase)).toEqual([])
  expect([client.isClosed(), bystander.isClosed()]).toEqual([true, true])
  expect(bank.card(pan)?.balance).toBe(990_00n)
  const back = createClient({ link: bank.connect(), now: clock.now })
  back.useKeys(client.keys())
  expect(await back.codeOf(purchase)).toBe('77')
  await back.signOn()
  expect(await back.codeOf(purchase)).toBe('00')
})

test('refuses: any code for a card, an amount or all; nothing is done, and the repeat says the same', async () => {
  const { bank, client } = await openBank()
  await bank.addFault({ kind: 'refuses', pan: panOf(2), code: '96' })
  await bank.addFault({ kind: 'refuses', amount: 98n, code: '98' })
  const [one, two, three] = [
    client.purchase(panOf(2), 5n),
    client.purchase(pan, 98n),
    client.purchase(pan, 99n),
  ]
  expect([await client.codeOf(one), await client.codeOf(two), await client.codeOf(three)]).toEqual([
    '96',
    '98',
    '00',
  ])
  await bank.clearFaults()
  // Even where the code says that a credit was accepted: nothing was done is nothing to decide.
  await bank.addFault({ kind: 'refuses', code: 'A2', count: 1 })
  expect(await client.codeOf(client.credit(pan, 5n))).toBe('A2')
  expect(bank.undecided()).toEqual([])
  expect(await client.codeOf(one)).toBe('96')
  expect(await client.codeOf(client.about('0420', one))).toBe('00')
  expect(bank.card(panOf(2))?.balance).toBe(1_000_00n)
})

test('declines_after_approving: answered 51, though it was done', async () => {
  const { answers, isDone, client, purchase } = await struck({
    kind: 'declines_after_approving',
    code: '51',
  })
  expect(answers()).toMatchObject([{ code: '51', signed: true }])
  expect(isDone()).toBe(true)
  expect(await client.codeOf(client.about('0420', purchase))).toBe('00')
  expect(isDone()).toBe(false)
})

test('accepts: a credit is accepted, and paid when its time has come', async () => {
  const { bank, clock, client } = await openBank()
  await bank.addFault({ kind: 'accepts', code: 'A6', lateMs: minute })
  expect(await client.codeOf(client.purchase(pan, amount))).toBe('00')
  expect(await client.codeOf(client.credit(panOf(9), amount))).toBe('14')
  expect(await client.codeOf(client.credit(pan, amount))).toBe('A6')
  expect(bank.card(pan)?.balance).toBe(990_00n)
  await clock.pass(minute)
  expect(bank.card(pan)?.balance).toBe(1_000_00n)
})

test('wrong_mac: the approval does not carry the right MAC', async () => {
  const { answers, isDone } = await struck({ kind: 'wrong_mac' })
  expect(answers()).toMatchObject([{ code: '00', signed: false }])
  expect(isDone()).toBe(true)
})

test('other_stan: an approval, rightly signed, of a message nobody sent', async () => {
  const { answers, isDone, client, purchase } = await struck({ kind: 'other_stan' })
  expect([answers(), isDone()]).toEqual([[], true])
  const stan = String(Number(purchase.fields[11]) + 1).padStart(6, '0')
  expect(client.received).toMatchObject([
    { code: '00', signed: true, message: { fields: { 11: stan } } },
  ])
})

test('cut_length: the stream cannot be cut into messages any more', async () => {
  const { answers, isDone, client } = await struck({ kind: 'cut_length' })
  expect([answers(), isDone()]).toEqual([[], true])
  expect(client.trouble).toEqual(['length_not_digits'])
})

test('two_in_one: the answer and an echo of the bank come in one segment', async () => {
  const { answers, client, isDone } = await struck({ kind: 'two_in_one' })
  expect(client.segments).toHaveLength(1)
  expect(client.received.map(({ message }) => message.mti)).toEqual(['0210', '0820'])
  expect([answers()[0]?.code, isDone()]).toEqual(['00', true])
})

test('in_pieces: the answer comes octet by octet, and is whole', async () => {
  const { answers, client, clock, isDone } = await struck({ kind: 'in_pieces' })
  await clock.pass(1_000)
  expect(client.segments.length).toBeGreaterThan(150)
  expect(client.segments.every(({ length }) => length === 1)).toBe(true)
  expect(answers()).toMatchObject([{ code: '00', signed: true }])
  expect(isDone()).toBe(true)
})

test('garbage: a frame of the right length that holds no message', async () => {
  const { answers, client, isDone } = await struck({ kind: 'garbage' })
  expect([answers(), isDone()]).toEqual([[], true])
  expect(client.trouble).toEqual(['header_header_length_differs'])
  expect(await isAlive(client)).toBe(true)
})

test('half_open: the link stays and is deaf; another one works', async () => {
  const { answers, client, isDone, relink } = await struck({ kind: 'half_open' })
  expect([answers(), isDone(), client.isClosed()]).toEqual([[], false, false])
  expect(await isAlive(client)).toBe(false)
  const other = relink()
  other.useKeys(client.keys())
  expect(await isAlive(other)).toBe(true)
})

test('half_open: what came in the same segment is not read either, and nothing after it', async () => {
  const { bank, client } = await openBank()
  await bank.addFault({ kind: 'half_open', on: 'purchase', count: 1 })
  const [first, second] = [client.purchase(pan, amount), client.purchase(pan, amount)]
  client.link.write(Buffer.concat([client.frame(first), client.frame(second)]))
  await settle()
  expect(bank.transactions()).toEqual([])
  client.link.write(Buffer.alloc(1_000_000, '0'))
  await settle()
  expect(client.link.writableLength).toBeGreaterThan(0)
})

test.each([
  ['mac_key_out_of_step', 'A0'],
  ['pin_key_out_of_step', '99'],
] as const)('%s: %s until keys are exchanged', async (kind, code) => {
  const { answers, client, isDone, purchase } = await struck({ kind })
  expect(answers().map((answer) => answer.code)).toEqual([code])
  expect(isDone()).toBe(false)
  await client.exchangeKeys()
  const { 52: block } = purchase.fields
  const again = client.purchase(pan, amount, block ? { 52: client.pinBlock(pan, '123456') } : {})
  expect(await client.codeOf(again)).toBe('00')
})

test('clock_off: the bank lives some minutes away, and may be in another day', async () => {
  const { bank, client, clock } = await openBank({ cutOver: { at: '12:05', lastsMs: 0 } })
  const dayTold = async () => (await client.ask(client.purchase(pan, 1n)))?.message.fields[15]
  expect(await dayTold()).toBe('0912')
  await bank.addFault({ kind: 'clock_off', offMs: 5 * minute })
  expect(await dayTold()).toBe('0913')
  await bank.addFault({ kind: 'two_in_one', on: 'echo', count: 1 })
  await client.ask(client.make('0820', { 70: '301' }))
  expect(client.received.at(-1)?.message.fields[7]).toBe('0912120500')
  await bank.clearFaults()
  await clock.pass(minute)
  expect(await dayTold()).toBe('0912')
})

test('away: links are cut and connections refused until the fault is cleared', async () => {
  const { bank, client, clock } = await openBank()
  await bank.addFault({ kind: 'away' })
  await settle()
  expect(client.isClosed()).toBe(true)
  const refused = createClient({ link: bank.connect(), now: clock.now })
  await settle()
  expect([refused.isClosed(), refused.trouble]).toEqual([true, ['ECONNREFUSED']])
  await bank.clearFaults()
  const back = createClient({ link: bank.connect(), now: clock.now })
  back.useKeys(client.keys())
  expect(await isAlive(back)).toBe(true)
})

test.each([
  [{ kind: 'lost_request' }, undefined, false],
  [{ kind: 'refuses', code: '91' }, '91', false],
  [{ kind: 'drops_link' }, undefined, true],
] as const)('down at sign-on: %j', async (fault, code, closed) => {
  const { bank, clock } = await openBank()
  await bank.addFault({ ...fault, on: 'sign_on', count: 1 })
  const other = createClient({ link: bank.connect(), now: clock.now })
  expect(await other.codeOf(other.make('0800', { 70: '001' }))).toBe(code)
  expect(other.isClosed()).toBe(closed)
})

test('a fault with a chance strikes about that often, and the same messages for the same seed', () => {
  const strikes = (seed: number) => {
    const plan = createFaultPlan(seededRandom(seed))
    plan.add({ kind: 'lost_answer', percent: 30, on: 'purchase' })
    return Array.from({ length: 1_000 }, () => (plan.take({ kind: 'purchase' }) ? 1 : 0))
  }
  const sum = strikes(7).reduce((total: number, one) => total + one, 0)
  expect(sum).toBeGreaterThan(230)
  expect(sum).toBeLessThan(370)
  expect(strikes(7)).toEqual(strikes(7))
  expect(strikes(7)).not.toEqual(strikes(8))
})

test('a counted fault strikes as often as it says, its kind of message only', async () => {
  const { bank, client } = await openBank({ cards: [cardOf(1)] })
  await bank.addFault({ kind: 'refuses', on: 'purchase', code: '05', count: 2 })
  const codes: (string | undefined)[] = []
  for (const message of [client.balance(pan), ...[1n, 2n, 3n].map((n) => client.purchase(pan, n))])
    codes.push(await client.codeOf(message))
  expect(codes).toEqual(['00', '05', '05', '00'])
  expect(bank.faults()).toEqual([])
})

test.each([
  [null],
  [[]],
  [{}],
  [{ kind: 'constructor' }],
  [{ kind: 'refuses', on: 'pay' }],
  [{ kind: 'refuses', code: '00' }],
  [{ kind: 'refuses', code: '5' }],
  [{ kind: 'accepts', code: '05' }],
  [{ kind: 'refuses', pan: '12' }],
  [{ kind: 'refuses', amount: 12 }],
  [{ kind: 'refuses', count: 0 }],
  [{ kind: 'refuses', percent: 101 }],
  [{ kind: 'answers_late', lateMs: 0.5 }],
  [{ kind: 'clock_off', offMs: 1e9 }],
  [{ kind: 'refuses', color: 'red' }],
])('%j is no fault', (value) => {
  expect(readFault(value)).toBeTypeOf('string')
})

test('a whole fault is read as it is, its amount as money', () => {
  const fault = { kind: 'refuses', on: 'refund', pan, count: 3, percent: 50, code: 'A7', offMs: -1 }
  expect(readFault({ ...fault, amount: '1234' })).toEqual({ ...fault, amount: 1234n })
  for (const kind of Object.keys(faultKinds)) expect(readFault({ kind })).toEqual({ kind })
})
