/** The key store is played: what counts here is what is left of the clear octets. */
import { expect, test } from 'vitest'
import { Secret, SecretBytes } from '../kernel/index.ts'
import { openSecret, sealSecret } from './sealed-secret.ts'

const seal = { name: 'sms:text', context: 'text 1' }

test('it is sealed for its key and place, and opened there', () => {
  const asked: string[] = []
  const keys = {
    seal(name: string, clear: SecretBytes, context: string) {
      asked.push(name, context)
      return Buffer.from(clear.reveal()).toString('hex')
    },
    open(name: string, sealed: string, context: string) {
      asked.push(name, context)
      return new SecretBytes(Buffer.from(sealed, 'hex'))
    },
  }
  const sealed = sealSecret(keys, seal, new Secret('密码 112233'))
  expect(openSecret(keys, seal, sealed).reveal()).toBe('密码 112233')
  expect(asked).toEqual(['sms:text', 'text 1', 'sms:text', 'text 1'])
})

test('no clear octets are left, even when it cannot be sealed', () => {
  const lent: Uint8Array[] = []
  const keep = (bytes: SecretBytes) => void lent.push(bytes.reveal())
  const secret = new Secret('112233')
  const sealing = (answer: () => string) => ({
    seal(_: string, clear: SecretBytes) {
      keep(clear)
      return answer()
    },
  })
  const fails = () => {
    throw new Error('no such key')
  }
  sealSecret(
    sealing(() => 'sealed'),
    seal,
    secret,
  )
  expect(() => sealSecret(sealing(fails), seal, secret)).toThrow('no such key')
  const open = () => {
    const opened = new SecretBytes(Buffer.from('112233'))
    keep(opened)
    return opened
  }
  openSecret({ open }, seal, 'sealed')
  expect(lent.map((octets) => [...octets])).toEqual(Array(3).fill([0, 0, 0, 0, 0, 0]))
})
