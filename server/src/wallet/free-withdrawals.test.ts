/** Where the operator lets a wallet withdraw so much for nothing, ever: to the fen, however many come at once. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createStage, type Stage } from '../../../test/wallet/stage.ts'
import type { MoveResult } from './wallet.ts'

let stage: Stage
let numbers = 0
beforeAll(async () => {
  stage = await createStage({ policy: { withdrawalFreeEver: 20_000_00n } })
})
afterAll(() => stage?.close())

const customer = (amount: bigint) => {
  numbers += 1
  return stage.customer(`+86137${String(numbers).padStart(8, '0')}`, amount)
}
type Customer = Awaited<ReturnType<typeof customer>>

const withdraw = (
  { msisdn, card: cardId }: Customer,
  amount: bigint,
  more: { readonly speed?: 'next_day'; readonly feeMost?: bigint } = {},
) =>
  stage.wallet.withdraw({
    ...{ msisdn, cardId, amount, channel: 'sms', key: stage.key(), speed: 'same_day' },
    ...more,
  })
const feeOf = (result: MoveResult) => (result.ok ? result.value.movement.fee : result.refusal)

test('the first 20,000.00 cost nothing, what is more costs its part, and the next day costs nothing at all', async () => {
  const one = await customer(50_000_00n)
  const { msisdn } = one
  const told = (amount: bigint) => stage.wallet.withdrawalFee({ msisdn, amount, speed: 'same_day' })
  expect(feeOf(await withdraw(one, 20_000_00n, { speed: 'next_day' }))).toBe(0n)
  expect(feeOf(await withdraw(one, 15_000_00n))).toBe(0n)
  expect([await told(5_000_00n), await told(5_000_01n), await told(6_000_00n)]).toEqual([
    ...[0n, 10n, 1_00n],
  ])
  expect(feeOf(await withdraw(one, 6_000_00n))).toBe(1_00n)
  expect(feeOf(await withdraw(one, 50_00n))).toBe(10n)
  expect(await stage.available(msisdn)).toBe(8_948_90n)
})

test('what comes back is free again', async () => {
  const one = await customer(20_000_00n)
  await stage.settle()
  stage.bank.next('refused')
  expect(feeOf(await withdraw(one, 20_000_00n))).toBe(0n)
  await stage.settle()
  expect(feeOf(await withdraw(one, 19_000_00n))).toBe(0n)
})

test('two at once share it', async () => {
  const one = await customer(40_000_00n)
  const both = await Promise.all([withdraw(one, 15_000_00n), withdraw(one, 15_000_00n)])
  expect(both.map(feeOf).toSorted()).toEqual([0n, 10_00n])
})

test('for more than was told it is not done', async () => {
  const one = await customer(40_000_00n)
  await withdraw(one, 20_000_00n)
  expect(await withdraw(one, 1_000_00n, { feeMost: 99n })).toEqual({
    ...{ ok: false, refusal: 'fee_changed', left: 1_00n },
  })
  expect(await stage.available(one.msisdn)).toBe(20_000_00n)
  expect(feeOf(await withdraw(one, 1_000_00n, { feeMost: 1_00n }))).toBe(1_00n)
})
