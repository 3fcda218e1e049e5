/** Vouchers as the operator makes them and customers use them, on real wallets and the real ledger. */
import { generateKeyPairSync } from 'node:crypto'
import { compactDecrypt } from 'jose'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { offencesIn } from '../../../test/books.ts'
import { createStage, type Stage } from '../../../test/top-up-vouchers/stage.ts'
import { newCode } from './code.ts'
import {
  countsOf,
  endVouchers,
  makeBatch,
  readPrinterKey,
  requestBatch,
  sealedFile,
} from './index.ts'

const dayMs = 86_400_000
let stage: Stage
let numbers = 0
let keys = 0

beforeAll(async () => {
  stage = await createStage()
})
afterAll(async () => {
  expect(await offencesIn(stage.db)).toEqual([])
  await stage.close()
})

const key = () => {
  keys += 1
  return `key-${keys}`
}
async function customer() {
  numbers += 1
  return (await stage.customer(`+86138${String(numbers).padStart(8, '0')}`)).msisdn
}
const end = (
  step: 'block' | 'expire',
  id: string,
  first: bigint,
  last: bigint,
  agreedBy = 'zhao',
) =>
  stage.db.transact((tx) =>
    endVouchers(
      tx,
      stage.tools,
      { step, id, first, last, askedBy: 'lin', agreedBy },
      stage.clock.now(),
    ),
  )
const request = (more: object) =>
  stage.db.transact((tx) => requestBatch(tx, stage.wanted(more), stage.clock.now()))

describe('a batch', () => {
  test('is asked for by two people, within limits; said again it is the same', async () => {
    expect(await request({ agreedBy: 'LIN' })).toMatchObject({ refusal: 'act_is_own' })
    for (const wrong of [
      { amount: 0n },
      { amount: 1_000_01n },
      { count: 0n },
      { count: 100_001n },
      { validUntil: stage.clock.now() },
    ])
      expect(await request(wrong)).toMatchObject({ refusal: 'value_out_of_range' })
    const wanted = stage.wanted()
    const first = await request(wanted)
    expect(first).toMatchObject({ ok: true, value: { state: 'requested', madeAt: null } })
    expect(await request(wanted)).toEqual(first)
    expect(await request({ ...wanted, count: 11n })).toMatchObject({
      refusal: 'exists_with_different_content',
    })
  })

  test('gives its codes once, each its own, and keeps none of them', async () => {
    const { id, cards } = await stage.batch({ count: 12n, sold: 0n })
    const codes = cards.map(({ code }) => code.reveal())
    expect(new Set(codes).size).toBe(12)
    expect(cards.map(({ serial }) => serial.slice(6))).toEqual(
      Array.from({ length: 12 }, (_, n) => String(n + 1).padStart(6, '0')),
    )
    const again = await stage.db.transact((tx) => makeBatch(tx, stage.tools, id, stage.clock.now()))
    expect(again).toEqual({ ok: false, refusal: 'top_up_batch_made' })
    const rows = await stage.db.query('select * from top_up_voucher where batch_id = $1', [id])
    const kept = JSON.stringify(rows, (_, value) =>
      typeof value === 'bigint' ? String(value) : value,
    )
    for (const code of codes) expect(kept).not.toContain(code)
  })

  test('leaves in a file that the printer alone can read', async () => {
    const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
    const printer = await readPrinterKey(
      publicKey.export({ type: 'spki', format: 'pem' }).toString(),
    )
    if (!printer.ok) throw new Error(printer.refusal)
    const wanted = await request({ count: 2n })
    if (!wanted.ok) throw new Error(wanted.refusal)
    const made = await stage.db.transact((tx) =>
      makeBatch(tx, stage.tools, wanted.value.id, stage.clock.now()),
    )
    if (!made.ok) throw new Error(made.refusal)
    const file = await sealedFile(made.value, printer.value)
    const { plaintext } = await compactDecrypt(file, privateKey)
    const [, first] = new TextDecoder().decode(plaintext).split('\n')
    const [card] = made.value.cards
    expect(first).toMatch(`${card?.serial},${card?.code.reveal()},50.00,20`)
    expect(file).not.toContain(card?.code.reveal())
  })

  test('is made for no weak key, nor for what is none', async () => {
    const { publicKey } = generateKeyPairSync('rsa', { modulusLength: 1024 })
    const weak = publicKey.export({ type: 'spki', format: 'pem' }).toString()
    for (const pem of [weak, 'x', ''])
      expect(await readPrinterKey(pem)).toEqual({ ok: false, refusal: 'printer_key_malformed' })
  })

  test('is sold in ranges: the seller owes for each voucher once', async () => {
    const { id } = await stage.batch({ count: 10n, sold: 4n })
    expect(await stage.activate(id, 3n, 6n)).toBe(2n)
    expect(await stage.activate(id, 1n, 6n)).toBe(0n)
    expect(await stage.held('top-up-voucher-float', id)).toBe(300_00n)
    await expect(stage.activate(id, 6n, 11n)).rejects.toThrow('value_out_of_range')
    const counts = (await countsOf(stage.db, [id])).get(id)
    expect(counts).toEqual({ made: 4n, active: 6n, used: 0n, expired: 0n, blocked: 0n })
  })

  test('that is blocked gives back what was sold and not used, once, and by two people', async () => {
    const { id, codes } = await stage.batch({ count: 5n, sold: 3n })
    const owed = await stage.held('top-up-voucher-receivable', 'hall-1')
    const msisdn = await customer()
    await stage.use(msisdn, codes[0], key())
    expect(await end('block', id, 1n, 5n, 'Lin')).toMatchObject({ refusal: 'act_is_own' })
    expect(await end('block', id, 2n, 2n)).toMatchObject({ value: { changed: 1n } })
    expect(await stage.use(msisdn, codes[1], key())).toMatchObject({
      refusal: 'top_up_voucher_blocked',
    })
    expect(await end('block', id, 1n, 5n)).toMatchObject({
      value: { changed: 3n, batch: { state: 'blocked' } },
    })
    expect(await end('block', id, 1n, 5n)).toMatchObject({ refusal: 'top_up_batch_ended' })
    expect(await stage.held('top-up-voucher-float', id)).toBe(0n)
    expect(await stage.held('top-up-voucher-receivable', 'hall-1')).toBe(owed + 100_00n)
  })

  test('that has expired is used by nobody, from the very instant, and then given back', async () => {
    const validUntil = stage.clock.now() + dayMs
    const { id, codes } = await stage.batch({ count: 3n, validUntil })
    const msisdn = await customer()
    stage.clock.advance(dayMs - 1)
    expect(await end('expire', id, 1n, 3n)).toMatchObject({ refusal: 'top_up_batch_still_valid' })
    expect(await stage.use(msisdn, codes[0], key())).toMatchObject({ ok: true })
    stage.clock.advance(1)
    expect(await stage.use(msisdn, codes[1], key())).toMatchObject({
      refusal: 'top_up_voucher_expired',
    })
    await expect(stage.activate(id, 1n, 3n)).rejects.toThrow('top_up_batch_expired')
    expect(await end('expire', id, 1n, 3n)).toMatchObject({
      value: { changed: 2n, batch: { state: 'expired' } },
    })
    expect(await stage.held('top-up-voucher-float', id)).toBe(0n)
  })
})

describe('a voucher', () => {
  test('is money in the wallet, once, and the same answer to the same request', async () => {
    const { codes, cards } = await stage.batch()
    const msisdn = await customer()
    const same = key()
    const first = await stage.use(msisdn, codes[0], same)
    expect(first).toMatchObject({ ok: true, value: { replayed: false, use: { amount: 50_00n } } })
    const typed = codes[0]?.reveal().replace(/(\d{4})/g, '$1 ')
    expect(await stage.use(msisdn, typed, same)).toEqual({
      ...{ ok: true, value: { ...(first.ok && first.value), replayed: true } },
    })
    expect(await stage.balance(msisdn)).toBe(50_00n)
    expect(await stage.use(msisdn, codes[1], same)).toMatchObject({
      refusal: 'exists_with_different_content',
    })
    const used = { refusal: 'top_up_voucher_used' }
    expect(await stage.use(msisdn, codes[0], key())).toMatchObject(used)
    expect(await stage.use(await customer(), codes[0], key())).toMatchObject(used)
    expect(cards[0]?.serial).toHaveLength(12)
  })

  test('that was not sold gives nothing', async () => {
    const { codes } = await stage.batch({ sold: 0n })
    expect(await stage.use(await customer(), codes[0], key())).toMatchObject({
      refusal: 'top_up_voucher_not_active',
    })
  })

  test('comes into no wallet that is frozen for money in, and into none that is not there', async () => {
    const { codes } = await stage.batch()
    const msisdn = await customer()
    await stage.db.transact(async (tx) => {
      await tx.query(`update wallet_account set frozen = 'in' where msisdn = $1`, [msisdn])
    })
    expect(await stage.use(msisdn, codes[0], key())).toMatchObject({ refusal: 'frozen_in' })
    expect(await stage.use('+8613999999999', codes[0], key())).toMatchObject({
      refusal: 'wallet_not_found',
    })
    await stage.db.transact(async (tx) => {
      await tx.query(`update wallet_account set frozen = 'none' where msisdn = $1`, [msisdn])
    })
    expect(await stage.use(msisdn, codes[0], key())).toMatchObject({ ok: true })
  })
})

describe('guessing', () => {
  test('five wrong codes lock the number for right ones too, and nobody else', async () => {
    const { codes } = await stage.batch()
    const [msisdn, other] = [await customer(), await customer()]
    for (let tried = 0; tried < 5; tried += 1)
      expect(await stage.use(msisdn, newCode(stage.tools.ids), key())).toMatchObject({
        refusal: 'top_up_voucher_unknown',
      })
    const locked = { refusal: 'top_up_vouchers_locked' }
    expect(await stage.use(msisdn, codes[0], key())).toMatchObject(locked)
    expect(await stage.use(msisdn, newCode(stage.tools.ids), key())).toMatchObject(locked)
    expect(await stage.use(other, codes[1], key())).toMatchObject({ ok: true })
    stage.clock.advance(30 * 60_000)
    expect(await stage.use(msisdn, codes[0], key())).toMatchObject({ ok: true })
  })

  test('a slip of the finger is told as such, and counts as no guess', async () => {
    const { codes } = await stage.batch()
    const msisdn = await customer()
    const wrong = codes[0]?.reveal().replace(/^\d/, (digit) => String((Number(digit) + 1) % 10))
    for (let tried = 0; tried < 6; tried += 1)
      expect(await stage.use(msisdn, wrong, key())).toMatchObject({
        refusal: 'top_up_voucher_mistyped',
      })
    expect(await stage.use(msisdn, codes[0], key())).toMatchObject({ ok: true })
  })
})
