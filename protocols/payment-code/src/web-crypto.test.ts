import { expect, test } from 'vitest'
import { alias, exampleKey, hmacOf, valueIn } from '../test/example.ts'
import { checkCode } from './check.ts'
import { makeCode, splitCode } from './code.ts'
import { importHmacKey, webCryptoHmac } from './web-crypto.ts'

test('what the platform computes is what Node computes', async () => {
  const hmac = webCryptoHmac(await importHmacKey(exampleKey))
  const now = 1_767_225_600_000
  const code = valueIn(await makeCode({ alias, hmac, now }))
  expect(code).toBe('762049155374537744')
  const checked = await checkCode(valueIn(splitCode(code)), { hmac: hmacOf(exampleKey), now })
  expect(valueIn(checked)).toEqual([58_907_520])
})

test('an imported key signs and is never given out', async () => {
  const key = await importHmacKey(exampleKey)
  expect(key.extractable).toBe(false)
  expect(key.usages).toEqual(['sign'])
  await expect(crypto.subtle.exportKey('raw', key)).rejects.toThrow()
})

test.each([0, 16, 31, 33])('%i octets are no key', async (length) => {
  await expect(importHmacKey(new Uint8Array(length))).rejects.toThrow(RangeError)
})
