/**
 * Random messages under random faults, then the accounts: what the bank told, what its books hold and
 * what its daily files say must be one story. The model is the platform's side of the wire alone.
 */
import { textOf } from '@telepurse/iso8583'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  amountField,
  type BankClient,
  cardOf,
  day,
  hour,
  openBank,
  panOf,
} from '../../test/bank-client.ts'
import { dateAfter } from './calendar.ts'
import type { Bank } from './contract.ts'
import type { Fault, FaultKind } from './fault.ts'
import { keyOf } from './request.ts'
import { transactionKinds } from './transaction.ts'

const opening = 300_00n
const cards = [1, 2].map((number) => cardOf(number, { balance: opening }))

type Step =
  | { step: 'purchase' | 'credit'; card: number; amount: bigint }
  /** A purchase whose reversal is sent first; it may come later as a repeat. */
  | { step: 'overtaken'; card: number; amount: bigint }
  | { step: 'repeat'; message: number }
  | { step: 'void' | 'reverse' | 'reverse_void' | 'refund'; message: number }
  | { step: 'decide'; outcome: 'done' | 'refused' }
  | { step: 'wait'; hours: number }
  | { step: 'fault'; fault: Fault }

const strikingKinds: readonly FaultKind[] = [
  'lost_request',
  'lost_answer',
  'answers_late',
  'works_late',
  'answers_twice',
  'drops_link',
  'approves_and_drops_link',
  'approves_and_dies',
  'refuses',
  'declines_after_approving',
  'accepts',
  'wrong_mac',
  'other_stan',
  'cut_length',
  'two_in_one',
  'in_pieces',
  'garbage',
  'half_open',
  'mac_key_out_of_step',
  'pin_key_out_of_step',
]

const card = fc.nat(1)
const amount = fc.constantFrom(1n, 10_00n, 30_00n, 120_00n)
const message = fc.nat(30)
const name = <Name extends Step['step']>(step: Name) => fc.constant(step)
const anyFault: fc.Arbitrary<Fault> = fc.record(
  {
    kind: fc.constantFrom(...strikingKinds),
    on: fc.constantFrom(...transactionKinds),
    count: fc.constantFrom(1, 1, 2),
    percent: fc.constantFrom(50, 100),
    lateMs: fc.constantFrom(500, 5_000, 3_600_000),
  },
  { requiredKeys: ['kind', 'on', 'count'], noNullPrototype: true },
)
const fault: fc.Arbitrary<Fault> = fc.oneof(
  { weight: 5, arbitrary: anyFault },
  { weight: 1, arbitrary: fc.constant<Fault>({ kind: 'accepts', on: 'credit', count: 3 }) },
)
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 7, arbitrary: fc.record({ step: name('purchase'), card, amount }) },
  { weight: 3, arbitrary: fc.record({ step: name('credit'), card, amount }) },
  { weight: 2, arbitrary: fc.record({ step: name('overtaken'), card, amount }) },
  { weight: 4, arbitrary: fc.record({ step: name('repeat'), message }) },
  { weight: 5, arbitrary: fc.record({ step: name('reverse'), message }) },
  { weight: 3, arbitrary: fc.record({ step: name('void'), message }) },
  { weight: 2, arbitrary: fc.record({ step: name('reverse_void'), message }) },
  { weight: 2, arbitrary: fc.record({ step: name('refund'), message }) },
  {
    weight: 1,
    arbitrary: fc.record({
      step: name('decide'),
      outcome: fc.constantFrom<'done' | 'refused'>('done', 'refused'),
    }),
  },
  { weight: 2, arbitrary: fc.record({ step: name('wait'), hours: fc.constantFrom(1, 7, 15) }) },
  { weight: 5, arbitrary: fc.record({ step: name('fault'), fault }) },
)

type Sent = ReturnType<BankClient['make']>
/** What the platform knows of a purchase: the codes it heard, with a right MAC, about it. */
interface Known {
  readonly sent: Sent
  readonly codes: Set<string>
  readonly reversals: Set<string>
}

/** Plays the steps and gives the platform's knowledge, with all faults gone and all of it over. */
async function play(steps: readonly Step[]) {
  const {
    bank,
    clock,
    client: first,
    relink,
  } = await openBank({
    cards,
    cutOver: { at: '23:00', lastsMs: 0 },
  })
  let client = first
  const clients = [first]
  const purchases: Known[] = []
  const reversals: { readonly of: Known; readonly sent: Sent }[] = []
  const others: Sent[] = []
  const voids: Sent[] = []
  const firstFiles = new Map<string, ReturnType<Bank['dailyFile']>>()
  // Trace numbers go on over all links, as the platform's do.
  const make = (mti: string, fields: Sent['fields']) => first.make(mti, fields)
  async function send(sent: Sent) {
    const isDeaf = async () =>
      client.isClosed() || (await client.codeOf(make('0820', { 70: '301' }))) !== '00'
    if (!bank.state().signedOn || (await isDeaf())) {
      client = relink()
      clients.push(client)
      client.useKeys(clients.at(-2)?.keys())
      const code = await client.codeOf(make('0800', { 70: '001' }))
      if (code !== '00') throw new Error(`sign-on: ${code}`)
      await client.exchangeKeys()
    }
    const answer = await client.ask(sent)
    if (answer?.code === 'A0') await client.exchangeKeys()
    // A second each, so that no two messages share field 7.
    await clock.pass(1_000)
  }
  const isPurchase = (at: number) => purchases[at % Math.max(1, purchases.length)]
  const about = async (mti: '0420' | '0200' | '0220', at: number) => {
    const known = isPurchase(at)
    if (!known) return
    const half = { 4: amountField(BigInt(String(known.sent.fields[4])) / 2n + 1n) }
    const { fields } = first.about(mti, known.sent, mti === '0220' ? half : {})
    const sent = { mti, fields }
    if (mti === '0420') reversals.push({ of: known, sent })
    else others.push(sent)
    if (mti === '0200') voids.push(sent)
    await send(sent)
  }
  const buy = (number: number, price: bigint): Known => {
    const sent = first.purchase(panOf(number + 1), price)
    const known = { sent, codes: new Set<string>(), reversals: new Set<string>() }
    purchases.push(known)
    return known
  }
  for (const one of steps) {
    if (one.step === 'purchase') await send(buy(one.card, one.amount).sent)
    else if (one.step === 'overtaken') {
      buy(one.card, one.amount)
      await about('0420', purchases.length - 1)
    } else if (one.step === 'credit') {
      const sent = first.credit(panOf(one.card + 1), one.amount)
      others.push(sent)
      await send(sent)
    } else if (one.step === 'repeat') {
      const all = [
        ...purchases.map(({ sent }) => sent),
        ...reversals.map((it) => it.sent),
        ...others,
      ]
      const sent = all[one.message % Math.max(1, all.length)]
      if (sent) await send(sent)
    } else if (one.step === 'reverse_void') {
      const voided = voids[one.message % Math.max(1, voids.length)]
      if (voided) await send(first.about('0420', voided))
    } else if (one.step === 'reverse') await about('0420', one.message)
    else if (one.step === 'void') await about('0200', one.message)
    else if (one.step === 'refund') await about('0220', one.message)
    else if (one.step === 'decide') {
      const [open] = bank.undecided()
      if (open) bank.decide(open.key, one.outcome)
    } else if (one.step === 'wait') await clock.pass(one.hours * hour)
    else if (one.step === 'fault') await bank.addFault(one.fault)
    const closed = dateAfter(bank.businessDay(), -1)
    if (!firstFiles.has(closed)) firstFiles.set(closed, bank.dailyFile(closed))
  }
  await bank.clearFaults()
  await clock.pass(2 * day)
  const heard = (sent: Sent) =>
    clients.flatMap((each) =>
      each.answersTo(sent).flatMap(({ code, signed }) => (code && signed ? [code] : [])),
    )
  for (const known of purchases) for (const code of heard(known.sent)) known.codes.add(code)
  for (const { of, sent } of reversals) for (const code of heard(sent)) of.reversals.add(code)
  await send(make('0820', { 70: '301' }))
  return { bank, client, make, purchases, firstFiles }
}

interface Row {
  readonly date: string
  readonly key: string
  readonly type: string
  readonly amount: bigint
  readonly state: string
  readonly original: string
}

function filesOf(bank: Bank): { readonly rows: Row[]; readonly dates: string[] } {
  const dates: string[] = []
  for (let date = '20260912'; bank.dailyFile(date).ok; date = dateAfter(date, 1)) dates.push(date)
  const rows = dates.flatMap((date) => {
    const file = bank.dailyFile(date)
    const lines = file.ok ? file.value.split('\n').slice(1, -2) : []
    return lines.map((line) => {
      const [key = '', type = '', money = '', , state = '', original = ''] = line.split('|')
      return { date, key, type, amount: BigInt(money), state, original }
    })
  })
  return { rows, dates }
}

const isGiven = ({ type, original }: Row, rows: readonly Row[]) =>
  type !== 'purchase' &&
  !(type === 'reversal' && rows.some((row) => row.key === original && row.type === 'void'))

test('told, booked and filed are one story, whatever goes wrong', async () => {
  const seen = { approved: 0, reversed: 0, early: 0, faults: 0, unvoided: 0, accepted: 0 }
  await fc.assert(
    fc.asyncProperty(
      fc.array(step, { minLength: 25, maxLength: 60, size: 'max' }),
      async (steps) => {
        const { bank, client, make, purchases, firstFiles } = await play(steps)
        const { rows, dates } = filesOf(bank)
        expect(bank.complaints()).toEqual([])
        // A closed day says the same for ever.
        for (const [date, file] of firstFiles) expect(bank.dailyFile(date)).toEqual(file)
        // Nothing is in two files, or twice in one, but a credit that was accepted and then decided.
        const final = rows.filter(({ state }) => state !== 'accepted')
        expect(new Set(final.map(({ type, key }) => `${type} ${key}`)).size).toBe(final.length)
        // Each original is undone at most once.
        const undone = rows
          .filter(({ type }) => type === 'reversal')
          .map(({ original }) => original)
        expect(new Set(undone).size).toBe(undone.length)
        for (const { sent, codes, reversals } of purchases) {
          const key = keyOf(sent) ?? ''
          const filed = rows.filter((row) => row.key === key && row.type === 'purchase').length
          if (codes.has('00')) expect(filed).toBe(1)
          if (reversals.has('25')) expect(filed).toBe(0)
          if (reversals.has('00')) expect(undone.filter((it) => it === key).length).toBe(filed)
          seen.approved += codes.has('00') ? 1 : 0
          seen.reversed += reversals.has('00') ? 1 : 0
          seen.early += reversals.has('25') ? 1 : 0
        }
        seen.accepted += rows.filter(({ state }) => state === 'accepted').length
        seen.unvoided += rows.filter((row) => row.type === 'reversal' && !isGiven(row, rows)).length
        seen.faults += steps.filter((one) => one.step === 'fault').length
        // Balances are the openings and what the files say.
        const done = rows.filter(({ state }) => state === 'done')
        const signed = (row: Row) => (isGiven(row, rows) ? row.amount : -row.amount)
        const moved = done.reduce((sum, row) => sum + signed(row), 0n)
        expect(bank.ownBalances()).toEqual({ clearing: -moved, vault: -2n * opening })
        for (const { pan } of cards) {
          const mine = new Set(
            bank.transactions().flatMap((it) => (it.pan === pan ? [it.key] : [])),
          )
          const own = done
            .filter(({ key }) => mine.has(key))
            .reduce((sum, row) => sum + signed(row), 0n)
          expect(bank.card(pan)?.balance).toBe(opening + own)
        }
        // The totals of each cut-over are those of its file.
        for (const date of dates) {
          const told = await client.ask(make('0820', { 70: '201', 15: date.slice(4) }))
          const sums = [86, 87, 88, 89].map((field) =>
            BigInt(textOf(told?.message ?? make('', {}), field) ?? '-1'),
          )
          const sumOf = (reversal: boolean, given: boolean) =>
            done
              .filter((row) => row.date === date && (row.type === 'reversal') === reversal)
              .filter((row) => isGiven(row, rows) === given)
              .reduce((sum, row) => sum + row.amount, 0n)
          expect(sums).toEqual([
            sumOf(false, true),
            sumOf(true, false),
            sumOf(false, false),
            sumOf(true, true),
          ])
        }
        await bank.close()
      },
    ),
    { numRuns: 60, seed: 20260912 },
  )
  // The runs went where they were meant to go.
  expect(Math.min(...Object.values(seen)), JSON.stringify(seen)).toBeGreaterThan(10)
})
