/**
 * Codes cannot be tried out: texts, the merchant API and the sign-in pages of two processes guess at one
 * number together, and all of them see no more codes looked at than one would.
 */
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { createSignIn } from '../../server/src/channels/oauth/sign-in/sign-in.ts'
import type { Database } from '../../server/src/db/index.ts'
import { createFieldCipher, createIds, Secret } from '../../server/src/kernel/index.ts'
import type { Order } from '../../server/src/payments/index.ts'
import { engines } from '../database.ts'
import { startTwoProcesses, type TwoProcesses } from '../two-processes.ts'
import type { World } from '../world.ts'

const minute = 60_000
const ids = createIds()
const cipher = createFieldCipher(new Secret('a field key for tests, 32 characters or more'), ids)
const allowed = 10

describe.runIf(engines.includes('postgres'))('wrong codes', () => {
  let two: TwoProcesses
  let orders = 0
  const sent = new Map<string, string>()

  beforeEach(async () => {
    two = await startTwoProcesses({ intervalMs: 0 })
  })
  afterEach(() => two?.close())

  async function order(msisdn: string, client: string, consent: Order['consent'] = 'code') {
    orders += 1
    const placed = await two.left.payments.order({
      msisdn,
      merchantId: '6021',
      what: { product: '100' },
      channel: 'api',
      consent,
      flow: 'charge',
      client,
      merchantOrderId: `order-${orders}`,
    })
    if (!placed.ok) throw new Error(placed.refusal)
    return placed.value.payment
  }
  const signInOf = (db: Database) =>
    createSignIn({
      db,
      cipher,
      ids,
      clock: two.clock,
      sendCode: async ({ to, code }) => void sent.set(to, code),
    })
  async function startSignIn(msisdn: string, uid: string): Promise<void> {
    const text = { to: msisdn, merchant: { zh: '店', en: 'Shop' }, language: 'zh' } as const
    expect((await signInOf(two.left.db).send(uid, text)).ok).toBe(true)
  }
  async function codeOf(msisdn: string, paymentId: string): Promise<string> {
    const rows = await two.db.query<{ code: string }>(
      `select payload->'notice'->>'code' as code from job
       where topic = 'sms.send' and payload->>'paymentId' = $1`,
      [paymentId],
    )
    expect(rows, msisdn).toHaveLength(1)
    return rows[0]?.code ?? ''
  }
  const noticesTo = async (msisdn: string, id: string) =>
    (await two.left.texts(msisdn)).filter((text) => text.id === id)

  test('three channels of two processes at once get ten tries, and a lock of half an hour', async () => {
    const msisdn = await two.newNumber()
    const open = [await order(msisdn, 'shop-a'), await order(msisdn, 'shop-b')]
    for (let i = 0; i < 2; i += 1) open.push(await order(msisdn, 'shop-a'))
    await startSignIn(msisdn, 'sign-in-1')
    two.clock.advance(minute)
    await startSignIn(msisdn, 'sign-in-2')

    const answers = new Map<string, number>()
    const note = (answer: string) => answers.set(answer, (answers.get(answer) ?? 0) + 1)
    const process = (n: number): World => two.process(n)
    const wrong = (n: number) => String(n).padStart(6, '0')
    const guesses: Promise<unknown>[] = []
    for (let n = 0; n < 60; n += 1) {
      const { id: paymentId, sender } = open[n % open.length] ?? {}
      const { payments, text, db } = process(n)
      if (n % 3 === 0)
        guesses.push(
          payments
            .validate({ paymentId: paymentId ?? '', msisdn, code: wrong(n) })
            .then((result) => note(result.ok ? 'right' : `api ${result.refusal}`)),
        )
      else if (n % 3 === 1) guesses.push(text(msisdn, sender ?? '', wrong(n)))
      else
        guesses.push(
          signInOf(db)
            .check(n % 2 === 0 ? 'sign-in-1' : 'sign-in-2', wrong(n))
            .then((result) => note(result.ok ? 'right' : `page ${result.refusal}`)),
        )
    }
    await Promise.all(guesses)
    // A page that has no tries left looks at nothing; the third wrong code of a purchase was looked at.
    const byAnswer = ['api code_wrong', 'api no_tries_left', 'page code_wrong'].map(
      (answer) => answers.get(answer) ?? 0,
    )
    const byText = (await noticesTo(msisdn, 'code_wrong')).length
    expect(byAnswer.reduce((sum, count) => sum + count, byText)).toBe(allowed)
    expect(answers.get('right')).toBeUndefined()
    const [guard] = await two.db.query<{ wrong: number; locked_until: bigint }>(
      'select wrong, locked_until from code_guard where subject = $1',
      [`number:${msisdn}`],
    )
    expect(guard).toEqual({
      wrong: allowed,
      locked_until: BigInt(two.clock.now() + 30 * minute),
    })
  }, 60_000)

  test('while codes are locked a right one does not count, money goes back and a yes goes through', async () => {
    const msisdn = await two.newNumber()
    const paid = await order(msisdn, 'shop-a', 'reply')
    const yes = (payment: typeof paid) => two.left.text(msisdn, payment.sender ?? '', 'Y')
    await yes(paid)
    await two.settle()
    for (let n = 0; n < 4; n += 1) {
      const { id: paymentId } = await order(msisdn, 'shop-a')
      for (let i = 0; i < 3; i += 1)
        await two.right.payments.validate({ paymentId, msisdn, code: `wrong${i}` })
    }
    const { id: paymentId, sender } = await order(msisdn, 'shop-b')
    const code = await codeOf(msisdn, paymentId)
    const enter = () => two.right.payments.validate({ paymentId, msisdn, code })
    expect(await enter()).toMatchObject({ ok: false, refusal: 'codes_locked' })
    await two.left.text(msisdn, sender ?? '', code)
    expect(await noticesTo(msisdn, 'codes_locked')).toHaveLength(1)
    await startSignIn(msisdn, 'sign-in')
    const check = () => signInOf(two.right.db).check('sign-in', sent.get(msisdn) ?? '')
    expect(await check()).toMatchObject({ ok: false, refusal: 'codes_locked' })

    const refund = { paymentId: paid.id, msisdn, reason: 'asked' }
    expect(await two.left.payments.refund(refund)).toMatchObject({ ok: true })
    await two.settle()
    expect(await two.left.payments.get(paid.id)).toMatchObject({ refunded: paid.amount })
    const plain = await order(msisdn, 'shop-b', 'reply')
    await yes(plain)
    await two.settle()
    expect((await two.left.payments.get(plain.id))?.chargedAt).not.toBeNull()

    const other = await two.newNumber()
    const others = await order(other, 'shop-b')
    const theirs = { paymentId: others.id, msisdn: other, code: await codeOf(other, others.id) }
    expect(await two.left.payments.validate(theirs)).toMatchObject({ ok: true })

    two.clock.advance(30 * minute)
    const again = await order(msisdn, 'shop-b')
    const late = { paymentId: again.id, msisdn, code: await codeOf(msisdn, again.id) }
    expect(await two.right.payments.validate(late)).toMatchObject({ ok: true })
  }, 60_000)

  test('a client that guesses at many numbers is stopped, and another client is not', async () => {
    const first = await two.newNumber()
    const { id: paymentId } = await order(first, 'guesser')
    await two.db.transact((tx) =>
      tx.query(
        `insert into code_guard (subject, since, wrong) values ('client:guesser', $1::int8, 499)`,
        [two.clock.now()],
      ),
    )
    const wrong = { paymentId, msisdn: first, code: '000000' }
    expect(await two.left.payments.validate(wrong)).toMatchObject({ refusal: 'code_wrong' })
    const second = await two.newNumber()
    for (const [client, expected] of [
      ['guesser', { ok: false, refusal: 'codes_locked' }],
      ['honest', { ok: true }],
    ] as const) {
      const { id } = await order(second, client)
      const right = { paymentId: id, msisdn: second, code: await codeOf(second, id) }
      expect(await two.right.payments.validate(right)).toMatchObject(expected)
    }
  })
})
