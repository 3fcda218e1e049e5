/** Keys of the store do what the library of banks' messages does with plain ones. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  cbcMac,
  cmac,
  encryptPin,
  retailMac,
  translatePin,
  unionPayEcbMac,
} from '../../../protocols/iso8583/src/index.ts'
import { aesCipher, desCipher } from '../../../protocols/iso8583/src/node.ts'
import { stages } from '../../../test/key-stages.ts'
import { createIds, Secret, SecretBytes, systemClock } from '../kernel/index.ts'
import { blockCipher, checkValueOf, createKeyStore, type KeySpec } from './index.ts'

const ids = createIds()
const octets = (hex: string) => Uint8Array.from(Buffer.from(hex, 'hex'))

const plain = {
  pin: octets('0123456789abcdeffedcba9876543210'),
  other: octets('fedcba9876543210134679f8bcdfabce'),
  mac: octets('7962d9ece03d1acd4c76089dce131543'),
  terminal: octets('c24a8fb57aa20123'),
  aes: octets('2b7e151628aed2a6abf7158809cf4f3c'),
}

const specs: readonly (KeySpec & { readonly key: Uint8Array })[] = [
  { name: 'pin', use: 'pin', algorithm: 'tdes-double', key: plain.pin },
  { name: 'other', use: 'pin', algorithm: 'tdes-double', key: plain.other },
  { name: 'pin-aes', use: 'pin', algorithm: 'aes-128', key: plain.aes },
  { name: 'mac', use: 'mac', algorithm: 'tdes-double', key: plain.mac },
  { name: 'terminal', use: 'mac', algorithm: 'des', key: plain.terminal },
  { name: 'mac-aes', use: 'mac', algorithm: 'aes-128', key: plain.aes },
]

test.for(stages)(
  'PIN blocks and MACs are the same with keys in $name',
  async ({ missing, open, stop }, { skip, onTestFinished }) => {
    skip(missing !== undefined, missing)
    onTestFinished(stop)
    const { module } = await open()
    const keys = createKeyStore(module, { clock: systemClock, ids })
    for (const { key, ...spec } of specs) {
      const mask = Uint8Array.from(ids.random(key.length))
      const parts = [mask, key.map((octet, at) => octet ^ (mask[at] ?? 0))]
      const components = parts.map((part) => ({
        checkValue: checkValueOf(spec.algorithm, part),
        octets: new SecretBytes(part),
      }))
      const put = await keys.importComponents(spec, components, checkValueOf(spec.algorithm, key))
      expect(put).toMatchObject({ ok: true })
    }
    const kept = (name: string, part?: 'left' | 'right') => blockCipher(keys, { name }, part)
    const pan = '6222020200112233'
    const ofPin = fc.stringMatching(/^\d{4,12}$/)
    const ofRandom = fc.uint8Array({ minLength: 10, maxLength: 10 })
    fc.assert(
      fc.property(
        ofPin,
        ofRandom,
        fc.uint8Array({ minLength: 1, maxLength: 60 }),
        (digits, random, data) => {
          const pin = new Secret(digits)
          for (const format of [0, 3] as const) {
            const [here, there] = [desCipher(plain.pin), desCipher(plain.other)]
            const block = encryptPin({ format, cipher: here }, { pin, pan, random })
            expect(encryptPin({ format, cipher: kept('pin') }, { pin, pan, random })).toEqual(block)
            if (!block.ok) throw new Error(block.refusal)
            expect(
              translatePin(
                { format, cipher: kept('pin') },
                { format, cipher: kept('other') },
                { block: block.value, pan, random },
              ),
            ).toEqual(encryptPin({ format, cipher: there }, { pin, pan, random }))
            const moved = keys.translate({ name: 'pin' }, { name: 'other' }, block.value)
            expect(Buffer.from(moved)).toEqual(
              Buffer.from(there.encrypt(here.decrypt(block.value))),
            )
          }
          const four = { format: 4, pin, pan, random: random.slice(0, 8) } as const
          expect(encryptPin({ ...four, cipher: kept('pin-aes') }, four)).toEqual(
            encryptPin({ ...four, cipher: aesCipher(plain.aes) }, four),
          )
          const [left, right] = [desCipher(plain.mac.slice(0, 8)), desCipher(plain.mac.slice(8))]
          const halves = { left: kept('mac', 'left'), right: kept('mac', 'right') }
          const same = (one: Uint8Array, two: Uint8Array) =>
            expect(Buffer.from(one).toString('hex')).toBe(Buffer.from(two).toString('hex'))
          same(retailMac(halves, data, 2), retailMac({ left, right }, data, 2))
          same(
            unionPayEcbMac(kept('terminal'), data),
            unionPayEcbMac(desCipher(plain.terminal), data),
          )
          same(cbcMac(kept('terminal'), data, 1), cbcMac(desCipher(plain.terminal), data, 1))
          same(cmac(kept('mac-aes'), data), cmac(aesCipher(plain.aes), data))
        },
      ),
      { numRuns: 15 },
    )
  },
)
