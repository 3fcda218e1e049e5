/**
 * Every fault of the simulated bank during a purchase, a top-up, a withdrawal, the repayment of a credit card
 * and a transfer to a stranger's, with a wallet's PIN and with a bank's. Whatever happens, money moves once or not at
 * all, nobody is told "not paid" of what is taken, and when the bank's file has come its books and ours are the
 * same. `npm run card-faults` strikes both banks with each, and reversals too.
 */
import type { BankFault, BankFaultKind } from '@telepurse/simulators'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { Secret } from '../../server/src/kernel/index.ts'
import { faultKinds } from '../../simulators/src/bank/fault.ts'
import { offencesIn } from '../books.ts'
import { type BankName, bankNames, person } from './banks.ts'
import {
  bindAt,
  type Customer,
  clearingOf,
  customer,
  doneAt,
  exchangesOf,
  issueCard,
} from './customers.ts'
import { type Life, openPlace, type Place } from './place.ts'

const minute = 60_000
const hour = 60 * minute
const kinds = Object.keys(faultKinds) as BankFaultKind[]
const isThorough = process.env.CARD_FAULTS === 'all'

let place: Place
let life: Life
beforeAll(async () => {
  place = await openPlace({ answerMs: 250 })
  life = await place.live()
  // A credit card has a bill when its day is over.
  for (let number = 1; number <= bankNames.length * kinds.length + 1; number += 1) owe(number)
  await life.pass(24 * hour)
  await life.ready()
}, 60_000)
afterAll(() => place?.close())
afterEach(async () => {
  for (const bank of bankNames) await place.banks[bank].clearFaults()
})

interface Debtor extends Customer {
  /** Of the credit card. */
  readonly owing: string
  /** The card of somebody else. */
  readonly stranger: string
}
const creditCards = new Map<number, Readonly<Record<BankName, string>>>()
const funds = 80_00n
const msisdnOf = (number: number) => `+861390003${String(number).padStart(4, '0')}`
const strangerOf = (number: number) => `+861390004${String(number).padStart(4, '0')}`

function owe(number: number): void {
  const days = { billDay: 12, dueDay: 27 }
  const credit = { kind: 'credit', balance: -50_00n, creditLimit: 100_00n, ...days } as const
  const of = (bank: BankName) => issueCard(place, { bank, msisdn: msisdnOf(number), ...credit })
  creditCards.set(number, { jiangcheng: of('jiangcheng'), beichen: of('beichen') })
}

const struck: Debtor[] = []
/** Of a bank that signs a no to what it has done: we say what it says, and its file shows the difference. */
const lie: BankFaultKind = 'declines_after_approving'
const deceived: Debtor[] = []
/** What the customers of one fault were told that was not so. */
const untruths = new Set<string>()

/** Of each of the five, by the amount: what is said of it when nothing is taken, and what the bank has done. */
const acts = [
  { amount: 10_00n, kind: 'purchase', no: /^未支付/ },
  { amount: 100_00n, kind: 'purchase', no: /^充值100.00元未成功/ },
  { amount: 20_00n, kind: 'credit', no: /提现未成功/ },
  { amount: 15_00n, kind: 'credit', no: /还款未成功/, of: 'owing' },
  { amount: 25_00n, kind: 'credit', no: /转账到卡未成功/, of: 'stranger' },
] as const

/** How often the bank has done it for good. */
const doneFor = (one: Debtor, act: (typeof acts)[number]) =>
  doneAt(place, { ...one, pan: one['of' in act ? act.of : 'pan'] }, act)

/** Looks after each round of work: a "no" that becomes true later was a lie when it was said. */
async function stepTruly(customers: readonly Debtor[]): Promise<number> {
  const worked = await life.step()
  for (const one of customers)
    for (const act of acts)
      if (place.sentTo(one.msisdn).some((text) => act.no.test(text)) && doneFor(one, act) > 0)
        untruths.add(`${one.bank} ${act.amount}: ${place.sentTo(one.msisdn).join(' | ')}`)
  return worked
}
async function settleTruly(customers: readonly Debtor[]): Promise<void> {
  for (let round = 0; round < 100; round += 1) if ((await stepTruly(customers)) === 0) return
  throw new Error('there is always something due')
}

const give = async (one: Debtor, name: string, amount: bigint) => {
  const { payeeCards, wallet } = life.core.cards
  const card = await payeeCards.keep(new Secret(one.stranger))
  if (!card.ok) throw new Error(card.refusal)
  return wallet.transferToCard({
    ...{ msisdn: one.msisdn, amount, channel: 'web', key: `${one.msisdn} ${amount}` },
    ...{ card: card.value, name: new Secret(name), payee: '*晚' },
  })
}

async function ask(one: Debtor): Promise<void> {
  const { msisdn, pin } = one
  expect((await give(one, person.name, 25_00n)).ok).toBe(true)
  for (const text of ['CZ100', pin, 'TXK20', pin, 'HK15', pin]) await place.say(life, msisdn, text)
  await place.say(life, msisdn, '6021 100')
}

const faultsOf = (kind: BankFaultKind): BankFault[] => {
  if (kind === 'away' || kind === 'clock_off') return [{ kind }]
  if (kind === 'accepts') return [{ kind, count: 3, on: 'credit' }]
  const late = { lateMs: 4_000 }
  const reversal = { kind, count: 2, on: 'reversal', ...late } as const
  return [
    { kind, count: 2, on: 'purchase', ...late },
    { kind, count: 3, on: 'credit', ...late },
    ...(isThorough ? [reversal] : []),
  ]
}

const ended = /^(delivered|charge_failed|done|refused|reversed|paid|returned)$/

const countOf = (faults: readonly BankFault[]) =>
  faults.reduce((sum, { count = 0 }) => sum + count, 0)

let numbers = 0
/** A card of each kind, and the bill of the one read with the PIN. */
async function debtor(bank: BankName): Promise<Debtor> {
  numbers += 1
  const [msisdn, owing] = [msisdnOf(numbers), creditCards.get(numbers)?.[bank] ?? '']
  const one = await customer(place, life, { msisdn, bank, inWallet: funds })
  await bindAt(place, life, { msisdn, bank, pan: owing })
  for (const text of ['ZD', one.pin]) await place.say(life, msisdn, text)
  await life.settle()
  expect(place.sentTo(msisdn).join()).toMatch(/待还50.00元/)
  return { ...one, owing, stranger: issueCard(place, { bank, msisdn: strangerOf(numbers) }) }
}

test.each(kinds.map((kind, at) => [kind, at] as const))('%s', async (kind, at) => {
  const banks = isThorough ? bankNames : bankNames.slice(at % 2, (at % 2) + 1)
  await life.ready()
  const customers: Debtor[] = []
  for (const bank of banks) customers.push(await debtor(bank))
  untruths.clear()
  ;(kind === lie ? deceived : struck).push(...customers)
  await Promise.all(customers.map(ask))
  await life.sendTexts()
  for (const { msisdn } of customers)
    expect(place.sentTo(msisdn).join()).toMatch(/回6位支付密码确认/)
  for (const bank of banks)
    for (const fault of faultsOf(kind)) await place.banks[bank].addFault(fault)
  for (const { msisdn, pin } of customers) await place.reply(life, msisdn, pin)
  await settleTruly(customers)
  const waits = kind.endsWith('late') ? 500 : 0
  await new Promise((resolve) => setTimeout(resolve, waits))
  await life.pass(3 * minute, () => settleTruly(customers))
  for (const bank of banks) {
    // A link that was cut may have kept one of them from its message.
    const given = countOf(faultsOf(kind))
    const left = countOf(place.banks[bank].faults())
    expect([kind, left < given || given === 0]).toEqual([kind, true])
    await place.banks[bank].clearFaults()
  }
  await life.ready()
  await life.pass(20 * minute, () => settleTruly(customers))
  for (const one of customers)
    for (const act of acts)
      expect([one.bank, act.amount, doneFor(one, act) <= 1]).toEqual([one.bank, act.amount, true])
  if (kind !== lie) expect([...untruths]).toEqual([])
  expect(await offencesIn(place.db)).toEqual([])
})

test('a transfer goes to a card whose holder has the name, and comes back from any other', async () => {
  const one = await debtor('jiangcheng')
  await give(one, '林午', 33_00n)
  await settleTruly([one])
  expect(place.sentTo(one.msisdn).at(-1)).toMatch(/转账到卡未成功：收款账户有误，33.10元已退回/)
  await give(one, person.name, 34_00n)
  await settleTruly([one])
  expect(place.sentTo(one.msisdn).at(-1)).toBe(
    `转账34.00元，银行已付至*晚尾号${one.stranger.slice(-4)}。`,
  )
  const done = (amount: bigint) =>
    doneAt(place, { ...one, pan: one.stranger }, { kind: 'credit', amount })
  expect([done(33_00n), done(34_00n)]).toEqual([0, 1])
})

test('in the end the files decide what nobody knew, and the books of banks and wallet are the same', async () => {
  for (const bank of bankNames)
    for (const { key } of place.banks[bank].undecided()) place.banks[bank].decide(key, 'done')
  // What is in no file may still be in the next one.
  for (let days = 0; days < 2; days += 1) {
    await life.pass(24 * hour)
    place.banks.publish()
    await life.ready()
    await life.pass(3 * hour)
  }
  expect(struck.length).toBeGreaterThanOrEqual(kinds.length - 1)
  for (const one of struck) {
    const { items } = await life.core.payments.list({
      ...{ msisdn: one.msisdn, order: 'asc', offset: 0, limit: 9 },
    })
    const movements = await life.core.cards.wallet.movements({ walletId: one.walletId, limit: 9 })
    const ends = [...items, ...movements].filter(({ amount }) => amount !== funds)
    const ours = acts.map(({ amount }) => {
      const states = ends.filter((one) => one.amount === amount).map(({ state }) => state)
      return states.filter((state) => /^(delivering|delivered|done|paid)$/.test(state)).length
    })
    const open = ends.filter(({ state }) => !ended.test(state))
    expect([one.msisdn, ...open.map(({ state, amount }) => `${amount} ${state}`)]).toEqual([
      one.msisdn,
    ])
    expect([one.msisdn, ...ours]).toEqual([one.msisdn, ...acts.map((act) => doneFor(one, act))])
    for (const { id, kind } of movements.filter((one) =>
      /withdrawal|repayment|card_transfer/.test(one.kind),
    )) {
      const sent = await exchangesOf(place, id)
      const last = sent.findIndex(({ state }) => state !== 'refused' && state !== 'unsent')
      const final = last < 0 ? sent.length - 1 : last
      expect([one.msisdn, kind, sent.length - 1]).toEqual([one.msisdn, kind, final])
    }
  }
  for (const act of acts)
    expect([act.no, struck.some((one) => doneFor(one, act) === 1)]).toEqual([act.no, true])
  const lied = (bank: BankName) =>
    BigInt(deceived.filter((one) => one.bank === bank).length) *
    (10_00n + 100_00n - 20_00n - 15_00n - 25_00n)
  const clearing = await clearingOf(place)
  for (const bank of bankNames) {
    const [theirs, ours] = clearing[bank]
    expect([bank, ours + lied(bank)]).toEqual([bank, theirs])
    expect(place.banks[bank].complaints()).toEqual([])
  }
  const differences = await place.db.query<{ count: bigint }>(
    "select count(*) as count from bank_difference where state <> 'resolved'",
  )
  expect(differences).toEqual([{ count: BigInt(acts.length * deceived.length) }])
  expect(await offencesIn(place.db)).toEqual([])
}, 120_000)
