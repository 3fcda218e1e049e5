/** What only a token can do to its users: go away, refuse, and hold things that were not put there. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { type SoftHsm, softHsmMissing, startSoftHsm } from '../../../../test/softhsm.ts'
import { createIds, Secret, SecretBytes, systemClock } from '../../kernel/index.ts'
import { createKeyStore } from '../create-key-store.ts'
import { CKA, CKO, openModule, TokenRefused } from './cryptoki.ts'
import { findKeys, findObjects } from './key-objects.ts'
import { openPkcs11 } from './pkcs11-module.ts'
import { openToken } from './token.ts'

const ids = createIds()
const card = { name: 'card:pan', use: 'card-data', algorithm: 'aes-256' } as const
const pin = { name: 'bank:icbc:zpk', use: 'pin', algorithm: 'tdes-double' } as const
const mac = { name: 'bank:icbc:zak', use: 'mac', algorithm: 'tdes-double' } as const

if (softHsmMissing !== undefined)
  test('a token is not tested on this machine', ({ skip }) => {
    expect(softHsmMissing).not.toBe('')
    skip(softHsmMissing)
  })

describe.skipIf(softHsmMissing !== undefined)('a token', () => {
  let hsm: SoftHsm
  let folder: string
  beforeAll(() => {
    hsm = startSoftHsm()
    folder = mkdtempSync(join(tmpdir(), 'telepurse-token-'))
  })
  afterAll(() => {
    hsm?.stop()
    rmSync(folder, { recursive: true })
  })
  beforeEach(() => {
    inside((open) => {
      for (const object of findObjects(open, []))
        open.cryptoki.C_DestroyObject(open.session, object)
    })
  })

  const inside = (work: Parameters<ReturnType<typeof openToken>['change']>[0]) =>
    openToken(hsm).change(work)
  const open = (more: object = {}) =>
    createKeyStore(openPkcs11({ ...hsm, folder, ...more }), { clock: systemClock, ids })
  const sealed = (keys: ReturnType<typeof open>) =>
    keys.seal(card.name, new SecretBytes(Buffer.from('data')), '')

  test.each(['C_CloseAllSessions', 'C_Finalize'] as const)(
    'after %s by somebody else the next use logs in again',
    async (call) => {
      const keys = open()
      await keys.generate(card)
      const text = sealed(keys)
      const { cryptoki } = openModule(hsm.modulePath)
      const away = () => {
        if (call === 'C_Finalize') cryptoki.C_Finalize()
        else for (const slot of cryptoki.C_GetSlotList(true)) cryptoki.C_CloseAllSessions(slot)
      }
      away()
      expect(Buffer.from(keys.open(card.name, text, '').reveal()).toString()).toBe('data')
      away()
      expect(await keys.rotate(card.name)).toMatchObject({ value: { version: 2 } })
      expect(Buffer.from(keys.open(card.name, text, '').reveal()).toString()).toBe('data')
    },
  )

  test('keys cannot be read, and leave wrapped only where that was said', async () => {
    const keys = open()
    await keys.generate(card)
    await keys.generate({ ...pin, exportable: true })
    await keys.generate(mac)
    inside((open) => {
      const objects = findObjects(open, [{ type: CKA.CLASS, value: CKO.SECRET_KEY }])
      expect(objects).toHaveLength(5)
      const mayLeave = objects.map((object) => {
        const ask = (type: number) =>
          open.cryptoki.C_GetAttributeValue(open.session, object, [{ type }])[0]?.value
        expect(() => ask(CKA.VALUE)).toThrow(/SENSITIVE/)
        return [ask(CKA.LABEL)?.toString(), ask(CKA.EXTRACTABLE)?.[0]]
      })
      expect(Object.fromEntries(mayLeave)).toEqual({
        'card:pan#1': 0,
        'bank:icbc:zpk#1': 1,
        'bank:icbc:zak#1': 0,
        'bank:icbc:zak#1/left': 0,
        'bank:icbc:zak#1/right': 0,
      })
    })
  })

  test('a call that fails halfway does not spoil the next one', async () => {
    const module = openPkcs11({ ...hsm, folder })
    const keys = createKeyStore(module, { clock: systemClock, ids })
    await keys.generate(card)
    const [key] = module.records()
    if (!key) throw new Error('it is there')
    const nothing = {
      nonce: new Uint8Array(12),
      context: new Uint8Array(1),
      clear: new Uint8Array(),
    }
    expect(() => module.gcmSeal(key, nothing)).toThrow('ARGUMENTS_BAD')
    expect(sealed(keys)).toMatch(/^k1\.1\./)
    expect(() => module.gcmSeal(key, nothing)).toThrow('ARGUMENTS_BAD')
    expect(await keys.rotate(card.name)).toMatchObject({ ok: true })
  })

  test('under a TDES key nothing is wrapped by a token, and it says so', async () => {
    const keys = open()
    await keys.generate({ name: 'bank:icbc:zmk', use: 'kek', algorithm: 'tdes-double' })
    await keys.generate({ ...pin, exportable: true })
    expect(keys.wrapForExport({ name: pin.name }, { name: 'bank:icbc:zmk' })).toEqual({
      ok: false,
      refusal: 'not_supported',
    })
  })

  test('another key in the place of one that was put there is not used', async () => {
    const keys = open()
    await keys.generate(pin)
    inside((open) => {
      const key = { ...pin, version: 1, exportable: false }
      for (const object of findKeys(open, key, 'whole'))
        open.cryptoki.C_DestroyObject(open.session, object)
    })
    const use = () => open().encrypt({ name: pin.name }, new SecretBytes(new Uint8Array(8)))
    expect(use).toThrow('no key bank:icbc:zpk#1')
    inside(({ cryptoki, session }) =>
      cryptoki.C_CreateObject(session, [
        { type: CKA.CLASS, value: CKO.SECRET_KEY },
        { type: CKA.KEY_TYPE, value: 0x14 },
        { type: CKA.TOKEN, value: true },
        { type: CKA.LABEL, value: 'bank:icbc:zpk#1' },
        { type: CKA.ENCRYPT, value: true },
        { type: CKA.VALUE, value: Buffer.from('0123456789abcdeffedcba9876543210', 'hex') },
      ]),
    )
    expect(use).toThrow('not the one that was put there')
  })

  test('a key whose entry was interrupted is nothing, and does not stand in the way', async () => {
    const keys = open()
    await keys.generate(card)
    inside(({ cryptoki, session }) => {
      for (const label of ['bank:icbc:zpk#1', 'card:pan#2'])
        cryptoki.C_CreateObject(session, [
          { type: CKA.CLASS, value: CKO.SECRET_KEY },
          { type: CKA.KEY_TYPE, value: 0x1f },
          { type: CKA.TOKEN, value: true },
          { type: CKA.LABEL, value: label },
          { type: CKA.VALUE, value: Buffer.alloc(32, 7) },
        ])
    })
    expect(keys.list()).toHaveLength(1)
    expect(await keys.generate(pin)).toMatchObject({ ok: true })
    expect(await keys.rotate(card.name)).toMatchObject({ value: { version: 2 } })
    expect(sealed(keys)).toMatch(/^k1\.2\./)
  })

  test('of two records that a crash has left, the later one counts', async () => {
    const keys = open()
    await keys.generate(card)
    const [before] = keys.list()
    const later = await keys.rotate(card.name, 'later')
    await keys.activate({ name: card.name, version: 2 })
    inside(({ cryptoki, session }) =>
      cryptoki.C_CreateObject(session, [
        { type: CKA.CLASS, value: CKO.DATA },
        { type: CKA.TOKEN, value: true },
        { type: CKA.APPLICATION, value: 'telepurse' },
        { type: CKA.LABEL, value: 'card:pan#2' },
        { type: CKA.VALUE, value: Buffer.from(JSON.stringify(later.ok && later.value)) },
      ]),
    )
    expect(open().list()).toMatchObject([
      { ...before, state: 'previous' },
      { version: 2, state: 'current' },
    ])
  })

  test.each<[string, object, string]>([
    ['another token', { label: 'no such token' }, 'no token is labelled no such token'],
    ['a wrong PIN', { pin: new Secret('000000') }, 'the PIN of the token telepurse-test is wrong'],
    [
      'another library',
      { modulePath: '/nowhere/libnone.so' },
      '/nowhere/libnone.so cannot be loaded',
    ],
  ])('%s is refused in one line without the PIN', (_, more, line) => {
    // The login belongs to the whole process: a wrong PIN shows only when nobody is logged in.
    const { cryptoki } = openModule(hsm.modulePath)
    cryptoki.C_Finalize()
    let said = ''
    try {
      open(more).list()
    } catch (error) {
      expect(error).toBeInstanceOf(TokenRefused)
      said = String((error as Error).message)
    }
    expect(said).toContain(line)
    expect(said).not.toMatch(/000000|246810|\n/)
  })
})
