/** What a merchant shows is read as it was meant, and nothing else is read as ours. */
import { readMerchantCode } from '@telepurse/emv-qr'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createIds } from '../kernel/index.ts'
import type { Merchant } from '../merchants/index.ts'
import { identifierOf, merchantCode, readCode } from './index.ts'

const origin = 'https://pay.example'
const shop = { id: '6022', name: { zh: '书吧', en: 'Book bar' } } as Merchant
const orderId = createIds().next(7, Date.UTC(2026, 8, 12))

test('a code without an order names the merchant, and asks for the amount', () => {
  const text = merchantCode(origin, shop)
  expect(readCode(origin, text)).toEqual({
    ok: true,
    value: { kind: 'merchant', merchantId: '6022' },
  })
  const read = readMerchantCode(text)
  expect(read).toMatchObject({
    ok: true,
    value: { code: { initiation: 'static', name: 'Book bar', localName: { name: '书吧' } } },
  })
  expect(read.ok && read.value.code.amount).toBeUndefined()
})

test('a code of an order names its page and amount', () => {
  const text = merchantCode(origin, shop, { orderId, amount: 28_60n })
  expect(readCode(origin, text)).toEqual({ ok: true, value: { kind: 'order', orderId } })
  expect(readMerchantCode(text)).toMatchObject({
    value: { code: { initiation: 'dynamic', amount: '28.60' } },
  })
})

test('the address of a page of ours is its order, and of nobody else’s', () => {
  const page = `${origin}/pay/${orderId}`
  expect(readCode(origin, page)).toEqual({ ok: true, value: { kind: 'order', orderId } })
  for (const text of [
    page.replace('pay.example', 'evil.example'),
    page.replace('https', 'http'),
    page.replace('pay.example', 'pay.example@evil.example'),
    `${page}/more`,
    `${origin}/pay/1`,
  ])
    expect([text, readCode(origin, text).ok]).toEqual([text, false])
})

test('a code of somebody else is not ours, and a damaged one is none', () => {
  const text = merchantCode('https://wallet.other.example', shop)
  expect(readCode(origin, text)).toEqual({ ok: false, refusal: 'not_ours' })
  expect(readCode(origin, merchantCode(origin, shop).replace('6022', '6021'))).toEqual({
    ok: false,
    refusal: 'not_a_code',
  })
})

test('a server is told by its name, and one without a name by ours', () => {
  expect(identifierOf('https://pay.example')).toBe('example.pay')
  expect(identifierOf('http://127.0.0.1:8080')).toBe('telepurse')
  expect(identifierOf('http://localhost:8080')).toBe('telepurse')
})

test('every merchant has a code that is read, whatever its name', () => {
  fc.assert(
    fc.property(fc.string({ minLength: 1, unit: 'grapheme' }), (name) => {
      const text = merchantCode(origin, { ...shop, name: { zh: `店${name}`, en: name } })
      expect(readCode(origin, text)).toEqual({
        ok: true,
        value: { kind: 'merchant', merchantId: '6022' },
      })
    }),
  )
})
