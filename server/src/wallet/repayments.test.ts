/** Bills of credit cards repaid from wallets and debit cards: the journals to the fen, and every end it may take. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { offencesIn } from '../../../test/books.ts'
import { engines } from '../../../test/database.ts'
import { createStage, type Stage } from '../../../test/wallet/stage.ts'
import { Secret } from '../kernel/index.ts'
import { readRepaid } from './index.ts'
import type { MoveResult, Repayment } from './wallet.ts'

function movementOf(result: MoveResult) {
  if (!result.ok) throw new Error(result.refusal)
  return result.value.movement
}

describe.each(engines)('on %s', (engine) => {
  let stage: Stage
  let numbers = 0
  beforeAll(async () => {
    stage = await createStage({ engine })
  })
  afterAll(async () => {
    expect(await offencesIn(stage.db)).toEqual([])
    await stage.close()
  })
  async function customer(balance: bigint, owed?: bigint) {
    numbers += 1
    const one = await stage.customer(`+86137${String(numbers).padStart(8, '0')}`, balance)
    const credit = stage.people.bind(one.msisdn, { kind: 'credit', bank: 'CCB', last4: '6215' })
    if (owed !== undefined) await stage.owe(credit, owed)
    return { ...one, credit }
  }
  type Customer = Awaited<ReturnType<typeof customer>>
  const repay = ({ msisdn, credit }: Customer, amount: bigint, more: Partial<Repayment> = {}) =>
    stage.wallet.repay({
      ...{ msisdn, cardId: credit, amount, channel: 'sms', key: stage.key() },
      ...more,
    })
  const stateOf = async (id: string) => (await stage.wallet.movement(id))?.state
  const idsTold = async ({ msisdn }: Customer) =>
    (await stage.told(msisdn)).map(({ id }) => id).slice(1)
  const repaidOf = async ({ credit }: Customer) =>
    (await readRepaid(stage.db, [{ bindingId: credit, askedAt: 0 }]))({ bindingId: credit })

  test('J19: 1,000.00 and its fee of 1.00 leave the balance, and the bank says paid', async () => {
    const one = await customer(1_001_00n, 1_000_00n)
    const asked = movementOf(await repay(one, 1_000_00n))
    expect(asked).toMatchObject({ kind: 'repayment', fee: 1_00n, billedOn: '2026-09-05' })
    const begun = [
      'D user-balance:A / C withdrawals-in-transit:CCB 100000',
      'D user-balance:A / C withdrawal-fee-income 100',
    ]
    expect(await stage.journal(asked.id, one.walletId)).toEqual(begun)
    expect(await stage.wallet.balance(one.msisdn)).toMatchObject({
      ...{ available: 0n, inTransit: 1_000_00n },
    })
    expect(await repaidOf(one)).toEqual({ paid: 0n, onTheWay: 1_000_00n })
    stage.clock.advance(1)
    await stage.settle()
    expect(await stage.journal(asked.id, one.walletId)).toEqual([
      ...begun,
      'D withdrawals-in-transit:CCB / C bank-clearing:CCB 100000',
    ])
    expect(await stateOf(asked.id)).toBe('paid')
    expect(await repaidOf(one)).toEqual({ paid: 1_000_00n, onTheWay: 0n })
    expect(await idsTold(one)).toEqual(['wallet_repayment_requested', 'wallet_repayment_paid'])
    // The bank is asked for its bill again.
    const jobs = await stage.db.query('select topic from job where subject = $1', [one.credit])
    expect(jobs).toEqual([{ topic: 'bank_card.bill_ask' }])
  })

  test('the fee is a tenth of a per cent and 0.10 at least; without it nothing is repaid', async () => {
    const one = await customer(50_09n, 50_00n)
    expect(await repay(one, 50_00n)).toMatchObject({ refusal: 'low_balance', left: 50_09n })
    expect(movementOf(await repay(one, 49_99n))).toMatchObject({ fee: 10n })
    await stage.settle()
    expect(await stage.available(one.msisdn)).toBe(0n)
  })

  test('a definite no gives all of it back, and the bill may be repaid again', async () => {
    const one = await customer(100_10n, 100_00n)
    stage.bank.next('refused')
    const { id } = movementOf(await repay(one, 100_00n))
    expect(await repay(one, 1n)).toMatchObject({ refusal: 'over_bill', left: 0n })
    await stage.settle()
    expect(await stage.wallet.movement(id)).toMatchObject({ state: 'returned', bankCode: 'BR-51' })
    expect((await stage.journal(id, one.walletId)).slice(2)).toEqual([
      'D withdrawals-in-transit:CCB / C user-balance:A 10000',
      'D withdrawal-fee-income / C user-balance:A 10',
    ])
    expect((await stage.told(one.msisdn)).at(-1)).toMatchObject({
      ...{ id: 'wallet_repayment_returned', amount: '10010', balance: '10010' },
    })
    expect((await repay(one, 100_00n)).ok).toBe(true)
    await stage.settle()
  })

  test('what nobody knows stays in transit, is sent once, and holds its part of the bill', async () => {
    const one = await customer(300_00n, 100_00n)
    stage.bank.next('silent')
    const { id } = movementOf(await repay(one, 60_00n))
    await stage.settle()
    expect(await stateOf(id)).toBe('unknown')
    for (let hours = 0; hours < 48; hours += 1) {
      stage.clock.advance(3_600_000)
      await stage.settle()
    }
    expect(stage.bank.messages.filter((message) => message.id === id)).toHaveLength(1)
    expect(await repay(one, 40_01n)).toMatchObject({ refusal: 'over_bill', left: 40_00n })
    stage.bank.decide(id, 'done')
    await stage.wallet.look(id)
    await stage.settle()
    expect(await stateOf(id)).toBe('paid')
    expect(stage.bank.messages.filter((message) => message.id === id)).toHaveLength(1)
  })

  test('what is repaid is a bill of one’s own credit card, and no other thing', async () => {
    const one = await customer(10_00n)
    const other = await customer(10_00n, 5_00n)
    expect(await repay(one, 1_00n)).toMatchObject({ refusal: 'no_bill' })
    await stage.owe(one.credit, 5_00n, { paid: 2_00n })
    expect(await repay(one, 3_01n)).toMatchObject({ refusal: 'over_bill', left: 3_00n })
    expect(await repay(one, 1_00n, { cardId: one.card })).toMatchObject({
      refusal: 'not_a_credit_card',
    })
    expect(await repay(one, 1_00n, { cardId: other.credit })).toMatchObject({
      refusal: 'card_unknown',
    })
    expect(await repay(one, 1_00n, { cardId: 'no id' })).toMatchObject({ refusal: 'card_unknown' })
    expect(await repay(one, 1_00n, { fromCardId: one.credit })).toMatchObject({
      refusal: 'credit_card',
    })
    expect(await repay(one, 0n)).toMatchObject({ refusal: 'amount_too_small' })
    const until = stage.clock.now() + 1
    stage.people.own(one.msisdn, { coolOffUntil: until })
    expect(await repay(one, 1_00n)).toMatchObject({ refusal: 'cooling_off', until })
    stage.people.own(one.msisdn, { coolOffUntil: null })
    const changed = stage.people.cards.get(one.credit)
    if (changed) stage.people.cards.set(one.credit, { ...changed, state: 'suspended' })
    // A card that pays for nothing now can still be paid off.
    expect((await repay(one, 3_00n)).ok).toBe(true)
    await stage.settle()
  })

  test('a request said again is one repayment; of another content it is refused', async () => {
    const one = await customer(30_00n, 20_00n)
    const key = stage.key()
    const first = movementOf(await repay(one, 5_00n, { key }))
    expect(await repay(one, 5_00n, { key })).toMatchObject({
      value: { replayed: true, movement: { id: first.id } },
    })
    for (const more of [{ fromCardId: one.card }, { cardId: one.card }])
      expect(await repay(one, 5_00n, { key, ...more })).toMatchObject({
        refusal: 'exists_with_different_content',
      })
    await stage.settle()
  })

  describe('from a debit card', () => {
    const movements = async ({ walletId }: Customer) =>
      (await stage.wallet.movements({ walletId, limit: 10 }))
        .filter(({ kind }) => kind !== 'cash_in')
        .map(({ kind, state }) => `${kind} ${state}`)
        .toSorted()

    test('it tops the wallet up with all that is needed, and the repayment goes on by itself', async () => {
      const one = await customer(0n, 1_000_00n)
      const pin = new Secret('111222')
      const key = stage.key()
      const asked = movementOf(await repay(one, 1_000_00n, { fromCardId: one.card, pin, key }))
      expect(asked).toMatchObject({ state: 'funding', fee: 1_00n })
      expect(await repay(one, 1_000_00n, { fromCardId: one.card, key })).toMatchObject({
        value: { replayed: true },
      })
      // The debit card has not paid yet, and the bill is spoken for.
      expect(await repay(one, 1n)).toMatchObject({ refusal: 'over_bill', left: 0n })
      expect(await stage.available(one.msisdn)).toBe(0n)
      await stage.settle()
      expect(await movements(one)).toEqual(['repayment paid', 'top_up done'])
      expect(await stage.available(one.msisdn)).toBe(0n)
      expect(stage.bank.messages.slice(-2)).toEqual([
        { kind: 'debit', id: asked.linkedId, pin: '111222' },
        { kind: 'credit', id: asked.id, pin: null },
      ])
      expect((await stage.told(one.msisdn)).map(({ id }) => id)).toEqual([
        ...['wallet_topped_up', 'wallet_repayment_requested', 'wallet_repayment_paid'],
      ])
    })

    test('refused, nothing is repaid; the bill is free again', async () => {
      const one = await customer(0n, 10_00n)
      stage.bank.next('refused')
      movementOf(await repay(one, 10_00n, { fromCardId: one.card }))
      await stage.settle()
      expect(await movements(one)).toEqual(['repayment refused', 'top_up refused'])
      expect(await repaidOf(one)).toEqual({ paid: 0n, onTheWay: 0n })
      expect((await stage.told(one.msisdn)).map(({ id }) => id)).toContain(
        'wallet_repayment_refused',
      )
    })

    test('unknown, it waits; done at last, it goes on', async () => {
      const one = await customer(0n, 10_00n)
      stage.bank.next('silent')
      const { id, linkedId } = movementOf(await repay(one, 10_00n, { fromCardId: one.card }))
      await stage.settle()
      expect(await movements(one)).toEqual(['repayment funding', 'top_up unknown'])
      stage.bank.decide(linkedId ?? '', 'done')
      await stage.wallet.look(linkedId ?? '')
      await stage.settle()
      expect(await stateOf(id)).toBe('paid')
    })

    test('what the wallet does not let go any more stays in it', async () => {
      const one = await customer(0n, 10_00n)
      const { id } = movementOf(await repay(one, 10_00n, { fromCardId: one.card }))
      await stage.db.transact((tx) =>
        stage.wallet.restrict(tx, { walletId: one.walletId, frozen: 'out' }),
      )
      await stage.settle()
      expect(await stage.wallet.movement(id)).toMatchObject({
        ...{ state: 'refused', reason: 'not_funded' },
      })
      expect(await stage.available(one.msisdn)).toBe(10_10n)
    })

    test('the debit card’s limit holds for the fee too, and into a wallet that is shut nothing comes', async () => {
      const one = await customer(0n, 20_00n)
      const from = stage.people.bind(one.msisdn, { debitMax: 10_00n })
      expect(await repay(one, 10_00n, { fromCardId: from })).toMatchObject({
        ...{ refusal: 'over_card_limit', left: 10_00n },
      })
      const shut = (frozen: 'in' | 'none') =>
        stage.db.transact((tx) => stage.wallet.restrict(tx, { walletId: one.walletId, frozen }))
      await shut('in')
      expect(await repay(one, 5_00n, { fromCardId: from })).toMatchObject({ refusal: 'frozen_in' })
      await shut('none')
      expect((await repay(one, 9_90n, { fromCardId: from })).ok).toBe(true)
      await stage.settle()
    })

    test('when the credit card’s bank says no, the money is in the balance', async () => {
      const one = await customer(0n, 10_00n)
      stage.bank.next('done', 'refused')
      movementOf(await repay(one, 10_00n, { fromCardId: one.card }))
      await stage.settle()
      expect(await movements(one)).toEqual(['repayment returned', 'top_up done'])
      expect(await stage.available(one.msisdn)).toBe(10_10n)
    })
  })
})
