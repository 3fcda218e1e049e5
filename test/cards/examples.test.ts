/** The worked examples of cards and of the wallet's way to them, exact to the fen. */
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { bindingWords } from '../../server/src/bank-cards/index.ts'
import { Secret } from '../../server/src/kernel/index.ts'
import type { Payment } from '../../server/src/payments/index.ts'
import { offencesIn } from '../books.ts'
import { person } from './banks.ts'
import {
  type Customer,
  clearingOf,
  customer,
  doneAt,
  exchangesOf,
  issueCard,
  journal,
  openAt,
} from './customers.ts'
import { type Life, openPlace, type Place } from './place.ts'

const minute = 60_000
const hour = 60 * minute
const bank = 'jiangcheng'
let place: Place
let life: Life
beforeAll(async () => {
  place = await openPlace({ answerMs: 1_500 })
  life = await place.live()
})
afterAll(() => place?.close())
afterEach(async () => {
  await place.banks.jiangcheng.clearFaults()
  expect(await offencesIn(place.db)).toEqual([])
})

let numbers = 0
const newNumber = () => {
  numbers += 1
  return `+861390002${String(numbers).padStart(4, '0')}`
}
async function hear(msisdn: string, text: string): Promise<string | undefined> {
  await place.say(life, msisdn, text)
  await life.settle()
  return place.sentTo(msisdn).at(-1)
}
/** Orders the goods and says the PIN. */
async function buy({ msisdn, pin }: Customer, what = '6021 100'): Promise<string | undefined> {
  await hear(msisdn, what)
  await place.reply(life, msisdn, pin)
  await life.settle()
  return place.sentTo(msisdn).at(-1)
}
async function lastPayment({ msisdn }: Customer): Promise<Payment> {
  const { items } = await life.core.payments.list({ msisdn, order: 'desc', offset: 0, limit: 1 })
  const [payment] = items
  if (!payment) throw new Error('there is no payment')
  return payment
}
async function lastMovement({ walletId }: Customer) {
  const [movement] = await life.core.cards.wallet.movements({ walletId, limit: 1 })
  if (!movement) throw new Error('there is no movement')
  return movement
}
const available = async ({ msisdn }: Customer) =>
  (await life.core.cards.wallet.balance(msisdn))?.available
const verbs = async (id: string) =>
  (await exchangesOf(place, id)).map(({ kind, state, code, sends }) =>
    [kind, state, code, sends].join(' '),
  )

test('36: a card of one number is refused to a second, and its fifth verification in a day', async () => {
  const [first, second] = [newNumber(), newNumber()]
  const held = await customer(place, life, { msisdn: first })
  const { bindings } = life.core.cards
  const name = new Secret(person.name)
  const document = { kind: '01', number: new Secret(person.number) }
  const consent = { version: '1', channel: 'counter' } as const
  const begin = (msisdn: string, pan: string) =>
    bindings.begin({ ...{ msisdn, pan: new Secret(pan) }, name, document, consent })
  await openAt(place, life, second)
  const refused = await begin(second, held.pan)
  expect(refused.ok).toBe(false)
  if (!refused.ok) expect(bindingWords[refused.refusal].code).toBe('BK-E07')

  const begun = await begin(second, issueCard(place, { bank, msisdn: second }))
  if (!begun.ok) throw new Error(begun.refusal)
  const said: string[] = []
  for (let time = 0; time < 5; time += 1) {
    const { outcome, ...rest } = await bindings.verify(begun.value.id, {})
    said.push('refusal' in rest ? bindingWords[rest.refusal].code : outcome)
  }
  expect(said).toEqual(['code_sent', 'code_sent', 'code_sent', 'code_sent', 'BK-E14'])
  place.time.advance(24 * hour)
  await life.ready()
  expect(await bindings.verify(begun.value.id, {})).toMatchObject({ outcome: 'code_sent' })
})

test('37: 98 leaves the order to be checked, and the purchase is reversed until the bank answers', async () => {
  const one = await customer(place, life, { msisdn: newNumber() })
  const { jiangcheng } = place.banks
  await jiangcheng.addFault({
    kind: 'declines_after_approving',
    code: '98',
    on: 'purchase',
    count: 1,
  })
  await jiangcheng.addFault({ kind: 'lost_request', on: 'reversal', count: 2 })
  expect(await buy(one)).toMatch(/^支付处理中，单号\d+，结果将短信通知，请勿重复购买。$/)
  const { id, state } = await lastPayment(one)
  expect(state).toBe('charge_unknown')
  expect(await verbs(id)).toEqual(['purchase unanswered BR-98 1', 'reversal unanswered  1'])
  expect(jiangcheng.card(one.pan)?.balance).toBe(990_00n)
  await life.pass(5 * minute)
  expect(await verbs(id)).toEqual(['purchase unanswered BR-98 1', 'reversal approved  3'])
  expect(jiangcheng.card(one.pan)?.balance).toBe(1_000_00n)
  expect(place.sentTo(one.msisdn).at(-1)).toMatch(/^未支付：.*。未扣费，单号\d+。$/)
  const funds = `D bank-clearing:${bank} / C merchant-pending:6021 1000`
  expect(await journal(place, id)).toEqual([`pending ${funds}`, `void ${funds}`])
})

test('37: 51 is told in its own words, and nothing is reversed', async () => {
  const card = { balance: 9_99n }
  const one = await customer(place, life, { msisdn: newNumber(), card })
  expect(await buy(one)).toMatch(/^未支付：卡内余额不足。未扣费，单号\d+。$/)
  expect(await verbs((await lastPayment(one)).id)).toEqual(['purchase refused BR-51 1'])
  await hear(one.msisdn, 'CZ10')
  expect(await hear(one.msisdn, one.pin)).toMatch(
    /^充值10.00元未成功：卡内余额不足。尾号\d{4}的卡未扣款。$/,
  )
})

test('37: after A0 the link signs on again, and one purchase goes out under a new trace number', async () => {
  const one = await customer(place, life, { msisdn: newNumber() })
  await place.banks.jiangcheng.addFault({ kind: 'refuses', code: 'A0', on: 'purchase', count: 1 })
  expect(await buy(one)).toMatch(/^已付10.00元/)
  const { id } = await lastPayment(one)
  expect(await verbs(id)).toEqual(['purchase refused BR-A0 1', 'purchase approved  1'])
  const [first, second] = await exchangesOf(place, id)
  expect(first?.stan).not.toBe(second?.stan)
  expect(doneAt(place, one, { kind: 'purchase', amount: 10_00n })).toBe(1)
})

test('38: the balance of a credit card, ledger and available', async () => {
  const card = { kind: 'credit', balance: 17_971_00n, creditLimit: 30_138_38n } as const
  const days = { billDay: 5, dueDay: 25 }
  const one = await customer(place, life, { msisdn: newNumber(), card: { ...card, ...days } })
  const { operations } = life.core.cards.banks
  const cardToken = (await life.core.cards.bindings.find(place.db, one.cardId))?.cardToken ?? ''
  expect(await operations.balance({ bank, cardToken })).toMatchObject({
    value: { ledger: 17_971_00n, available: 48_109_38n },
  })
  await hear(one.msisdn, 'YE')
  expect(await hear(one.msisdn, one.pin)).toMatch(
    /钱包可用0.00元；江城银行卡尾号\d{4}可用48,?109.38元。/,
  )
  await hear(one.msisdn, 'CZ1')
  expect(await hear(one.msisdn, one.pin)).toBe('未办理：信用卡不支持充值/转账。未扣款。')
})

test('35: a withdrawal needs its fee too; a no brings all of it back', async () => {
  const one = await customer(place, life, { msisdn: newNumber(), inWallet: 200_19n })
  await hear(one.msisdn, 'TXK200')
  expect(await hear(one.msisdn, one.pin)).toBe('未办理：余额不足。未扣款。')
  const cash = {
    msisdn: one.msisdn,
    amount: 1n,
    till: 't1',
    channel: 'counter',
    key: 'one fen',
  } as const
  await life.core.cards.wallet.cashIn(cash)
  await place.banks.jiangcheng.addFault({ kind: 'refuses', code: '05', on: 'credit', count: 1 })
  await hear(one.msisdn, 'TXK200')
  await place.say(life, one.msisdn, one.pin)
  expect(await available(one)).toBe(0n)
  await life.settle()
  expect(place.sentTo(one.msisdn).at(-1)).toMatch(
    /提现未成功：银行未通过本次交易，200.20元已退回，余额200.20元。$/,
  )
  const transit = `withdrawals-in-transit:${bank}`
  expect(await journal(place, (await lastMovement(one)).id, one.walletId)).toEqual([
    `D user-balance:A / C ${transit} 20000`,
    'D user-balance:A / C withdrawal-fee-income 20',
    `D ${transit} / C user-balance:A 20000`,
    'D withdrawal-fee-income / C user-balance:A 20',
  ])
})

test.each([
  ['lost_request', 'returned', 200_20n],
  ['lost_answer', 'paid', 0n],
] as const)(
  '35: a withdrawal that meets %s stays in transit without a second message, until the file: %s',
  async (kind, state, left) => {
    const one = await customer(place, life, { msisdn: newNumber(), inWallet: 200_20n })
    await place.banks.jiangcheng.addFault({ kind, on: 'credit', count: 1 })
    await hear(one.msisdn, 'TXK200')
    expect(await hear(one.msisdn, one.pin)).toMatch(/处理中，请以到账为准，请勿重复操作。$/)
    await life.pass(6 * hour)
    const { id } = await lastMovement(one)
    expect(await lastMovement(one)).toMatchObject({ state: 'unknown' })
    expect(await verbs(id)).toEqual(['credit unanswered  1'])
    expect(await available(one)).toBe(0n)
    await life.pass(12 * hour)
    place.banks.publish()
    // What is in no file may still be in the next one.
    await life.pass(24 * hour)
    place.banks.publish()
    await life.pass(2 * hour)
    expect(await lastMovement(one)).toMatchObject({ state })
    expect(await available(one)).toBe(left)
    expect((await exchangesOf(place, id)).map(({ kind: of, sends }) => [of, sends])).toEqual([
      ['credit', 1],
    ])
  },
)

test('40: the legs of wallet and bank; what is owed to customers and merchants is what banks and tills hold', async () => {
  const one = await customer(place, life, { msisdn: newNumber(), card: { balance: 5_000_00n } })
  const { wallet } = life.core.cards
  const { msisdn, walletId } = one
  await life.pass(25 * hour)
  for (const text of ['CZ100', 'CZ3000']) {
    await hear(msisdn, text)
    await hear(msisdn, one.pin)
  }
  expect(await available(one)).toBe(3_100_00n)
  await hear(msisdn, '6022 20')
  await place.reply(life, msisdn, one.pin)
  await life.settle()
  const { id: paymentId } = await lastPayment(one)
  const keys = [{ scope: 'refund', key: 'forty', contentHash: 'a' }]
  const given = { paymentId, msisdn, amount: 5_00n, reason: 'part', keys }
  expect(await life.core.payments.refund(given)).toMatchObject({ ok: true })
  await hear(msisdn, 'TXK200')
  await hear(msisdn, one.pin)
  const { id: withdrawal } = await lastMovement(one)
  const cash = { msisdn, amount: 60_00n, till: 't9', channel: 'counter', key: 'cash 40' } as const
  await wallet.cashIn(cash)
  const { id: cashIn } = await lastMovement(one)
  await life.pass(24 * hour)

  const clearing = `bank-clearing:${bank}`
  const transit = `withdrawals-in-transit:${bank}`
  const movements = await wallet.movements({ walletId, limit: 9 })
  const topUps = movements.filter(({ kind }) => kind === 'top_up').toReversed()
  const lines = await Promise.all(topUps.map(({ id }) => journal(place, id, walletId)))
  expect(lines.map(([, posted]) => posted)).toEqual([
    `post D ${clearing} / C user-balance:A 10000`,
    `post D ${clearing} / C user-balance:A 300000`,
  ])
  expect((await journal(place, paymentId)).slice(1)).toEqual([
    `post D ${clearing} / C merchant-pending:6022 2000`,
    `pending D merchant-pending:6022 / C ${clearing} 500`,
    `post D merchant-pending:6022 / C ${clearing} 500`,
  ])
  expect(await journal(place, withdrawal, walletId)).toEqual([
    `D user-balance:A / C ${transit} 20000`,
    'D user-balance:A / C withdrawal-fee-income 20',
    `D ${transit} / C ${clearing} 20000`,
  ])
  expect(await journal(place, cashIn, walletId)).toEqual([
    'D counter-cash:t9 / C user-balance:A 6000',
  ])
  expect(await available(one)).toBe(3_100_00n - 200_20n + 60_00n)
  const [bankSays, weSay] = (await clearingOf(place)).jiangcheng
  expect(weSay).toBe(bankSays)

  const [sums] = await place.db.query<{ held: bigint; owed: bigint }>(
    `select sum(case when name ~ '^(bank-clearing|counter-cash):' then debits_posted - credits_posted
        else 0 end)::int8 as held,
      sum(case when name ~ '^(user-balance|merchant-|withdrawal)' then credits_posted - debits_posted
        else 0 end)::int8 as owed
      from account`,
  )
  expect(sums?.held).toBe(sums?.owed)

  // Without any one of its legs the books are not right, and the check says where.
  const legs = await place.db.query<{ bucket: number; id: string }>(
    'select bucket, id from transfer where subject = any($1)',
    [`{${[paymentId, withdrawal, cashIn, ...topUps.map(({ id }) => id)].join(',')}}`],
  )
  expect(legs.length).toBe(12)
  for (const { bucket, id } of legs) {
    const found = place.db.transact(async (tx) => {
      await tx.query('delete from transfer where bucket = $1 and id = $2', [bucket, id])
      throw new Missing(await offencesIn(tx))
    })
    const { offences } = await found.catch((error: unknown) => error as Missing)
    expect(offences.join()).toMatch(/^ledger|balance|transfer/)
  }
})

/** Ends a transaction that took a leg out for a moment. */
class Missing extends Error {
  readonly offences: readonly string[]
  constructor(offences: readonly string[]) {
    super('a leg was taken out for a moment')
    this.offences = offences
  }
}
