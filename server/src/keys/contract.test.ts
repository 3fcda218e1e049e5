/** What a key store promises, held against every kind of module there is. */
import { createCipheriv, createHmac } from 'node:crypto'
import fc from 'fast-check'
import { afterAll, describe, expect, test } from 'vitest'
import { stages } from '../../../test/key-stages.ts'
import { createIds, manualClock, SecretBytes } from '../kernel/index.ts'
import { blockCipher, checkValueOf, createKeyStore, type KeySpec, KeyUnusable } from './index.ts'

const ids = createIds()
const octets = (hex: string) => Uint8Array.from(Buffer.from(hex, 'hex'))
const secret = (hex: string) => new SecretBytes(octets(hex))
const hex = (found: Uint8Array) => Buffer.from(found).toString('hex')
const text = (found: SecretBytes) => Buffer.from(found.reveal()).toString()
const start = Date.UTC(2026, 10, 27, 4)

const pinSpec: KeySpec = { name: 'bank:icbc:zpk', use: 'pin', algorithm: 'tdes-double' }
const macSpec: KeySpec = { name: 'bank:icbc:zak', use: 'mac', algorithm: 'tdes-double' }
const kekSpec: KeySpec = { name: 'bank:icbc:zmk', use: 'kek', algorithm: 'tdes-double' }
const bigKekSpec: KeySpec = { name: 'vault:kek', use: 'kek', algorithm: 'aes-256' }
const cardSpec: KeySpec = { name: 'card:pan', use: 'card-data', algorithm: 'aes-256' }
const lookupSpec: KeySpec = { name: 'card:lookup', use: 'lookup', algorithm: 'hmac-256' }

const known = '0123456789abcdeffedcba9876543210'
const knownAes = '603deb1015ca71be2b73aef0857d77811f352c073b6108d72d9810a30914dff4'

/** The key, as two people bring it. */
function inTwo(spec: KeySpec, key: string) {
  const first = Uint8Array.from(octets(key), (_, at) => (at * 7 + 1) & 0xff)
  const second = octets(key).map((octet, at) => octet ^ (first[at] ?? 0))
  return [first, second].map((clear) => ({
    checkValue: checkValueOf(spec.algorithm, clear),
    octets: new SecretBytes(clear),
  }))
}

describe.each(stages)('keys in $name', ({ missing, open, stop }) => {
  afterAll(() => stop())
  const there = test.skipIf(missing !== undefined)

  async function stage() {
    const { module, again, rotateElsewhere } = await open()
    const clock = manualClock(start)
    const keys = createKeyStore(module, { clock, ids })
    const put = async (spec: KeySpec, key: string) => {
      const put = await keys.importComponents(
        spec,
        inTwo(spec, key),
        checkValueOf(spec.algorithm, octets(key)),
      )
      expect(put).toMatchObject({ ok: true })
    }
    const made = async (...specs: KeySpec[]) => {
      for (const spec of specs) expect(await keys.generate(spec)).toMatchObject({ ok: true })
    }
    return {
      keys,
      clock,
      put,
      made,
      rotateElsewhere,
      again: () => createKeyStore(again(), { clock, ids }),
    }
  }

  if (missing !== undefined)
    test('is not tested on this machine', ({ skip }) => {
      expect(missing).not.toBe('')
      skip(missing)
    })

  there('a new key is current, has a check value, and its octets are shown nowhere', async () => {
    const { keys, again } = await stage()
    for (const spec of [pinSpec, macSpec, kekSpec, bigKekSpec, cardSpec, lookupSpec]) {
      const made = await keys.generate(spec)
      const { name, use, algorithm } = spec
      const info = {
        ...{ name, use, algorithm, version: 1, state: 'current', exportable: false },
        ...{ createdAt: start, activatedAt: start, retiredAt: null },
        checkValue: expect.stringMatching(/^[0-9A-F]{6}$/),
      }
      expect(made).toEqual({ ok: true, value: info })
      expect(await keys.generate(spec)).toMatchObject({ refusal: 'exists' })
    }
    expect(keys.list().map((key) => key.name)).toEqual([
      ...['bank:icbc:zak', 'bank:icbc:zmk', 'bank:icbc:zpk'],
      ...['card:lookup', 'card:pan', 'vault:kek'],
    ])
    expect(new Set(keys.list().map((key) => key.checkValue)).size).toBe(6)
    expect(again().list()).toEqual(keys.list())
  })

  there.each<[Partial<KeySpec>, string]>([
    [{ name: 'Bank ICBC' }, 'name_invalid'],
    [{ name: `a${':a'.repeat(40)}` }, 'name_invalid'],
    [{ algorithm: 'des' }, 'algorithm_unfit'],
    [{ algorithm: 'hmac-256' }, 'algorithm_unfit'],
    [{ use: 'card-data', algorithm: 'aes-128' }, 'algorithm_unfit'],
  ])('a key like %j is refused: %s', async (change, refusal) => {
    const { keys } = await stage()
    expect(await keys.generate({ ...pinSpec, ...change })).toEqual({ ok: false, refusal })
    expect(keys.list()).toEqual([])
  })

  there('two components make the key, and enciphers as published', async () => {
    const { keys, put } = await stage()
    await put(pinSpec, known)
    expect(keys.list()[0]?.checkValue).toBe('08D7B4')
    const enciphered = keys.encrypt({ name: pinSpec.name }, secret('0000000000000000'))
    expect(hex(enciphered)).toBe('08d7b4fb629d0885')
    expect(hex(keys.decrypt({ name: pinSpec.name }, enciphered).reveal())).toBe('0000000000000000')
    // FIPS 197 appendix C.3, and SP 800-38A appendix F.1.5 with two blocks.
    await put({ name: 'pin:aes', use: 'pin', algorithm: 'aes-256' }, knownAes)
    const blocks = '6bc1bee22e409f96e93d7e117393172aae2d8a571e03ac9c9eb76fac45af8e51'
    expect(hex(keys.encrypt({ name: 'pin:aes' }, secret(blocks)))).toBe(
      'f3eed1bdb5d2a03c064b5a7e3db181f8591ccb10d410ed26dc5ba74a31362870',
    )
    // RFC 4231 case 1: HMAC fills a key up with zeros itself.
    await put(lookupSpec, `${'0b'.repeat(20)}${'00'.repeat(12)}`)
    expect(hex(keys.hmac({ name: lookupSpec.name }, Buffer.from('Hi There')))).toBe(
      'b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7',
    )
  })

  there('a wrong check value, of a component or of the whole, leaves nothing behind', async () => {
    const { keys } = await stage()
    expect(await keys.importComponents(pinSpec, inTwo(pinSpec, known), '08D7B5')).toEqual({
      ok: false,
      refusal: 'check_value_differs',
    })
    const [first, second] = inTwo(pinSpec, known)
    if (!first || !second) throw new Error('there are two')
    const wrong = [first, { ...second, checkValue: first.checkValue }]
    expect(await keys.importComponents(pinSpec, wrong, '08D7B4')).toMatchObject({
      refusal: 'component_check_value_differs',
    })
    expect(() => second.octets.reveal()).toThrow('wiped')
    expect(await keys.importComponents(pinSpec, inTwo(pinSpec, '01'.repeat(16)), '')).toMatchObject(
      {
        refusal: 'weak_key',
      },
    )
    expect(keys.list()).toEqual([])
  })

  there(
    'a zone key comes under TDES as a bank sends it, and the check value is looked at',
    async () => {
      const { keys, put } = await stage()
      const zmk = '70f2a84ccbc2ae8625cbb0f2c22ab923'
      await put(kekSpec, zmk)
      const under = { name: kekSpec.name }
      const tak: KeySpec = { name: 'bank:icbc:tak', use: 'mac', algorithm: 'des' }
      // A key of a UnionPay terminal, as published: it comes out as c24a8fb57aa20123.
      const wrapped = octets('96d605ea176b7e9e')
      const wrong = await keys.importWrapped(tak, { under, wrapped, checkValue: '000000' })
      expect(wrong).toMatchObject({ refusal: 'check_value_differs' })
      expect(await keys.importWrapped(tak, { under, wrapped: wrapped.subarray(1) })).toMatchObject({
        refusal: 'key_length_invalid',
      })
      expect(keys.list()).toHaveLength(1)
      const right = await keys.importWrapped(tak, {
        ...{ under, wrapped },
        checkValue: checkValueOf('des', octets('c24a8fb57aa20123')),
      })
      expect(right).toMatchObject({ ok: true, value: { version: 1, state: 'current' } })
      const des = createCipheriv('des-ede3-ecb', octets('c24a8fb57aa20123'.repeat(3)), null)
      const block = octets('4d08f434464fe7bf')
      expect(hex(keys.encrypt({ name: tak.name }, new SecretBytes(octets(hex(block)))))).toBe(
        hex(des.setAutoPadding(false).update(block)),
      )
      // The next one of the same name is a rotation: what is under way still verifies.
      const next = createCipheriv('des-ede-ecb', octets(zmk), null).setAutoPadding(false)
      const other = next.update(octets('133457799bbcdff1'))
      expect(await keys.importWrapped(tak, { under, wrapped: other })).toMatchObject({
        value: { version: 2, state: 'current' },
      })
      expect(keys.readable(tak.name).map((key) => [key.version, key.state])).toEqual([
        [2, 'current'],
        [1, 'previous'],
      ])
      expect(hex(keys.chain({ name: tak.name }, octets('0123456789abcdef')))).toBe(
        '85e813540f0ab405',
      )
      expect(hex(keys.chain({ name: tak.name, version: 1 }, block))).toBe(
        hex(
          createCipheriv('des-ede3-ecb', octets('c24a8fb57aa20123'.repeat(3)), null)
            .setAutoPadding(false)
            .update(block),
        ),
      )
    },
  )

  there('keys go out and come in under AES (RFC 3394), and only as they may', async () => {
    const { keys, put, made } = await stage()
    await put(bigKekSpec, '000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f')
    const under = { name: bigKekSpec.name }
    const published = octets(
      '28c9f404c4b810f4cbccb35cfb87f8263f5786e2d80ed326cbc7f0e71a99f43bfb988b9b7a02dd21',
    )
    const spec: KeySpec = { name: 'pin:aes', use: 'pin', algorithm: 'aes-256', exportable: true }
    const key = '00112233445566778899aabbccddeeff000102030405060708090a0b0c0d0e0f'
    expect(
      await keys.importWrapped(spec, {
        ...{ under, wrapped: published },
        checkValue: checkValueOf('aes-256', octets(key)),
      }),
    ).toMatchObject({ ok: true })
    const out = keys.wrapForExport({ name: spec.name }, under)
    expect(out.ok && hex(out.value)).toBe(hex(published))
    const broken = Uint8Array.from(published, (octet, at) => octet ^ (at === 9 ? 1 : 0))
    expect(await keys.importWrapped({ ...spec, name: 'a' }, { under, wrapped: broken })).toEqual({
      ok: false,
      refusal: 'unwrap_failed',
    })
    for (const each of [macSpec, { ...pinSpec, algorithm: 'tdes-triple' as const }, lookupSpec]) {
      await made({ ...each, exportable: true })
      const wrapped = keys.wrapForExport({ name: each.name }, under)
      if (!wrapped.ok) throw new Error(wrapped.refusal)
      const copy = await keys.importWrapped(
        { ...each, name: `copy:${each.name}` },
        { under, wrapped: wrapped.value },
      )
      const first = keys.list().find((one) => one.name === each.name)
      expect(copy).toMatchObject({ value: { checkValue: first?.checkValue } })
    }
    await made(cardSpec, kekSpec)
    expect(keys.wrapForExport({ name: cardSpec.name }, under)).toMatchObject({
      refusal: 'not_exportable',
    })
    expect(keys.wrapForExport({ name: spec.name }, { name: kekSpec.name })).toMatchObject({
      refusal: 'kek_too_weak',
    })
    expect(
      await keys.importWrapped(spec, {
        under: { name: kekSpec.name },
        wrapped: new Uint8Array(32),
      }),
    ).toMatchObject({ refusal: 'kek_too_weak' })
  })

  there('the key of a retail MAC works by halves (ISO/IEC 9797-1 algorithm 3)', async () => {
    const { keys, put } = await stage()
    // ICAO Doc 9303 part 11, appendix D.3, with its padding.
    await put(macSpec, '7962d9ece03d1acd4c76089dce131543')
    const data = octets(
      '72c29c2371cc9bdb65b779b8e8d37b29ecc154aa56a8799fae2f498f76ed92f28000000000000000',
    )
    const left = blockCipher(keys, { name: macSpec.name }, 'left')
    const right = blockCipher(keys, { name: macSpec.name }, 'right')
    expect(hex(left.encrypt(right.decrypt(left.chain(data))))).toBe('5f1448eea8ad90a7')
    expect(left.blockOctets).toBe(8)
    expect(() => keys.chain({ name: macSpec.name }, data.subarray(1))).toThrow('whole blocks')
  })

  there('a generated key for MACs has halves that make the whole', async () => {
    const { keys, made } = await stage()
    await made(macSpec)
    const [left, right, whole] = (['left', 'right', 'whole'] as const).map((part) =>
      blockCipher(keys, { name: macSpec.name }, part),
    )
    const block = octets('0123456789abcdef')
    const composed = left?.encrypt(right?.decrypt(left.encrypt(block)) ?? block)
    expect(composed).toEqual(whole?.encrypt(block))
  })

  there('a key does what it is for and nothing else', async () => {
    const { keys, made } = await stage()
    await made(pinSpec, macSpec, kekSpec, cardSpec, lookupSpec)
    const block = new Uint8Array(8)
    const attempts: Record<string, (name: string) => unknown> = {
      encrypt: (name) => keys.encrypt({ name }, new SecretBytes(block)),
      decrypt: (name) => keys.decrypt({ name }, block),
      chain: (name) => keys.chain({ name }, block),
      translate: (name) => keys.translate({ name }, { name }, block),
      hmac: (name) => keys.hmac({ name }, block),
      seal: (name) => keys.seal(name, new SecretBytes(block), ''),
    }
    const allowed = Object.entries(attempts).map(([operation, attempt]) => [
      operation,
      keys.list().flatMap(({ name, use }) => {
        try {
          attempt(name)
          return [use]
        } catch (error) {
          expect(error).toBeInstanceOf(KeyUnusable)
          return []
        }
      }),
    ])
    expect(Object.fromEntries(allowed)).toEqual({
      encrypt: ['mac', 'pin'],
      decrypt: ['mac', 'pin'],
      chain: ['mac'],
      translate: ['pin'],
      hmac: ['lookup'],
      seal: ['card-data'],
    })
    expect(() => keys.encrypt({ name: 'pin:none' }, new SecretBytes(block))).toThrow('no current')
    expect(() => keys.encrypt({ name: pinSpec.name }, secret('00'.repeat(24)))).toThrow('at most 2')
    expect(() => keys.seal(cardSpec.name, secret(''), '')).toThrow('nothing to work on')
    expect(() => keys.hmac({ name: lookupSpec.name }, octets(''))).toThrow('nothing to work on')
    expect(
      await keys.importComponents(
        { ...macSpec, name: pinSpec.name },
        inTwo(macSpec, known),
        '08D7B4',
      ),
    ).toMatchObject({
      refusal: 'use_differs',
    })
  })

  there('a translated PIN block is the one that was decrypted and encrypted again', async () => {
    const { keys, made } = await stage()
    const other = { ...pinSpec, name: 'bank:ccb:zpk', algorithm: 'tdes-triple' as const }
    await made(pinSpec, other)
    await keys.rotate(pinSpec.name)
    const [old, from, to] = [
      { name: pinSpec.name, version: 1 },
      { name: pinSpec.name },
      { name: other.name },
    ]
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 8, maxLength: 8 }), (block) => {
        for (const source of [old, from]) {
          const clear = keys.decrypt(source, block)
          expect(keys.translate(source, to, block)).toEqual(keys.encrypt(to, clear))
        }
      }),
      { numRuns: 30 },
    )
    expect(() => keys.translate(from, old, new Uint8Array(8))).toThrow('nothing new')
  })

  there('what is sealed opens for its place and key, and for no other', async () => {
    const { keys, made } = await stage()
    await made(cardSpec, { ...cardSpec, name: 'card:other' })
    fc.assert(
      fc.property(fc.string({ minLength: 1 }), fc.string(), fc.nat(), (clear, context, at) => {
        const sealed = keys.seal(cardSpec.name, new SecretBytes(Buffer.from(clear)), context)
        expect(text(keys.open(cardSpec.name, sealed, context))).toBe(Buffer.from(clear).toString())
        expect(() => keys.open(cardSpec.name, sealed, `${context}!`)).toThrow(KeyUnusable)
        expect(() => keys.open('card:other', sealed, context)).toThrow(KeyUnusable)
        const place = at % sealed.length
        // The last character of Base64 may hold bits that count for nothing.
        const changed = `${sealed.slice(0, place)}${sealed[place] === 'A' ? 'B' : 'A'}${sealed.slice(place + 1)}`
        if (place < sealed.length - 1)
          expect(() => keys.open(cardSpec.name, changed, context)).toThrow(KeyUnusable)
      }),
      { numRuns: 40 },
    )
  })

  there('a version that is known first and activated later stops nothing', async () => {
    const { keys, clock, made } = await stage()
    await made(cardSpec)
    const sealed = (name = cardSpec.name) => keys.seal(name, new SecretBytes(Buffer.from('x')), '')
    const old = sealed()
    const next = await keys.rotate(cardSpec.name, 'later')
    expect(next).toMatchObject({ value: { version: 2, state: 'next', activatedAt: null } })
    expect(sealed()).toMatch(/^k1\.1\./)
    clock.advance(1_000)
    expect(await keys.activate({ name: cardSpec.name, version: 2 })).toMatchObject({
      value: { state: 'current', activatedAt: start + 1_000 },
    })
    expect(sealed()).toMatch(/^k1\.2\./)
    expect(text(keys.open(cardSpec.name, old, ''))).toBe('x')
    expect(await keys.activate({ name: cardSpec.name, version: 1 })).toMatchObject({
      refusal: 'not_newer',
    })
    expect(await keys.activate({ name: cardSpec.name, version: 3 })).toMatchObject({
      refusal: 'unknown_key',
    })
  })

  there('a retired version opens nothing, and the current one cannot be retired', async () => {
    const { keys, clock, made, again } = await stage()
    await made(cardSpec)
    const sealed = keys.seal(cardSpec.name, new SecretBytes(Buffer.from('x')), '')
    const first = { name: cardSpec.name, version: 1 }
    expect(await keys.retire(first)).toMatchObject({ refusal: 'is_current' })
    await keys.rotate(cardSpec.name)
    clock.advance(5)
    expect(await keys.retire(first)).toMatchObject({
      value: { state: 'retired', retiredAt: start + 5 },
    })
    for (const store of [keys, again()]) {
      expect(() => store.open(cardSpec.name, sealed, '')).toThrow('retired')
      expect(store.readable(cardSpec.name).map((key) => key.version)).toEqual([2])
    }
    expect(await keys.retire(first)).toMatchObject({ refusal: 'retired' })
    expect(await keys.activate(first)).toMatchObject({ refusal: 'retired' })
    expect(await keys.rotate(cardSpec.name)).toMatchObject({ value: { version: 3 } })
    expect(await keys.rotate('card:none')).toMatchObject({ refusal: 'unknown_key' })
  })

  there('what another process rotates is seen without a restart', async () => {
    const { keys, made, again, rotateElsewhere } = await stage()
    await made(cardSpec)
    const seal = (store: typeof keys) =>
      store.seal(cardSpec.name, new SecretBytes(Buffer.from('data')), '')
    const other = again()
    const early = seal(other)
    expect(rotateElsewhere(cardSpec.name)).toBe('2')
    expect(seal(keys)).toMatch(/^k1\.2\./)
    await keys.rotate(cardSpec.name)
    const late = seal(keys)
    expect(seal(other)).toMatch(/^k1\.3\./)
    expect(text(other.open(cardSpec.name, late, ''))).toBe('data')
    expect(text(keys.open(cardSpec.name, early, ''))).toBe('data')
  })

  there('two who change at once both get their change', async () => {
    const { keys, made, again } = await stage()
    await made(cardSpec, lookupSpec)
    const other = again()
    const done = await Promise.all([
      keys.rotate(cardSpec.name),
      other.rotate(cardSpec.name),
      other.rotate(lookupSpec.name),
      keys.rotate(cardSpec.name),
    ])
    expect(done.every((one) => one.ok)).toBe(true)
    expect(keys.list().map((key) => `${key.name} ${key.version} ${key.state}`)).toEqual([
      'card:lookup 1 previous',
      'card:lookup 2 current',
      'card:pan 1 previous',
      'card:pan 2 previous',
      'card:pan 3 previous',
      'card:pan 4 current',
    ])
  })

  there(
    'wherever rotations fall, old data stays readable until its version is retired',
    async () => {
      const step = fc.constantFrom('seal', 'rotate', 'later', 'activate', 'retire')
      await fc.assert(
        fc.asyncProperty(fc.array(step, { maxLength: 14 }), async (steps) => {
          const { keys, made } = await stage()
          await made(cardSpec, lookupSpec)
          const { name } = cardSpec
          const sealed: { readonly version: number; readonly text: string }[] = []
          for (const [at, one] of steps.entries()) {
            const last = keys.list().findLast((key) => key.name === name)?.version ?? 0
            if (one === 'rotate') await keys.rotate(name)
            else if (one === 'later') await keys.rotate(name, 'later')
            else if (one === 'activate') await keys.activate({ name, version: last })
            else if (one === 'retire') await keys.retire({ name, version: Math.max(1, last - 1) })
            else {
              const found = keys.seal(name, new SecretBytes(Buffer.from(`data ${at}`)), `${at}`)
              const version = Number(found.split('.')[1])
              expect(keys.readable(name)[0]?.version).toBe(version)
              sealed.push({ version, text: found })
            }
            expect(
              keys.list().filter((key) => key.name === name && key.state === 'current'),
            ).toHaveLength(1)
          }
          const gone = new Set(
            keys
              .list()
              .flatMap((key) =>
                key.name === name && key.state === 'retired' ? [key.version] : [],
              ),
          )
          for (const one of sealed) {
            const place = steps.flatMap((step, at) => (step === 'seal' ? [at] : []))[
              sealed.indexOf(one)
            ]
            const read = () => text(keys.open(name, one.text, `${place}`))
            if (gone.has(one.version)) expect(read).toThrow('retired')
            else expect(read()).toBe(`data ${place}`)
          }
        }),
        { numRuns: 4 },
      )
    },
  )

  there('the hash of a lookup key is HMAC, and each version has its own', async () => {
    const { keys, put } = await stage()
    await put(lookupSpec, knownAes)
    await keys.rotate(lookupSpec.name)
    const data = Buffer.from('4111111111111111')
    const own = createHmac('sha256', octets(knownAes)).update(data).digest('hex')
    expect(hex(keys.hmac({ name: lookupSpec.name, version: 1 }, data))).toBe(own)
    expect(hex(keys.hmac({ name: lookupSpec.name }, data))).not.toBe(own)
  })
})
