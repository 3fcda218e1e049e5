/**
 * Every fault of the simulated bank during a purchase, a top-up and a withdrawal by text, with a wallet's PIN and
 * with a bank's. Whatever happens, money moves once or not at all, nobody is told "not paid" of what is taken,
 * and when the bank's file has come its books and ours are the same. `npm run card-faults` strikes both banks
 * with each, and reversals too.
 */
import type { BankFault, BankFaultKind } from '@telepurse/simulators'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { faultKinds } from '../../simulators/src/bank/fault.ts'
import { offencesIn } from '../books.ts'
import { type BankName, bankNames } from './banks.ts'
import { type Customer, clearingOf, customer, doneAt, exchangesOf } from './customers.ts'
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
})
afterAll(() => place?.close())
afterEach(async () => {
  for (const bank of bankNames) await place.banks[bank].clearFaults()
})

const struck: Customer[] = []
/** Of a bank that signs a no to what it has done: we say what it says, and its file shows the difference. */
const lie: BankFaultKind = 'declines_after_approving'
const deceived: Customer[] = []
/** What the customers of one fault were told that was not so. */
const untruths = new Set<string>()

/** Of each of the three, by the amount: what is said of it when nothing is taken, and what the bank has done. */
const acts = [
  { amount: 10_00n, kind: 'purchase', no: /^未支付/ },
  { amount: 100_00n, kind: 'purchase', no: /^充值100.00元未成功/ },
  { amount: 20_00n, kind: 'credit', no: /提现未成功/ },
] as const

/** Looks after each round of work: a "no" that becomes true later was a lie when it was said. */
async function stepTruly(customers: readonly Customer[]): Promise<number> {
  const worked = await life.step()
  for (const one of customers)
    for (const { no, ...act } of acts)
      if (place.sentTo(one.msisdn).some((text) => no.test(text)) && doneAt(place, one, act) > 0)
        untruths.add(`${one.bank} ${act.amount}: ${place.sentTo(one.msisdn).join(' | ')}`)
  return worked
}
async function settleTruly(customers: readonly Customer[]): Promise<void> {
  for (let round = 0; round < 100; round += 1) if ((await stepTruly(customers)) === 0) return
  throw new Error('there is always something due')
}

async function ask(one: Customer): Promise<void> {
  const { msisdn, pin } = one
  for (const text of ['CZ100', pin, 'TXK20', pin]) await place.say(life, msisdn, text)
  await place.say(life, msisdn, '6021 100')
}

const faultsOf = (kind: BankFaultKind): BankFault[] => {
  if (kind === 'away' || kind === 'clock_off') return [{ kind }]
  if (kind === 'accepts') return [{ kind, count: 1, on: 'credit' }]
  const late = { lateMs: 4_000 }
  const reversal = { kind, count: 2, on: 'reversal', ...late } as const
  return [
    { kind, count: 2, on: 'purchase', ...late },
    { kind, count: 1, on: 'credit', ...late },
    ...(isThorough ? [reversal] : []),
  ]
}

const ended = /^(delivered|charge_failed|done|refused|reversed|paid|returned)$/

const countOf = (faults: readonly BankFault[]) =>
  faults.reduce((sum, { count = 0 }) => sum + count, 0)

let numbers = 0
const newCustomers = (banks: readonly BankName[]) =>
  Promise.all(
    banks.map((bank) => {
      numbers += 1
      const msisdn = `+861390003${String(numbers).padStart(4, '0')}`
      return customer(place, life, { msisdn, bank, inWallet: 50_00n })
    }),
  )

test.each(kinds.map((kind, at) => [kind, at] as const))('%s', async (kind, at) => {
  const banks = isThorough ? bankNames : bankNames.slice(at % 2, (at % 2) + 1)
  await life.ready()
  const customers = await newCustomers(banks)
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
      expect([one.bank, act.amount, doneAt(place, one, act) <= 1]).toEqual([
        one.bank,
        act.amount,
        true,
      ])
  if (kind !== lie) expect([...untruths]).toEqual([])
  expect(await offencesIn(place.db)).toEqual([])
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
    const ends = [...items, ...movements].filter(({ amount }) => amount !== 50_00n)
    const ours = acts.map(({ amount }) => {
      const states = ends.filter((one) => one.amount === amount).map(({ state }) => state)
      return states.filter((state) => /^(delivering|delivered|done|paid)$/.test(state)).length
    })
    const open = ends.filter(({ state }) => !ended.test(state))
    expect([one.msisdn, ...open.map(({ state, amount }) => `${amount} ${state}`)]).toEqual([
      one.msisdn,
    ])
    expect([one.msisdn, ...ours]).toEqual([
      one.msisdn,
      ...acts.map((act) => doneAt(place, one, act)),
    ])
    const withdrawal = movements.find(({ kind }) => kind === 'withdrawal')
    const sent = await exchangesOf(place, withdrawal?.id ?? '')
    const last = sent.findIndex(({ state }) => state !== 'refused' && state !== 'unsent')
    expect([one.msisdn, sent.length - 1]).toEqual([one.msisdn, last < 0 ? sent.length - 1 : last])
  }
  const lied = (bank: BankName) =>
    BigInt(deceived.filter((one) => one.bank === bank).length) * (10_00n + 100_00n - 20_00n)
  const clearing = await clearingOf(place)
  for (const bank of bankNames) {
    const [theirs, ours] = clearing[bank]
    expect([bank, ours + lied(bank)]).toEqual([bank, theirs])
    expect(place.banks[bank].complaints()).toEqual([])
  }
  const differences = await place.db.query<{ count: bigint }>(
    "select count(*) as count from bank_difference where state <> 'resolved'",
  )
  expect(differences).toEqual([{ count: BigInt(3 * deceived.length) }])
  expect(await offencesIn(place.db)).toEqual([])
})
