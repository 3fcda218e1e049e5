import { inspect } from 'node:util'
import { expect, test } from 'vitest'
import { SecretBytes } from './secret-bytes.ts'

test('secret octets are printed nowhere, and gone after they were spent', () => {
  const octets = Uint8Array.from(Buffer.from('canary'))
  const secret = new SecretBytes(octets)
  const shown = [`${secret}`, JSON.stringify({ secret }), inspect({ secret }, { showHidden: true })]
  for (const text of shown) {
    expect(text).toContain('••••')
    expect(text).not.toMatch(/canary|99, ?97|63 61 6e/)
  }
  expect(secret.length).toBe(6)
  expect(secret.spend((clear) => Buffer.from(clear).toString())).toBe('canary')
  expect([...octets]).toEqual([0, 0, 0, 0, 0, 0])
  expect(() => secret.reveal()).toThrow('wiped')
})

test('they are gone too when their use fails', () => {
  const octets = Uint8Array.of(1, 2, 3)
  const fail = () =>
    new SecretBytes(octets).spend(() => {
      throw new Error('no use')
    })
  expect(fail).toThrow('no use')
  expect([...octets]).toEqual([0, 0, 0])
})
