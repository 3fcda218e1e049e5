import { expect, test } from 'vitest'
import { createIds, Secret } from '../../kernel/index.ts'
import { createFieldCipher } from './field-cipher.ts'

const cipher = createFieldCipher(
  new Secret('a field key for tests, 32 characters or more'),
  createIds(),
)
const secret = new Secret('the token of a sink')

test('what was sealed opens again for its purpose, and looks different every time', () => {
  const sealed = cipher.seal('one', secret)
  expect(cipher.open('one', sealed).reveal()).toBe('the token of a sink')
  expect(cipher.seal('one', secret)).not.toBe(sealed)
  expect(Buffer.from(sealed.slice(3), 'base64url').toString()).not.toContain('token')
})

test('another purpose, another key or a changed bit do not open it', () => {
  const sealed = cipher.seal('one', secret)
  const other = createFieldCipher(
    new Secret('another field key, 32 characters or more!'),
    createIds(),
  )
  const changed = Buffer.from(sealed.slice(3), 'base64url')
  changed[20] = (changed[20] ?? 0) ^ 1
  expect(() => cipher.open('two', sealed)).toThrow()
  expect(() => other.open('one', sealed)).toThrow()
  expect(() => cipher.open('one', `v1.${changed.toString('base64url')}`)).toThrow()
  expect(() => cipher.open('one', 'clear text')).toThrow()
})

test('a short key is refused', () => {
  expect(() => createFieldCipher(new Secret('short'), createIds())).toThrow()
})
