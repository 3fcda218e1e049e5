/** The end of a wallet and of its number: whatever is in it goes somewhere, and never to the next owner. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { offencesIn } from '../../../test/books.ts'
import { introduceLine } from '../../../test/lane.ts'
import { createStage, type Stage } from '../../../test/wallet/stage.ts'
import type { Closing } from './wallet.ts'

const day = 24 * 3_600_000

let stage: Stage
let numbers = 0
beforeAll(async () => {
  stage = await createStage()
})
afterAll(async () => {
  expect(await offencesIn(stage.db)).toEqual([])
  await stage.close()
})

const customer = (amount = 0n) => {
  numbers += 1
  return stage.customer(`+86137${String(numbers).padStart(8, '0')}`, amount)
}
type Customer = Awaited<ReturnType<typeof customer>>
const close = ({ msisdn, walletId }: Customer, payTo?: Closing['payTo'], key = stage.key()) =>
  stage.wallet.close({ msisdn, walletId, channel: 'counter', key, ...(payTo && { payTo }) })
const withdraw = ({ msisdn, card }: Customer, amount: bigint, speed: 'same_day' | 'next_day') =>
  stage.wallet.withdraw({
    ...{ msisdn, cardId: card, amount, speed, channel: 'sms', key: stage.key() },
  })
const topUp = ({ msisdn, card }: Customer, amount: bigint) =>
  stage.wallet.topUp({ msisdn, cardId: card, amount, channel: 'sms', key: stage.key() })
const stateOf = async ({ walletId }: Customer) => (await stage.wallet.account(walletId))?.state
const lastTold = async ({ msisdn }: Customer) => (await stage.told(msisdn)).at(-1)
const release = ({ msisdn }: Customer) =>
  stage.db.transact((tx) => stage.wallet.release(tx, msisdn))

test('an empty wallet closes at once; a second time it is closed already', async () => {
  const one = await customer()
  expect(await close(one)).toMatchObject({ ok: true, value: { state: 'closed' } })
  expect(await close(one)).toMatchObject({ ok: true, value: { state: 'closed' } })
  expect(await lastTold(one)).toEqual({ id: 'wallet_closed' })
  expect(await stage.wallet.balance(one.msisdn)).toBeUndefined()
  expect(await topUp(one, 1_00n)).toMatchObject({ refusal: 'wallet_not_found' })
})

test('the number may have a new wallet after it', async () => {
  const one = await customer()
  const again = () =>
    stage.db.transact((tx) => stage.wallet.open(tx, { msisdn: one.msisdn, class: 'I' }))
  expect(await again()).toMatchObject({ refusal: 'already_open' })
  await close(one)
  expect(await again()).toMatchObject({ ok: true })
})

test.each([
  ['a number nobody knows', '+8613800000001', 'I', 'line_not_active'],
  ['a number without an owner', '+8613800000002', 'I', 'identity_needed'],
  ['a class that a basic identity is not enough for', '+8613800000003', 'II', 'level_too_low'],
] as const)('%s gets no wallet', async (_, msisdn, wanted, refusal) => {
  if (refusal !== 'line_not_active') await introduceLine(stage.db, msisdn, stage.clock.now())
  if (refusal === 'level_too_low') stage.people.own(msisdn, { level: 'basic' })
  const opened = await stage.db.transact((tx) => stage.wallet.open(tx, { msisdn, class: wanted }))
  expect(opened).toEqual({ ok: false, refusal })
})

test('with money left it is refused until it is said where that goes', async () => {
  const one = await customer(5_00n)
  expect(await close(one)).toEqual({ ok: false, refusal: 'balance_left', left: 5_00n })
  expect(await stateOf(one)).toBe('open')
  expect(await close(one, { till: 't1' })).toMatchObject({ value: { state: 'closed' } })
  const { walletId } = one
  const [last] = await stage.wallet.movements({ walletId, limit: 1 })
  expect(last).toMatchObject({ kind: 'cash_out', amount: 5_00n, fee: 0n, till: 't1' })
})

test('paid out to the card: closing until the bank has paid, and nothing moves meanwhile', async () => {
  const one = await customer(5_00n)
  const key = stage.key()
  expect(await close(one, { cardId: one.card }, key)).toMatchObject({ value: { state: 'closing' } })
  expect(await close(one, { cardId: one.card }, key)).toMatchObject({ value: { state: 'closing' } })
  expect(await topUp(one, 1_00n)).toMatchObject({ refusal: 'wallet_closing' })
  const cash = { msisdn: one.msisdn, amount: 1n, till: 't1', channel: 'counter' } as const
  expect(await stage.wallet.cashIn({ ...cash, key: stage.key() })).toMatchObject({
    refusal: 'wallet_closing',
  })
  stage.clock.advance(2 * day)
  await stage.settle()
  expect(await stateOf(one)).toBe('closed')
  expect((await stage.told(one.msisdn)).map(({ id }) => id)).toEqual([
    ...['wallet_cash_in', 'wallet_withdrawal_requested', 'wallet_withdrawal_paid', 'wallet_closed'],
  ])
  const [, asked] = await stage.told(one.msisdn)
  expect(asked).toMatchObject({ amount: '500', fee: '0', speed: 'next_day' })
})

test('what comes back opens the wallet again, and the owner is told that it is not closed', async () => {
  const one = await customer(5_00n)
  stage.bank.next('refused')
  await close(one, { cardId: one.card })
  stage.clock.advance(2 * day)
  await stage.settle()
  expect(await stateOf(one)).toBe('open')
  expect(await stage.available(one.msisdn)).toBe(5_00n)
  expect(await lastTold(one)).toEqual({ id: 'wallet_not_closed', balance: '500' })
})

test('while it is being credited it does not close; while something is in transit it waits for that', async () => {
  const one = await customer(10_00n)
  await topUp(one, 1_00n)
  expect(await close(one, { till: 't1' })).toEqual({ ok: false, refusal: 'top_up_open' })
  await stage.settle()
  stage.bank.next('silent')
  const asked = await withdraw(one, 5_00n, 'same_day')
  await stage.settle()
  expect(await close(one, { till: 't1' })).toMatchObject({ value: { state: 'closing' } })
  if (!asked.ok) throw new Error(asked.refusal)
  stage.bank.decide(asked.value.movement.id, 'done')
  stage.clock.advance(5_000)
  await stage.settle()
  expect(await stateOf(one)).toBe('closed')
})

test('credited and closed at the same moment: one of them is refused, whoever comes first', async () => {
  for (let round = 0; round < 10; round += 1) {
    const one = await customer()
    const cash = { msisdn: one.msisdn, amount: 1_00n, till: 't1', channel: 'counter' } as const
    const both = [
      () => stage.wallet.cashIn({ ...cash, key: stage.key() }),
      () => close(one),
    ] as const
    const order = round % 2 === 0 ? both : both.toReversed()
    const results = await Promise.all(order.map((ask) => ask()))
    expect(results.filter(({ ok }) => ok)).toHaveLength(1)
    const [sum] = await stage.db.query<{ left: bigint }>(
      'select coalesce(sum(credits_posted - debits_posted), 0)::int8 as left from account where name = $1',
      [`user-balance:${one.walletId}`],
    )
    expect(await stateOf(one)).toBe(sum?.left === 0n ? 'closed' : 'open')
  }
})

test('a number that is given up leaves an empty wallet closed', async () => {
  const one = await customer()
  await release(one)
  expect(await stateOf(one)).toBe('closed')
  await release(one)
})

test('the next owner of a number finds nothing of the one before, who gets what was left at a counter', async () => {
  const before = await customer(8_00n)
  await withdraw(before, 2_00n, 'next_day')
  await release(before)
  expect(await stateOf(before)).toBe('closing')
  const told = await stage.told(before.msisdn)
  stage.people.owners.delete(before.msisdn)
  const after = await stage.customer(before.msisdn)
  expect(await stage.available(after.msisdn)).toBe(0n)
  expect(await withdraw(after, 1n, 'next_day')).toMatchObject({ refusal: 'low_balance' })
  stage.bank.next('refused')
  stage.clock.advance(2 * day)
  await stage.settle()
  // What came back waits, and the number, which is somebody else's, hears nothing of it.
  expect(await stateOf(before)).toBe('closing')
  expect(await stage.told(before.msisdn)).toEqual(told)
  const cool = stage.clock.now() + day
  stage.people.own(after.msisdn, { coolOffUntil: cool })
  expect(await close(before, { cardId: after.card })).toMatchObject({
    refusal: 'card_of_other_owner',
  })
  expect(await close(before, { till: 't1' })).toMatchObject({ value: { state: 'closed' } })
  const { walletId } = before
  const [last] = await stage.wallet.movements({ walletId, limit: 1 })
  expect(last).toMatchObject({ kind: 'cash_out', amount: 8_00n })
  expect(await stage.available(after.msisdn)).toBe(0n)
})
