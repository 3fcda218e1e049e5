/** What is decided without a line: the breaker, opening hours, trace numbers, totals, keys on their way. */
import { iso87Ascii, unionPayHost, writeSignOnKeys } from '@telepurse/iso8583'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { compareTotals } from '../../bank-cards/index.ts'
import { createBusinessTime } from '../../kernel/index.ts'
import { createBreaker } from './breaker.ts'
import { createTally } from './daily-file.ts'
import { opensAt } from './hours.ts'
import { keyUseOf, readKeys, securityControlOf, writeBothKeys, writeKey } from './key-messages.ts'
import { createStanGuard, createStanSource, stanMax } from './stan.ts'
import { awaitedKeyOf, responseMtiOf } from './wire.ts'
import { macFunction } from './zone-keys.ts'

const limits = { troublesMax: 2, openMs: 100, openMaxMs: 300 }

test('a breaker opens after troubles in a row, and one good trial closes it', () => {
  const breaker = createBreaker(limits)
  expect(breaker.onTrouble(0)).toBe(false)
  breaker.onAnswer()
  expect(breaker.onTrouble(1)).toBe(false)
  expect(breaker.onTrouble(2)).toBe(true)
  expect([breaker.state, breaker.trialAt]).toEqual(['open', 102])
  expect(breaker.onTrouble(3)).toBe(false)
  breaker.onTrial(true, 4)
  expect(breaker.state).toBe('open')
  const trial = (good: boolean, now: number) => {
    breaker.beginTrial()
    breaker.onTrial(good, now)
    return breaker.trialAt
  }
  expect([trial(false, 110), trial(false, 400), trial(false, 800)]).toEqual([310, 700, 1100])
  expect(trial(true, 1200)).toBeUndefined()
  expect(breaker.state).toBe('closed')
  expect([breaker.onTrouble(1300), breaker.onTrouble(1300), breaker.trialAt]).toEqual([
    ...[false, true, 1400],
  ])
})

const shanghai = createBusinessTime('Asia/Shanghai')
const at = (text: string, zone = '+08:00') => Date.parse(`${text}${zone}`)
const weekdays = { days: [1, 2, 3, 4, 5], from: '08:30', to: '17:00' }

test.each([
  ['without hours it is always open', [], '2026-02-07T03:00:00', undefined],
  ['open', [weekdays], '2026-02-05T08:30:00', undefined],
  ['the last second', [weekdays], '2026-02-05T16:59:59', undefined],
  ['too early', [weekdays], '2026-02-05T08:29:59', '2026-02-05T08:30:00'],
  ['too late', [weekdays], '2026-02-05T17:00:00', '2026-02-06T08:30:00'],
  ['over a weekend', [weekdays], '2026-02-06T18:00:00', '2026-02-09T08:30:00'],
  [
    'a lunch break',
    [weekdays, { ...weekdays, days: [6] }],
    '2026-02-06T18:00:00',
    '2026-02-07T08:30:00',
  ],
  ['to midnight', [{ ...weekdays, to: '24:00' }], '2026-02-05T23:59:59', undefined],
] as const)('%s', (_, hours, now, opens) => {
  expect(opensAt(hours, shanghai, at(now))).toBe(opens === undefined ? undefined : at(opens))
})

test('a day that is an hour shorter opens by the clock on the wall', () => {
  const berlin = createBusinessTime('Europe/Berlin')
  const hours = [{ days: [7], from: '09:00', to: '10:00' }]
  expect(opensAt(hours, berlin, at('2026-03-28T12:00:00', 'Z'))).toBe(
    at('2026-03-29T07:00:00', 'Z'),
  )
})

test('trace numbers go round, and one that comes twice a day is noticed', () => {
  const source = createStanSource(stanMax - 1)
  expect([source.nextStan(), source.nextStan()]).toEqual([stanMax, 1])
  const guard = createStanGuard()
  const exchange = (transmittedAt: string) => ({ stan: 5, transmittedAt })
  expect(guard.check(exchange('0205102241'))).toBe('new')
  const unmark = guard.mark(exchange('0205102241'))
  expect(guard.check(exchange('0205102241'))).toBe('same')
  expect(guard.check(exchange('0205102242'))).toBe('reused')
  expect(guard.check(exchange('0206000000'))).toBe('new')
  unmark()
  expect(guard.check(exchange('0205102242'))).toBe('new')
})

test('a day of trace numbers without a repetition is let through, and the first repetition is not', () => {
  const guard = createStanGuard()
  const source = createStanSource()
  const take = () => {
    const exchange = {
      stan: source.nextStan(),
      transmittedAt: `0205${String(time++).padStart(6, '0')}`,
    }
    const known = guard.check(exchange)
    guard.mark(exchange)
    return known
  }
  let time = 0
  for (let n = 0; n < stanMax; n += 1) if (take() !== 'new') throw new Error(`number ${n}`)
  expect(take()).toBe('reused')
})

test('a request and its answer are told from all others', () => {
  expect(['0100', '0200', '0220', '0420', '0421', '0800', '0820'].map(responseMtiOf)).toEqual([
    ...['0110', '0210', '0230', '0430', '0430', '0810', '0830'],
  ])
  const fields = { 7: '0205102241', 11: '000001', 32: '1', 33: '2' }
  expect(awaitedKeyOf({ mti: '0421', fields })).toBe('0430|000001|0205102241|1|2')
})

const octetsOf = (length: number) => fc.uint8Array({ minLength: length, maxLength: length })

test.each([unionPayHost, iso87Ascii])('keys over $name are read as they were written', (spec) => {
  fc.assert(
    fc.property(
      fc.constantFrom(8, 16, 24).chain(octetsOf),
      octetsOf(4),
      fc.constantFrom('pin' as const, 'mac' as const),
      (wrapped, checkValue, use) => {
        const fields = {
          48: writeKey(spec, { wrapped, checkValue }),
          53: securityControlOf(use, 16),
        }
        expect(readKeys({ mti: '0800', fields })).toEqual([{ use, wrapped, checkValue }])
      },
    ),
    { numRuns: 50 },
  )
  fc.assert(
    fc.property(octetsOf(16), octetsOf(16), octetsOf(4), (pin, mac, checkValue) => {
      mac[8] = 1
      const pinKey = { wrapped: pin, checkValue }
      const macKey = { wrapped: mac, checkValue }
      const fields = { 48: writeBothKeys(spec, writeSignOnKeys({ pinKey, macKey })) }
      expect(readKeys({ mti: '0810', fields })).toEqual([
        { use: 'pin', ...pinKey },
        { use: 'mac', ...macKey },
      ])
    }),
    { numRuns: 50 },
  )
})

test('which key it is stands in field 53, and other contents of 48 are no key', () => {
  const use = (text: string) => keyUseOf({ mti: '0800', fields: { 53: text } })
  expect([use(securityControlOf('pin', 16)), use(securityControlOf('mac', 8)), use('9')]).toEqual([
    ...['pin', 'mac', undefined],
  ])
  expect(securityControlOf('mac', 8)).toBe('2000000000000000')
  for (const text of ['', 'NK', 'NK008', `NK011${'00'.repeat(11)}`, `XX012${'00'.repeat(12)}`])
    expect(readKeys({ mti: '0800', fields: { 48: text, 53: '2' } })).toEqual([])
})

test('a MAC key of the wrong form is refused where it is wired, not where money is', () => {
  const half = { blockOctets: 8 } as never
  expect(() => macFunction({ algorithm: 'retail', padding: 1 }, half)).toThrow('in halves')
  expect(() => macFunction({ algorithm: 'cbc', padding: 1 }, { left: half, right: half })).toThrow(
    'whole key',
  )
})

test('totals of the bank are compared with its file, each with its number and amount', () => {
  const tally = createTally()
  const row = { fee: 0n, state: 'done' } as const
  for (const next of [
    { ...row, key: '1', kind: 'purchase', amount: 1000n },
    { ...row, key: '2', kind: 'purchase', amount: 500n },
    { ...row, key: '3', kind: 'reversal', amount: 500n, original: '2' },
    { ...row, key: '4', kind: 'void', amount: 200n, original: '1' },
    { ...row, key: '5', kind: 'reversal', amount: 200n, original: '4' },
    { ...row, key: '6', kind: 'refund', amount: 70n, original: '1' },
    { ...row, key: '7', kind: 'credit', amount: 30n },
    { ...row, key: '8', kind: 'credit', amount: 9n, state: 'accepted' },
    { ...row, key: '9', kind: 'credit', amount: 8n, state: 'refused' },
  ] as const)
    tally.add(next)
  const announced = {
    settlementDate: '0205',
    debits: { count: 2, amount: 1500n },
    debitReversals: { count: 1, amount: 500n },
    credits: { count: 3, amount: 300n },
    creditReversals: { count: 1, amount: 200n },
  }
  expect(compareTotals(announced, tally.summary())).toEqual([])
  expect(tally.summary()).toMatchObject({ count: 9, debit: 1700n, credit: 800n })
  const wrong = { ...announced, debits: { count: 2, amount: 1501n } }
  expect(compareTotals(wrong, tally.summary())).toEqual([
    { name: 'debits', announced: wrong.debits, filed: announced.debits },
  ])
  expect(
    compareTotals({ ...announced, credits: { count: 1, amount: 300n } }, tally.summary()),
  ).toHaveLength(1)
})
