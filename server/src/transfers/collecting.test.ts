/** A friend reads a payment code: a little is paid at once, more after the PIN, and a code counts once. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { offencesIn } from '../../../test/books.ts'
import { engines } from '../../../test/database.ts'
import { type CodeDevice, codeDevice, withCheckDigit } from '../../../test/payment-code.ts'
import { type Customer, createStage, type Stage } from '../../../test/transfers/stage.ts'
import { masked, Secret } from '../kernel/index.ts'
import { changeStatus, simChanged } from '../subscribers/index.ts'
import type { Collect } from './transfers.ts'

const minute = 60_000

describe.each(engines)('on %s', (engine) => {
  let stage: Stage
  let numbers = 0
  /** Shows the code, and reads it. */
  let a: Customer
  let b: Customer
  let phone: CodeDevice
  beforeAll(async () => {
    stage = await createStage({ engine })
  })
  beforeEach(async () => {
    stage.clock.advance(2 * minute)
    a = await person(600_00n)
    b = await person()
    phone = await codeDevice(stage, a.msisdn)
  })
  afterAll(async () => {
    expect(await offencesIn(stage.db)).toEqual([])
    await stage.close()
  })

  const nextNumber = () => {
    numbers += 1
    return `+86138${String(numbers).padStart(8, '0')}`
  }
  const person = (amount = 0n) => stage.customer(nextNumber(), amount)
  const orderBy = ({ msisdn }: Customer, digits: string, more: Partial<Collect> = {}): Collect => ({
    ...{ msisdn, digits, amount: 20_00n, memo: '午饭', key: stage.key() },
    reader: { till: `number/${msisdn}`, client: 'address/198.51.100.7' },
    ...more,
  })
  const collect = async (more: Partial<Collect> = {}, by = b) =>
    stage.transfers.collect(orderBy(by, more.digits ?? (await phone.code()), more))
  /** The request that came of it, or why there is none. */
  async function asked(...given: Parameters<typeof collect>) {
    const collected = await collect(...given)
    if (!collected.ok) throw new Error(collected.refusal)
    return collected.value.request
  }
  const refusalOf = async (...given: Parameters<typeof collect>) => {
    const collected = await collect(...given)
    return collected.ok ? collected.value.request.state : collected.refusal
  }
  const payIt = ({ id: requestId }: { readonly id: string }, key = stage.key()) =>
    stage.transfers.payRequest({ msisdn: a.msisdn, requestId, key, channel: 'web' })
  const sums = async () => [await stage.available(a.msisdn), await stage.available(b.msisdn)]
  const told = async ({ msisdn }: Customer) => (await stage.told(msisdn)).map(({ id }) => id)

  describe('a little', () => {
    test('moves at once, face to face in both statements, and both are told', async () => {
      const request = await asked()
      expect(request).toMatchObject({ state: 'paid', payer: a.msisdn, memo: '午饭' })
      const transfer = await stage.transfers.get(request.transferId ?? '')
      expect(transfer).toMatchObject({
        ...{ msisdn: a.msisdn, payee: b.msisdn, amount: 20_00n, state: 'done', memo: '午饭' },
        ...{ origin: 'code', originId: request.id, codeProof: 'one_factor' },
      })
      expect(await sums()).toEqual([580_00n, 20_00n])
      const lines = await stage.db.query(
        `select distinct reason from transfer where subject = $1`,
        [request.transferId],
      )
      expect(lines).toEqual([{ reason: 'face_to_face' }])
      expect([await told(a), await told(b)]).toEqual([['transfer_sent'], ['transfer_received']])
    })

    test('said again, or by many at once, is one effect and one answer', async () => {
      const order = orderBy(b, await phone.code())
      const all = await Promise.all(Array.from({ length: 6 }, () => stage.transfers.collect(order)))
      const [first] = all
      expect(all.map((one) => one.ok && one.value.request)).toEqual(
        Array(6).fill(first?.ok && first.value.request),
      )
      expect(all.filter((one) => one.ok && !one.value.replayed)).toHaveLength(1)
      expect(await sums()).toEqual([580_00n, 20_00n])
      for (const other of [{ amount: 20_01n }, { memo: '晚饭' }, { digits: '7'.repeat(18) }])
        expect(await stage.transfers.collect({ ...order, ...other })).toMatchObject({
          refusal: 'exists_with_different_content',
        })
    })

    test('is up to the limit without the PIN, and one fen more is a question', async () => {
      expect(await asked({ amount: 200_00n })).toMatchObject({ state: 'paid' })
      const more = await asked({ amount: 200_01n, digits: await phone.code(1) })
      expect(more).toMatchObject({ state: 'open' })
      expect(await sums()).toEqual([400_00n, 200_00n])
    })
  })

  describe('more', () => {
    test('is asked for on the handset, and paid with the PIN', async () => {
      const request = await asked({ amount: 300_00n })
      expect([request.state, request.dueAt - request.askedAt]).toEqual(['open', 3 * minute])
      expect(await stage.transfers.news({ ...a, foreignUntil: 0 }, 10)).toEqual([
        { kind: 'code', id: request.id, state: 'open' },
      ])
      expect(await stage.told(a.msisdn)).toMatchObject([
        { id: 'transfer_requested', amount: '30000', other: masked(b.msisdn) },
      ])
      const paid = await payIt(request)
      expect(paid).toMatchObject({
        value: { transfer: { origin: 'code', originId: request.id, codeProof: 'two_factors' } },
      })
      expect(await sums()).toEqual([300_00n, 300_00n])
      expect(await payIt(request)).toMatchObject({ refusal: 'not_open' })
    })

    test('is declined by the one, withdrawn by the other, and over after three minutes', async () => {
      const { decline, cancelRequest } = stage.transfers
      const digits = [await phone.code(), await phone.code(1), await phone.code(2)]
      const [one, two, three] = await Promise.all(
        digits.map((code) => asked({ amount: 300_00n, digits: code })),
      )
      if (!one || !two || !three) throw new Error('there are three')
      await decline({ msisdn: a.msisdn, requestId: one.id })
      await cancelRequest({ msisdn: b.msisdn, requestId: two.id })
      stage.clock.advance(3 * minute - 1)
      expect(await stage.transfers.request(three.id)).toMatchObject({ state: 'open' })
      stage.clock.advance(1)
      // Before the timer has come to it.
      expect(await payIt(three)).toMatchObject({ refusal: 'not_open' })
      await stage.settle()
      const states = await Promise.all(
        [one, two, three].map(async ({ id }) => (await stage.transfers.request(id))?.state),
      )
      expect(states).toEqual(['declined', 'cancelled', 'expired'])
      expect(await told(b)).toEqual([])
      for (const request of [one, two, three])
        expect(await payIt(request)).toMatchObject({ refusal: 'not_open' })
      expect(await sums()).toEqual([600_00n, 0n])
    })
  })

  describe('a code', () => {
    test('is used up by whatever came of it: a second reader has it used', async () => {
      const digits = await phone.code()
      expect(await refusalOf({ digits, amount: 900_00n })).toBe('refused')
      expect(await refusalOf({ digits })).toBe('payment_code_used')
      expect(await refusalOf({ digits }, await person())).toBe('payment_code_used')
    })

    test('is one of the reader’s own: used up, said so, and nothing moves', async () => {
      const digits = await phone.code()
      const order = orderBy(a, digits)
      const first = await stage.transfers.collect(order)
      expect(first).toMatchObject({ value: { request: { state: 'refused', reason: 'own_code' } } })
      expect(await stage.transfers.collect(order)).toMatchObject({ value: { replayed: true } })
      expect(await refusalOf({ digits })).toBe('payment_code_used')
      expect([await sums(), await told(a)]).toEqual([[600_00n, 0n], []])
    })

    test('that is no good is no good to everybody alike, and is counted until the reader is locked', async () => {
      const digits = await phone.code()
      const others = ['', '1'.repeat(18), withCheckDigit(`76${'1'.repeat(15)}`)]
      for (const none of others)
        expect(await refusalOf({ digits: none })).toBe('payment_code_refused')
      stage.clock.advance(2 * minute)
      expect(await refusalOf({ digits })).toBe('payment_code_refused')
      const [guess = ''] = others.slice(-1)
      for (let n = 0; n < 20; n += 1) await refusalOf({ digits: guess })
      const fresh = await codeDevice(stage, a.msisdn)
      expect(await refusalOf({ digits: await fresh.code() })).toBe('payment_codes_locked')
      expect(await refusalOf({ digits: await fresh.code() }, await person())).toBe('paid')
    })

    test('is guessed at from one address by no more than it may, whoever guesses there', async () => {
      const guess = withCheckDigit(`76${'2'.repeat(15)}`)
      const client = 'address/198.51.100.9'
      await stage.db.transact((tx) =>
        tx.query(`insert into code_guard values ($1, $2, 499, 0)`, [
          `client:${client}`,
          stage.clock.now(),
        ]),
      )
      const from = (till: string) => ({ reader: { client, till } })
      await refusalOf({ digits: guess, ...from('number/x') })
      expect(await refusalOf(from('number/y'))).toBe('payment_codes_locked')
      expect(await refusalOf()).toBe('paid')
    })

    test('of a frozen wallet is no good', async () => {
      await freeze(a, 'out')
      expect(await refusalOf()).toBe('payment_code_refused')
    })
  })

  const freeze = ({ walletId }: Customer, frozen: 'in' | 'out') =>
    stage.db.transact((tx) => stage.wallet.restrict(tx, { walletId, frozen }))

  describe('who reads', () => {
    test.each([
      [
        'without a wallet',
        'wallet_not_found',
        async () => {
          const msisdn = await stage.stranger(nextNumber())
          b = { ...b, msisdn }
        },
      ],
      ['unverified', 'not_verified', async () => stage.people.own(b.msisdn, { level: 'basic' })],
      ['whose wallet is frozen', 'own_frozen_in', () => freeze(b, 'in')],
      [
        'whose line is suspended',
        'line_not_active',
        async () => {
          const change = { msisdn: b.msisdn, status: 'suspended' } as const
          await stage.db.transact((tx) =>
            changeStatus(tx, change, { now: stage.clock.now(), release: async () => {} }),
          )
        },
      ],
    ] as const)('%s is refused, and the code is still good', async (_, refusal, befalls) => {
      await befalls()
      const digits = await phone.code()
      expect(await refusalOf({ digits })).toBe(refusal)
      expect(await refusalOf({ digits }, await person())).toBe('paid')
    })

    test('asks for no more than one may at once', async () => {
      expect(await collect({ amount: 50_000_01n })).toMatchObject({
        ...{ refusal: 'over_single_limit', left: 50_000_00n },
      })
      expect(await collect({ amount: 0n })).toMatchObject({ refusal: 'amount_too_small' })
    })
  })

  describe('who shows it', () => {
    test.each<[string, string, () => Promise<bigint>]>([
      ['has not so much', 'low_balance', async () => 600_01n],
      [
        'has a new SIM',
        'cooling_off',
        async () => {
          const now = stage.clock.now()
          await stage.db.transact((tx) =>
            simChanged(tx, { msisdn: a.msisdn, at: now }, { now, signOut: async () => {} }),
          )
          return 20_00n
        },
      ],
      [
        'has closed the wallet',
        'wallet_not_found',
        async () => {
          await stage.leave(a)
          return 20_00n
        },
      ],
    ])('%s: it is refused, and only the payer is told why', async (_, reason, befalls) => {
      const amount = await befalls()
      const request = await asked({ amount })
      expect(request).toMatchObject({ state: 'refused', reason, transferId: null })
      const last = (await stage.told(a.msisdn)).at(-1)
      expect(last).toMatchObject({ id: 'transfer_code_refused', why: reason })
      expect(await told(b)).toEqual([])
    })

    test('is asked for the name above the sum for which it is, and not before', async () => {
      a = await person(3_000_00n)
      phone = await codeDevice(stage, a.msisdn)
      const request = await asked({ amount: 1_000_01n })
      expect(await payIt(request)).toMatchObject({ refusal: 'name_needed' })
      const { id: requestId } = request
      const order = { msisdn: a.msisdn, requestId, key: stage.key(), channel: 'web' } as const
      const named = { ...order, nameCharacter: new Secret('张') }
      expect(await stage.transfers.payRequest(named)).toMatchObject({ ok: true })
    })
  })

  describe('in a day', () => {
    const read = async (amount: bigint) => {
      phone = await codeDevice(stage, a.msisdn)
      return asked({ amount })
    }
    beforeEach(async () => {
      a = await person(9_000_00n)
    })

    test('codes take 1,000.00 without the PIN, then the PIN is asked for', async () => {
      for (let n = 0; n < 5; n += 1) expect(await read(200_00n)).toMatchObject({ state: 'paid' })
      const more = await read(1n)
      expect(more).toMatchObject({ state: 'open' })
      expect(await payIt(more)).toMatchObject({ ok: true })
      stage.clock.advance(86_400_000)
      expect(await read(1n)).toMatchObject({ state: 'paid' })
    })

    test('and 5,000.00 with it, then no more (F2F-03)', async () => {
      stage.people.own(a.msisdn)
      const name = { nameCharacter: new Secret('张') }
      const two = [await read(3_000_00n), await read(2_000_01n)]
      const answers = []
      for (const { id: requestId } of two)
        answers.push(
          await stage.transfers.payRequest({
            ...{ msisdn: a.msisdn, requestId, key: stage.key(), channel: 'web', ...name },
          }),
        )
      expect(answers).toMatchObject([{ ok: true }, { refusal: 'over_code_limit', left: 2_000_00n }])
      expect(await read(2_000_01n)).toMatchObject({ state: 'refused', reason: 'over_code_limit' })
      expect((await stage.told(a.msisdn)).at(-1)).toMatchObject({ left: '200000' })
    })
  })
})
