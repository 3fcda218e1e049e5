/** Money to cards of others on a real database: journals to the fen, limits, and what its sender is told. */
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { offencesIn } from '../../../test/books.ts'
import { createStage, type Stage } from '../../../test/wallet/stage.ts'
import { Secret } from '../kernel/index.ts'
import { readCounters } from '../risk/index.ts'
import { usedKeys } from './limits.ts'
import { awaitsCard } from './store.ts'

let stage: Stage
let numbers = 0
beforeAll(async () => {
  stage = await createStage({ policy: { walletDayLimit: 1_000_00n } })
})
afterEach(async () => expect(await offencesIn(stage.db)).toEqual([]))
afterAll(() => stage?.close())

const customer = (amount: bigint) => {
  numbers += 1
  return stage.customer(`+86137${String(numbers).padStart(8, '0')}`, amount)
}
type Customer = Awaited<ReturnType<typeof customer>>
const card = { bank: 'ABC', token: '01990000-0000-7000-8000-00000000ca00', last4: '6215' }
const send = (
  { msisdn }: Pick<Customer, 'msisdn'>,
  amount: bigint,
  given: { readonly key?: string; readonly payee?: string; readonly token?: string } = {},
) =>
  stage.wallet.transferToCard({
    ...{ msisdn, amount, channel: 'web', key: given.key ?? stage.key() },
    card: { ...card, token: given.token ?? card.token },
    ...{ name: new Secret('林晚'), payee: given.payee ?? '*晚' },
  })
async function sent(one: Customer, amount: bigint, key = stage.key()): Promise<string> {
  const result = await send(one, amount, { key })
  if (!result.ok) throw new Error(result.refusal)
  return result.value.movement.id
}
const usedToday = async ({ walletId, msisdn }: Customer) => {
  const bucket = (await stage.wallet.account(walletId))?.bucket ?? -1
  const { day } = usedKeys(stage.context.time, { bucket, walletId }, stage.clock.now())
  const counters = await readCounters(stage.db, [day])
  return [msisdn, [...counters.values()][0] ?? 0n]
}
const told = async ({ msisdn }: Customer) => (await stage.told(msisdn)).slice(-1)[0]
const sealed = async (id: string) =>
  (await stage.db.query('select sealed_payee from wallet_movement where id = $1', [id]))[0]

test('it leaves the balance with its fee, is counted, and the bank gets the name once', async () => {
  const one = await customer(500_00n)
  const id = await sent(one, 200_00n)
  expect(await told(one)).toMatchObject({ id: 'wallet_card_transfer_requested', fee: '20' })
  expect(await sealed(id)).not.toEqual({ sealed_payee: null })
  expect(await awaitsCard(stage.db, card.token)).toBe(true)
  await stage.settle()
  expect(await awaitsCard(stage.db, card.token)).toBe(false)
  expect((await stage.journal(id, one.walletId)).toSorted()).toEqual([
    'D user-balance:A / C withdrawal-fee-income 20',
    'D user-balance:A / C withdrawals-in-transit:ABC 20000',
    'D withdrawals-in-transit:ABC / C bank-clearing:ABC 20000',
  ])
  expect(stage.bank.messages.at(-1)).toMatchObject({ kind: 'credit', id, payee: '林晚' })
  expect(await told(one)).toEqual({
    ...{ id: 'wallet_card_transfer_paid', amount: '20000', last4: '6215', payee: '*晚' },
  })
  expect(await stage.wallet.movement(id)).toMatchObject({ state: 'paid', payee: '*晚', fee: 20n })
  expect(await sealed(id)).toEqual({ sealed_payee: null })
  expect(await usedToday(one)).toEqual([one.msisdn, 200_00n])
})

test('a no brings money, fee and room back; silence keeps all three, and sends nothing again', async () => {
  const one = await customer(500_00n)
  stage.bank.next('refused', 'silent')
  const no = await sent(one, 100_00n)
  await stage.settle()
  expect(await told(one)).toMatchObject({
    ...{ id: 'wallet_card_transfer_returned', amount: '10010', balance: '50000' },
  })
  expect(await usedToday(one)).toEqual([one.msisdn, 0n])
  expect((await stage.wallet.movement(no))?.state).toBe('returned')

  const silent = await sent(one, 300_00n)
  await stage.settle()
  expect((await told(one))?.id).toBe('wallet_card_transfer_unknown')
  expect(await sealed(silent)).toEqual({ sealed_payee: null })
  const messages = stage.bank.messages.length
  stage.clock.advance(3_600_000)
  await stage.settle()
  expect([stage.bank.messages.length, await usedToday(one)]).toEqual([
    messages,
    [one.msisdn, 300_00n],
  ])
  expect(await stage.available(one.msisdn)).toBe(199_70n)
  // The bank's file will say it, or a comparison with the bank: nobody's word is taken before.
  expect(await stage.wallet.resolve(silent, 'not_done')).toMatchObject({
    refusal: 'movement_at_bank',
  })
  stage.bank.decide(silent, 'refused')
  await stage.wallet.look(silent)
  await stage.settle()
  expect(await stage.available(one.msisdn)).toBe(500_00n)
  expect(await usedToday(one)).toEqual([one.msisdn, 0n])
})

test('what cannot be written as a message comes back at once', async () => {
  const one = await customer(50_00n)
  stage.bank.next('unwritable')
  await sent(one, 10_00n)
  await stage.settle()
  expect(await told(one)).toMatchObject({
    ...{ id: 'wallet_card_transfer_returned', reason: 'payee_account_wrong' },
  })
  expect(await stage.available(one.msisdn)).toBe(50_00n)
})

test('limits of what is sent hold, at once too, and the fee has to be there', async () => {
  const one = await customer(2_000_00n)
  expect(await send(one, 1_000_01n)).toMatchObject({ refusal: 'over_day_limit', left: 1_000_00n })
  const all = await Promise.all(Array.from({ length: 16 }, () => send(one, 100_00n)))
  expect(all.filter(({ ok }) => ok)).toHaveLength(10)
  await stage.settle()
  expect(await usedToday(one)).toEqual([one.msisdn, 1_000_00n])
  const poor = await customer(100_00n)
  expect(await send(poor, 100_00n)).toMatchObject({ refusal: 'low_balance', left: 100_00n })
  expect((await send(poor, 99_90n)).ok).toBe(true)
  await stage.settle()
})

test('the same request is one transfer, another card or name under its key is none', async () => {
  const one = await customer(100_00n)
  const key = stage.key()
  const id = await sent(one, 10_00n, key)
  const again = await send(one, 10_00n, { key })
  expect(again).toMatchObject({ ok: true, value: { replayed: true, movement: { id } } })
  const otherCard = { key, token: '01990000-0000-7000-8000-00000000cb00' }
  for (const change of [{ key, payee: '*午' }, otherCard])
    expect(await send(one, 10_00n, change)).toMatchObject({
      refusal: 'exists_with_different_content',
    })
  await stage.settle()
  expect(await stage.available(one.msisdn)).toBe(89_90n)
})

test('nothing leaves a frozen wallet, nor one whose SIM was just changed', async () => {
  const one = await customer(100_00n)
  stage.people.own(one.msisdn, { coolOffUntil: stage.clock.now() + 1 })
  expect(await send(one, 10_00n)).toMatchObject({ refusal: 'cooling_off' })
  stage.people.own(one.msisdn, { coolOffUntil: null })
  const { walletId, msisdn } = one
  const frozen = { walletId, msisdn, frozen: 'out' } as const
  await stage.db.transact((tx) => stage.wallet.restrict(tx, frozen))
  expect(await send(one, 10_00n)).toMatchObject({ refusal: 'frozen_out' })
})
