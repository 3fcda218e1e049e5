import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createFieldCipher } from './field-cipher.ts'
import { createIds } from './ids.ts'
import { Secret } from './secret.ts'

const ids = createIds()
const first = new Secret('first-field-key-of-32-characters!')
const second = new Secret('second-field-key-of-32-characters')

test('what was sealed opens to the same text, for the same purpose only', () => {
  const cipher = createFieldCipher(first, ids)
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), fc.string(), fc.string(), (text, purpose, other) => {
      const sealed = cipher.seal(purpose, new Secret(text))
      expect(cipher.open(purpose, sealed).reveal()).toBe(Buffer.from(text).toString())
      if (purpose !== other) expect(() => cipher.open(other, sealed)).toThrow()
    }),
  )
})

test('one text is sealed differently each time and never shows', () => {
  const cipher = createFieldCipher(first, ids)
  const [one, two] = [1, 2].map(() => cipher.seal('p', new Secret('canary')))
  expect(one).not.toBe(two)
  expect(one).not.toContain('canary')
})

test('any changed character is noticed', () => {
  const cipher = createFieldCipher(first, ids)
  const sealed = cipher.seal('p', new Secret('text'))
  for (let i = 0; i < sealed.length; i += 1) {
    const changed = `${sealed.slice(0, i)}${sealed[i] === 'A' ? 'B' : 'A'}${sealed.slice(i + 1)}`
    // The last character of base64url may hold bits that stand for nothing.
    if (Buffer.from(changed, 'base64url').equals(Buffer.from(sealed, 'base64url'))) continue
    if (i === sealed.length - 1) continue
    expect(() => cipher.open('p', changed)).toThrow()
  }
  expect(() => cipher.open('p', '')).toThrow()
  expect(() => cipher.open('p', 'v1')).toThrow()
})

test('a changed key opens what the older one sealed, and not the other way round', () => {
  const before = createFieldCipher(first, ids)
  const after = createFieldCipher(second, ids, [first])
  expect(after.open('p', before.seal('p', new Secret('text'))).reveal()).toBe('text')
  expect(() => before.open('p', after.seal('p', new Secret('text')))).toThrow('known key')
})

test('a short key is refused', () => {
  expect(() => createFieldCipher(new Secret('short'), ids)).toThrow('32 characters')
})
