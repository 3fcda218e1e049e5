/** The second truth: what the bank says of a day, and how it can be made to say something else. */
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { amountField, day, hour, openBank, panOf } from '../../test/bank-client.ts'
import type { Bank } from './contract.ts'

const pan = panOf(1)
const fileOf = (bank: Bank, date: string): string => {
  const file = bank.dailyFile(date)
  return file.ok ? file.value : file.refusal
}
const linesOf = (bank: Bank, date: string) => fileOf(bank, date).split('\n').slice(0, -1)
const isWhole = (file: string) => {
  const body = file.slice(0, file.lastIndexOf('T|'))
  return file.trimEnd().endsWith(`|${createHash('sha256').update(body).digest('hex')}`)
}

/** A day with one of everything, and the next one with what came late. */
async function twoDays() {
  const open = await openBank({ cutOver: { at: '23:00', lastsMs: 0 } })
  const { bank, clock, client } = open
  const [kept, reversed, voided] = [100_00n, 20_00n, 30_00n].map((it) => client.purchase(pan, it))
  if (!kept || !reversed || !voided) throw new Error('three purchases')
  for (const message of [kept, reversed, voided]) await client.ask(message)
  await client.ask(client.purchase(pan, 5_000_00n))
  await client.ask(client.about('0420', reversed))
  await client.ask(client.about('0421', reversed))
  await client.ask(client.about('0200', voided))
  await client.ask(client.credit(pan, 7_00n))
  await bank.addFault({ kind: 'accepts' })
  for (let n = 1n; n <= 3n; n += 1n) await client.ask(client.credit(pan, n))
  const [now, later, never] = bank.undecided().map(({ key }) => key)
  bank.decide(now ?? '', 'done')
  await clock.pass(12 * hour)
  bank.decide(later ?? '', 'done')
  bank.decide(never ?? '', 'refused')
  await client.ask(client.about('0220', kept, { 4: amountField(40_00n) }))
  await clock.pass(day)
  return { ...open, kept }
}

test('a day that is not over has no file', async () => {
  const { bank, clock } = await openBank()
  expect(bank.dailyFile('20260912')).toEqual({ ok: false, refusal: 'day_not_closed' })
  await clock.pass(day)
  expect(linesOf(bank, '20260912')).toEqual([
    'H|first_bank|20260912|0|0|0',
    expect.stringMatching(/^T\|0\|[0-9a-f]{64}$/),
  ])
})

test('every movement is a row, what was declined is not, and what was accepted comes again when decided', async () => {
  const { bank, kept } = await twoDays()
  const [header, ...rows] = linesOf(bank, '20260912')
  expect(header).toBe('H|first_bank|20260912|9|15000|5701')
  const key = `${kept.fields[11]}${kept.fields[7]}0009902000000099010000`
  expect(rows[0]).toBe(`${key}|purchase|10000|20|done|`)
  expect(rows.slice(0, -1).map((row) => row.split('|').slice(1, 5))).toEqual([
    ['purchase', '10000', '20', 'done'],
    ['purchase', '2000', '4', 'done'],
    ['purchase', '3000', '6', 'done'],
    ['reversal', '2000', '0', 'done'],
    ['void', '3000', '0', 'done'],
    ['credit', '700', '0', 'done'],
    ['credit', '1', '0', 'done'],
    ['credit', '2', '0', 'accepted'],
    ['credit', '3', '0', 'accepted'],
  ])
  const [reversed, reversal] = [rows[1], rows[3]].map((row) => row?.split('|') ?? [])
  expect(reversal?.[5]).toBe(reversed?.[0])
  const next = linesOf(bank, '20260913').map((line) => line.split('|').slice(0, 6))
  expect(next.slice(0, -1)).toEqual([
    ['H', 'first_bank', '20260913', '3', '0', '4002'],
    [rows[7]?.split('|')[0], 'credit', '2', '0', 'done', ''],
    [rows[8]?.split('|')[0], 'credit', '3', '0', 'refused', ''],
    [expect.any(String), 'refund', '4000', '0', 'done', key],
  ])
  expect(['20260912', '20260913'].every((date) => isWhole(fileOf(bank, date)))).toBe(true)
})

test('the file in the README is that of this day', async () => {
  const { bank } = await twoDays()
  const readme = readFileSync(new URL('./README.md', import.meta.url), 'utf8')
  expect(readme).toContain(`\n${fileOf(bank, '20260912')}\``)
})

test('totals, file and the books of the bank say the same', async () => {
  const { bank } = await twoDays()
  const [, , , , debit, credit] = (linesOf(bank, '20260912')[0] ?? '').split('|')
  const { credits, creditReversals, debits, debitReversals } = bank.totals('20260912')
  expect(debits.amount + creditReversals.amount).toBe(BigInt(debit ?? ''))
  expect(credits.amount + debitReversals.amount).toBe(BigInt(credit ?? ''))
  expect(bank.ownBalances().clearing).toBe(150_00n - 57_01n - 40_02n)
  expect(bank.complaints()).toEqual([])
})

test('a file can be made wrong on purpose, in ways that only a comparison finds', async () => {
  const { bank } = await twoDays()
  const date = '20260912'
  const right = linesOf(bank, date)
  const wrong = (fault: Parameters<Bank['distortFile']>[1]) => {
    bank.distortFile(date, fault)
    return linesOf(bank, date)
  }
  const [missing, extra, other] = [wrong('missing_row'), wrong('extra_row'), wrong('other_amount')]
  expect(missing.slice(1, -1)).toEqual(right.slice(2, -1))
  expect(missing[0]).toBe('H|first_bank|20260912|8|5000|5701')
  expect(extra.slice(1, -2)).toEqual(right.slice(1, -1))
  expect(extra[0]).toBe('H|first_bank|20260912|10|16500|5701')
  expect(other[1]).toBe(right[1]?.replace('|10000|', '|10001|'))
  for (const lines of [missing, extra, other])
    expect(isWhole(lines.map((line) => `${line}\n`).join(''))).toBe(true)
  bank.distortFile(date, 'wrong_hash')
  expect(isWhole(fileOf(bank, date))).toBe(false)
  expect(wrong(undefined)).toEqual(right)
})
