/**
 * The life of a card by text, from the counter to the day the bank changes it, with the wallet's PIN and with
 * a bank that keeps its own; and after it every row and every line of the log is searched for what must be in
 * neither.
 */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { Secret } from '../../server/src/kernel/index.ts'
import type { Payment } from '../../server/src/payments/index.ts'
import { changeStatus } from '../../server/src/subscribers/index.ts'
import { offencesIn } from '../books.ts'
import { cardSecrets, person } from './banks.ts'
import {
  bindAt,
  clearingOf,
  customer,
  doneAt,
  initialPinOf,
  issueCard,
  journal,
  openAt,
  rebindAt,
  walletPin,
} from './customers.ts'
import { type Life, openPlace, type Place } from './place.ts'

const hour = 3_600_000
let place: Place
let life: Life
/** By what it is called: sought in the end. */
const secrets = new Map<string, string>([
  ['wallet PIN', walletPin],
  ['card PIN', cardSecrets.pin],
  ['document', person.number],
  ['name', person.name],
])
beforeAll(async () => {
  place = await openPlace({ answerMs: 10_000 })
  life = await place.live()
})
afterAll(() => place?.close())

/** Says it, and answers what the handset shows then. */
async function hear(msisdn: string, text: string): Promise<string | undefined> {
  await place.say(life, msisdn, text)
  await life.settle()
  return place.sentTo(msisdn).at(-1)
}
async function answer(msisdn: string, text: string): Promise<string | undefined> {
  await place.reply(life, msisdn, text)
  await life.settle()
  return place.sentTo(msisdn).at(-1)
}
const paymentsOf = async (msisdn: string): Promise<Payment[]> => [
  ...(await life.core.payments.list({ msisdn, order: 'asc', offset: 0, limit: 100 })).items,
]
const movementsOf = async (walletId: string) =>
  (await life.core.cards.wallet.movements({ walletId, limit: 100 })).toReversed()

test('from the counter to the day the bank changes the card, and on', async () => {
  const msisdn = '+8613900010001'
  const bank = 'jiangcheng'
  const walletId = await openAt(place, life, msisdn)
  const pan = issueCard(place, { bank, msisdn })
  const last4 = pan.slice(-4)
  const cardId = await bindAt(place, life, { msisdn, bank, pan })
  await life.settle()
  const initial = initialPinOf(place, msisdn)
  secrets.set('initial PIN', initial).set('card number', pan)
  expect(place.sentTo(msisdn)).toEqual([
    `手机钱包已开通，初始密码${initial}，72小时内请修改后使用，请勿告知他人。`,
    `江城银行卡尾号${last4}已绑定，可用支付密码付款、充值和提现。非本人操作请立即致电客服。`,
  ])

  await hear(msisdn, 'CZ100')
  expect(await hear(msisdn, initial)).toMatch(/^初始密码不能付款，请先改密/)
  expect(await hear(msisdn, `GM${initial} ${walletPin}`)).toMatch(/^支付密码已修改/)
  expect(await hear(msisdn, walletPin)).toBe(
    `9月12日10:00尾号${last4}的卡充值100.00元，余额100.00元。`,
  )

  expect(await hear(msisdn, '6021 100')).toMatch(
    `星游：点卡10元，10.00元，江城银行卡尾号${last4}付。回6位支付密码确认`,
  )
  expect(await answer(msisdn, walletPin)).toMatch(
    `已付10.00元：星游 点卡10元，江城银行卡尾号${last4}`,
  )

  await hear(msisdn, 'YE')
  expect(await hear(msisdn, walletPin)).toBe(
    `钱包可用100.00元；江城银行卡尾号${last4}可用890.00元。`,
  )

  expect(await hear(msisdn, 'TX50')).toMatch('手续费0.00元，次日到账')
  expect(await hear(msisdn, walletPin)).toBe(
    `9月12日10:00提现50.00元至尾号${last4}，手续费0.00元，预计次日到账，余额50.00元。`,
  )
  await hear(msisdn, 'TXK20')
  await hear(msisdn, walletPin)
  expect(place.sentTo(msisdn).slice(-2)).toEqual([
    `9月12日10:00提现20.00元至尾号${last4}，手续费0.10元，预计2小时内到账，余额29.90元。`,
    `提现20.00元，银行已付至尾号${last4}。`,
  ])
  await life.pass(24 * hour)
  expect(place.sentTo(msisdn).at(-1)).toBe(`提现50.00元，银行已付至尾号${last4}。`)
  expect(place.banks[bank].card(pan)?.balance).toBe(960_00n)

  const renewed = place.banks.panOf(bank, 'debit', 900)
  secrets.set('other card number', renewed)
  place.banks[bank].replaceCard(pan, { pan: renewed, expiry: cardSecrets.expiry, cvn2: '111' })
  await hear(msisdn, '6021 100')
  await answer(msisdn, walletPin)
  expect(place.sentTo(msisdn).at(-1)).toMatch(
    /^未支付：银行卡信息已变更，请到营业厅重新绑定。未扣费，单号/,
  )
  expect(await hear(msisdn, '6021 100')).toBe(
    `江城银行卡尾号${last4}信息已变更，请持证件和银行卡到营业厅重新绑定。未扣款。`,
  )
  expect(await hear(msisdn, 'CZ1')).toMatch(/请持证件和银行卡到营业厅重新绑定。未扣款。$/)

  await rebindAt(place, life, { cardId, bank, pan: renewed })
  await life.settle()
  expect(place.sentTo(msisdn).at(-1)).toMatch(`江城银行卡尾号${renewed.slice(-4)}已绑定`)
  await hear(msisdn, '6021 300')
  expect(await answer(msisdn, walletPin)).toMatch(`已付30.00元：星游 点卡30元`)
  expect(place.banks[bank].card(renewed)?.balance).toBe(930_00n)

  const payments = await paymentsOf(msisdn)
  expect(payments.map(({ state, amount }) => [state, amount])).toEqual([
    ['delivered', 10_00n],
    ['charge_failed', 10_00n],
    ['delivered', 30_00n],
  ])
  const [bought, failed] = payments
  const funds = `bank-clearing:${bank}`
  expect(await journal(place, bought?.id ?? '')).toEqual([
    `pending D ${funds} / C merchant-pending:6021 1000`,
    `post D ${funds} / C merchant-pending:6021 1000`,
  ])
  expect((await journal(place, failed?.id ?? '')).map((line) => line.split(' ')[0])).toEqual([
    'pending',
    'void',
  ])
  const [toppedUp, nextDay, sameDay] = await movementsOf(walletId)
  expect(await journal(place, toppedUp?.id ?? '', walletId)).toEqual([
    `pending D ${funds} / C user-balance:A 10000`,
    `post D ${funds} / C user-balance:A 10000`,
  ])
  const transit = `withdrawals-in-transit:${bank}`
  expect(await journal(place, nextDay?.id ?? '', walletId)).toEqual([
    `D user-balance:A / C ${transit} 5000`,
    `D ${transit} / C ${funds} 5000`,
  ])
  expect(await journal(place, sameDay?.id ?? '', walletId)).toEqual([
    `D user-balance:A / C ${transit} 2000`,
    'D user-balance:A / C withdrawal-fee-income 10',
    `D ${transit} / C ${funds} 2000`,
  ])
  expect((await clearingOf(place)).jiangcheng).toEqual([70_00n, 70_00n])
})

test('a bank that keeps the PIN itself is shown it with each message, and nobody keeps it', async () => {
  const msisdn = '+8613900010002'
  const one = await customer(place, life, { msisdn, bank: 'beichen' })
  secrets.set('card number at beichen', one.pan)
  await hear(msisdn, '6021 100')
  expect(await answer(msisdn, '111222')).toMatch(/^未支付：银行卡密码错误。未扣费/)
  await hear(msisdn, '6021 100')
  expect(await answer(msisdn, one.pin)).toMatch(/^已付10.00元/)
  await hear(msisdn, 'CZ100')
  expect(await hear(msisdn, '111222')).toMatch(
    /^充值100.00元未成功：密码错误。尾号\d{4}的卡未扣款。/,
  )
  await hear(msisdn, 'CZ100')
  expect(await hear(msisdn, one.pin)).toMatch('充值100.00元，余额100.00元')
  await hear(msisdn, 'YE')
  expect(await hear(msisdn, one.pin)).toMatch('钱包可用100.00元；北辰银行卡')
  await hear(msisdn, 'TXK30')
  expect(await hear(msisdn, '111222')).toBe('未办理：密码错误。未扣款。')
  await hear(msisdn, 'TXK30')
  expect(await hear(msisdn, one.pin)).toMatch(/^提现30.00元，银行已付/)
  expect(place.banks.beichen.card(one.pan)?.balance).toBe(920_00n)
  for (let wrong = 1; wrong <= 2; wrong += 1) {
    await hear(msisdn, '6021 100')
    expect(await answer(msisdn, '111222')).toMatch(/^未支付：银行卡密码错误。未扣费/)
  }
  // Four wrong ones in a day, and right ones between: that says nothing of the card.
  await hear(msisdn, '6021 100')
  expect(await answer(msisdn, one.pin)).toMatch(/^已付10.00元/)
  const [kept] = await place.db.query<{ pins: bigint }>(
    `select (select count(*) from kept_pin)
      + (select count(*) from bank_operation where sealed_pin is not null)
      + (select count(*) from wallet_movement where sealed_pin is not null) as pins`,
  )
  expect(kept?.pins).toBe(0n)
})

test('wrong PINs through several channels at once lock at the fifth, and the right one is late', async () => {
  const msisdn = '+8613900010003'
  const one = await customer(place, life, { msisdn, inWallet: 100_00n })
  const other = await place.live()
  await place.say(life, msisdn, 'TXK50')
  const wrong = new Secret('905173')
  const { walletPins } = life.core
  const tries = await Promise.all([
    ...['counter', 'counter', 'checkout'].map((channel) =>
      walletPins
        .check(msisdn, wrong, channel)
        .then((said) => (said.ok ? 'right' : said.refusal.code)),
    ),
    ...[life, other, life, other, life].map((at) => place.say(at, msisdn, wrong.reveal())),
  ])
  expect(tries.filter((code) => code === 'right')).toEqual([])
  await life.settle()
  const told = place.sentTo(msisdn).filter((text) => text.startsWith('支付密码'))
  const byText = told.filter((text) => text.startsWith('支付密码不正确')).length
  const elsewhere = tries.filter((code) => code === 'wrong').length
  expect(byText + elsewhere).toBe(4)
  expect(await hear(msisdn, one.pin)).toMatch(/^支付密码错误次数过多，已锁定/)
  expect(await walletPins.check(msisdn, new Secret(one.pin), 'counter')).toMatchObject({
    refusal: { code: 'locked' },
  })
  expect(doneAt(place, one, { kind: 'credit', amount: 50_00n })).toBe(0)
  expect((await life.core.cards.wallet.balance(msisdn))?.available).toBe(100_00n)
})

test('a number that is given up takes nothing with it, and whoever has it next finds nothing', async () => {
  const msisdn = '+8613900010004'
  const one = await customer(place, life, { msisdn, inWallet: 100_00n })
  secrets.set('card number of a number given up', one.pan)
  await place.banks.jiangcheng.addFault({ kind: 'refuses', code: '96', on: 'credit', count: 1 })
  await hear(msisdn, 'TXK30')
  expect(await hear(msisdn, one.pin)).toMatch('处理中')
  await hear(msisdn, 'CZ40')
  await place.say(life, msisdn, '6021 100')
  await life.settle()
  const { db, release, clock, bindings, wallet, identities, walletPins } = {
    ...life.core,
    ...life.core.cards,
  }
  await db.transact((tx) =>
    changeStatus(tx, { msisdn, status: 'closed' }, { now: clock.now(), release }),
  )
  const heardBefore = place.sentTo(msisdn).length
  await db.transact((tx) =>
    changeStatus(tx, { msisdn, status: 'active' }, { now: clock.now(), release }),
  )
  expect(await bindings.cardsOf(db, msisdn)).toEqual([])
  expect(await identities.ownerOf(db, msisdn)).toBeUndefined()
  expect(await walletPins.stateOf(db, msisdn)).toBeUndefined()
  expect(await wallet.balance(msisdn)).toBeUndefined()
  await answer(msisdn, one.pin)
  await hear(msisdn, one.pin)
  await hear(msisdn, 'YE')
  expect(await hear(msisdn, 'KA')).toMatch(/^您还没有绑定银行卡/)
  const heard = place.sentTo(msisdn).slice(heardBefore)
  expect(heard.join()).not.toMatch(one.pan.slice(-4))
  expect(doneAt(place, one, { kind: 'purchase', amount: 10_00n })).toBe(0)
  expect(doneAt(place, one, { kind: 'purchase', amount: 40_00n })).toBe(0)
  // What was on its way stays so, and what is left is in the wallet without a number.
  const [movement] = (await movementsOf(one.walletId)).slice(-1)
  expect(movement).toMatchObject({ state: 'unknown', amount: 30_00n })
  const lines = await db.query<{ left: bigint }>(
    'select (credits_posted - debits_posted)::int8 as left from account where name = $1',
    [`user-balance:${one.walletId}`],
  )
  expect(lines).toEqual([{ left: 69_90n }])
})

test('the books are right, and no secret is in any row or in the log', async () => {
  expect(await offencesIn(place.db)).toEqual([])
  const tables = await place.db.query<{ name: string }>(
    `select table_name as name from information_schema.tables
      where table_schema = 'public' and table_type = 'BASE TABLE'`,
  )
  const rows = await Promise.all(
    tables.map(async ({ name }) => {
      const found = await place.db.query<{ text: string }>(
        `select t::text as text from "${name}" t`,
      )
      return found.map(({ text }) => [name, text] as const)
    }),
  )
  const everything = [...rows.flat(), ...place.lines.map((line) => ['log', line] as const)]
  expect(everything.length).toBeGreaterThan(300)
  expect(new Set(secrets.values()).size).toBe(secrets.size)
  const traces = [...secrets, ['security code', cardSecrets.cvn2] as const].map(
    ([what, value]) => [what, new RegExp(`(?<![0-9A-Za-z-])${value}(?![0-9A-Za-z-])`)] as const,
  )
  const hits = everything.flatMap(([where, text]) =>
    traces.filter(([, trace]) => trace.test(text)).map(([what]) => `${where}: ${what}`),
  )
  expect([...new Set(hits)]).toEqual([])
})
