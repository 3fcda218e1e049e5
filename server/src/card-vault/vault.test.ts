/** One card has one token, and its number is nowhere but behind it. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { inspect } from 'node:util'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { engines, type TestDatabase, testDatabase } from '../../../test/database.ts'
import { readLog, sealHead } from '../audit/index.ts'
import type { Database } from '../db/index.ts'
import { createFieldCipher, createIds, manualClock, Secret } from '../kernel/index.ts'
import { createKeyStore, type KeyStore, openKeyFile } from '../keys/index.ts'
import {
  armReseal,
  cardInvariants,
  cardKeys,
  cardsUnder,
  createCardVault,
  createResealWorker,
  type NewCard,
  resealBatch,
  resealTopic,
} from './index.ts'

const ids = createIds()
const clock = manualClock(Date.UTC(2026, 10, 27, 4))
const secret = new Secret('a field key for tests, 32 characters or more')
const cipher = createFieldCipher(secret, ids)
const connections = 8

/** Sound numbers, no two alike. */
let made = 0
function cardNumber(): string {
  made += 1
  const digits = `622202${String(made).padStart(9, '0')}`
  const sum = [...digits]
    .toReversed()
    .map((digit, at) => Number(digit) * (at % 2 === 0 ? 2 : 1))
    .reduce((total, value) => total + (value > 9 ? value - 9 : value), 0)
  return `${digits}${(10 - (sum % 10)) % 10}`
}

const cardOf = (pan = cardNumber(), expiry: string | null = '3012'): NewCard => ({
  pan: new Secret(pan),
  expiry: expiry === null ? null : new Secret(expiry),
  binLength: 6,
})

describe.each(engines)('the card vault on %s', (engine) => {
  let stage: TestDatabase
  let db: Database
  let folder: string
  let keys: KeyStore

  beforeAll(async () => {
    stage = await testDatabase({ engine, ...(engine === 'postgres' && { poolMax: connections }) })
    db = stage.db
    await sealHead(db, cipher)
  })
  afterAll(() => stage?.close())
  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'telepurse-vault-'))
    await db.transact(async (tx) => {
      await tx.query('delete from card_vault')
      await tx.query('delete from card_lookup')
    })
    keys = createKeyStore(openKeyFile({ folder, ids, master: { from: 'field-key', secret } }), {
      ...{ clock, ids },
    })
    await keys.generate({ name: cardKeys.pan, use: 'card-data', algorithm: 'aes-256' })
    await keys.generate({ name: cardKeys.lookup, use: 'lookup', algorithm: 'hmac-256' })
    return () => rmSync(folder, { recursive: true })
  })

  const vaultWith = (store: KeyStore) => createCardVault({ db, keys: store, clock, ids, cipher })
  const bind = async (card: NewCard, store = keys): Promise<string> => {
    const bound = await db.transact((tx) => vaultWith(store).bind(tx, card))
    if (!bound.ok) throw new Error(bound.refusal)
    return bound.value.token
  }
  const panOf = async (token: string): Promise<string | undefined> => {
    const revealed = await vaultWith(keys).reveal(token, { for: 'bank_message' })
    return revealed.ok ? revealed.value.pan.reveal() : revealed.refusal
  }
  const rowOf = async (token: string) =>
    (
      await db.query<Record<string, unknown>>('select * from card_vault where token = $1', [token])
    )[0]
  const hashes = async () =>
    (await db.query<{ count: bigint }>('select count(*) as count from card_lookup'))[0]?.count

  test('a card bound again has the token it had, and its newer expiry', async () => {
    const pan = cardNumber()
    const token = await bind(cardOf(pan))
    expect(await bind(cardOf(pan, '3103'))).toBe(token)
    expect(await bind(cardOf(pan, null))).toBe(token)
    expect(await bind(cardOf())).not.toBe(token)
    const revealed = await vaultWith(keys).reveal(token, { for: 'bank_message' })
    expect(revealed.ok && [revealed.value.pan.reveal(), revealed.value.expiry?.reveal()]).toEqual([
      pan,
      '3103',
    ])
    expect(await vaultWith(keys).describe(db, [token, 'unknown'])).toEqual([
      {
        ...{ token, first6: '622202', last4: pan.slice(-4), binLength: 6 },
        ...{ createdAt: clock.now(), erasedAt: null },
      },
    ])
  })

  test.each([
    ['a wrong check digit', { pan: '6222020000000002' }, 'card_number_invalid'],
    ['too few digits', { pan: '622202000000' }, 'card_number_invalid'],
    ['letters', { pan: '62220200000000AB' }, 'card_number_invalid'],
    ['a month that is none', { pan: cardNumber(), expiry: '3013' }, 'expiry_invalid'],
    ['an expiry with a code after it', { pan: cardNumber(), expiry: '3012123' }, 'expiry_invalid'],
  ])(
    '%s is refused and leaves nothing',
    async (_, { pan, expiry = null }: { pan: string; expiry?: string | null }, refusal) => {
      const bound = await db.transact((tx) => vaultWith(keys).bind(tx, cardOf(pan, expiry)))
      expect(bound).toEqual({ ok: false, refusal })
      expect(await hashes()).toBe(0n)
    },
  )

  test('after rotations of both keys the same card still has its token', async () => {
    const pan = cardNumber()
    const token = await bind(cardOf(pan))
    for (let round = 0; round < 3; round += 1) {
      await keys.rotate(cardKeys.lookup)
      await keys.rotate(cardKeys.pan)
      expect(await bind(cardOf(pan))).toBe(token)
      expect(await panOf(token)).toBe(pan)
    }
    expect(await rowOf(token)).toMatchObject({ key_version: 4, lookup_version: 4 })
    expect(await hashes()).toBe(4n)
  })

  test('all cards are sealed anew in batches, it can stop anywhere, and then old keys may go', async () => {
    const cards = await Promise.all(
      Array.from({ length: 7 }, async () => {
        const pan = cardNumber()
        return { pan, token: await bind(cardOf(pan)) }
      }),
    )
    const [erased] = cards
    await db.transact((tx) => vaultWith(keys).erase(tx, erased?.token ?? ''))
    await keys.rotate(cardKeys.pan)
    await keys.rotate(cardKeys.lookup)
    expect(await cardsUnder(db, { name: cardKeys.pan, version: 1 })).toBe(6n)
    expect(await resealBatch({ db, keys }, 4)).toBe(4)
    expect(await cardsUnder(db, { name: cardKeys.pan, version: 1 })).toBe(2n)
    expect(await cardsUnder(db, { name: cardKeys.lookup, version: 1 })).toBe(2n)
    await db.transact(async (tx) => armReseal(tx, clock.now()))
    const worker = createResealWorker({
      ...{ db, keys, clock },
      onError: (error) => {
        throw error
      },
    })
    const left = () => db.query('select 1 from job where topic = $1', [resealTopic])
    await expect.poll(left, { timeout: 10_000 }).toEqual([])
    await worker.stop()
    for (const name of [cardKeys.pan, cardKeys.lookup]) {
      expect(await cardsUnder(db, { name, version: 1 })).toBe(0n)
      await keys.retire({ name, version: 1 })
    }
    expect(await resealBatch({ db, keys })).toBe(0)
    expect(await hashes()).toBe(6n)
    for (const { pan, token } of cards.slice(1)) {
      expect(await panOf(token)).toBe(pan)
      expect(await bind(cardOf(pan))).toBe(token)
    }
  })

  test('an erased card is gone, its token is not, and bound again it is a new card', async () => {
    const pan = cardNumber()
    const token = await bind(cardOf(pan))
    const erase = () => db.transact((tx) => vaultWith(keys).erase(tx, token))
    const first = await erase()
    expect(first).toMatchObject({ ok: true, value: { token, erasedAt: clock.now() } })
    expect(await erase()).toMatchObject({ ok: true })
    expect(await panOf(token)).toBe('erased')
    expect(await rowOf(token)).toMatchObject({ sealed_pan: null, sealed_expiry: null })
    expect(await hashes()).toBe(0n)
    expect(await bind(cardOf(pan))).not.toBe(token)
    expect(await panOf('unknown')).toBe('unknown_card')
  })

  test('a person who asks for a number is written down first, a bank message is not', async () => {
    const token = await bind(cardOf())
    const log = () => readLog(db, { subject: `card:${token}`, before: null, limit: 9 })
    await panOf(token)
    expect(await log()).toEqual([])
    const reveal = (reason: string, operator = 'Chen Li') =>
      vaultWith(keys).reveal(token, { for: 'person', operator, reason })
    expect(await reveal('dispute 2026-118')).toMatchObject({ ok: true })
    expect(await log()).toMatchObject([
      { operator: 'Chen Li', action: 'card.reveal', after: { reason: 'dispute 2026-118' } },
    ])
    for (const refused of [
      await reveal(' '),
      await reveal('x'.repeat(201)),
      await reveal('because of 6222020000000003'.replace('0000000003', '0200112233')),
      await reveal('x', ''),
    ])
      if (refused.ok) expect(await log()).toHaveLength(2)
      else expect(refused.refusal).toBe('reason_invalid')
    expect(JSON.stringify(await log())).not.toContain(await panOf(token))
  })

  test('where the log cannot be written, no person sees a number', async () => {
    const token = await bind(cardOf())
    const stranger = createFieldCipher(new Secret('another key than the one of this log'), ids)
    const vault = createCardVault({ db, keys, clock, ids, cipher: stranger })
    const purpose = { for: 'person', operator: 'Chen Li', reason: 'curious' } as const
    await expect(vault.reveal(token, purpose)).rejects.toThrow('audit log')
    expect(await vault.reveal(token, { for: 'bank_message' })).toMatchObject({ ok: true })
  })

  test('verify finds a card that is not found, a hash that leads nowhere, and a wrong version', async () => {
    const complaints = async () =>
      Promise.all(cardInvariants.map(async ({ check }) => (await check(db)).examples))
    const [a, b] = [await bind(cardOf()), await bind(cardOf())]
    expect(await complaints()).toEqual([[], []])
    const put = (text: string, token: string) => db.transact((tx) => tx.query(text, [token]))
    await put('delete from card_lookup where token = $1', a)
    await put('update card_vault set key_version = 2 where token = $1', a)
    await put('delete from card_vault where token = $1', b)
    expect(await complaints()).toEqual([
      [
        `a hash leads to ${b}, which is no card or was erased`,
        `card ${a} has no hash under version 1`,
      ],
      [`card ${a} says version 2`],
    ])
  })

  test('what is sealed for one card opens at no other, and never as the other field', async () => {
    const [a, b] = [await bind(cardOf()), await bind(cardOf())]
    const put = (text: string) => db.transact((tx) => tx.query(text, [a, b]))
    await put(
      'update card_vault set sealed_pan = (select sealed_pan from card_vault where token = $2) where token = $1',
    )
    await expect(panOf(a)).rejects.toThrow('for this place')
    await put('update card_vault set sealed_pan = sealed_expiry where token in ($1, $2)')
    await expect(panOf(b)).rejects.toThrow('for this place')
  })

  test('a number in clear has no column to stand in', async () => {
    const pan = cardNumber()
    const token = await bind(cardOf(pan))
    for (const column of ['sealed_pan', 'sealed_expiry', 'first6', 'last4'])
      await expect(
        db.transact((tx) =>
          tx.query(`update card_vault set ${column} = $1 where token = $2`, [pan, token]),
        ),
      ).rejects.toThrow('violates check constraint')
    expect(Object.keys((await rowOf(token)) ?? {}).toSorted()).toEqual([
      ...['bin_length', 'bucket', 'created_at', 'erased_at', 'first6', 'key_version', 'last4'],
      ...['lookup_version', 'sealed_expiry', 'sealed_pan', 'token'],
    ])
  })

  test('a canary number is in no table, no message and nothing that is printed', async () => {
    const canary = cardNumber()
    const card = cardOf(canary)
    const token = await bind(card)
    const revealed = await vaultWith(keys).reveal(token, {
      ...{ for: 'person', operator: 'Chen Li', reason: 'canary' },
    })
    const failed = await db
      .transact((tx) => vaultWith({ ...keys, seal: () => 'broken' }).bind(tx, card))
      .catch((error: unknown) => error)
    expect(failed).toBeInstanceOf(Error)
    const tables = await db.query<{ name: string }>(
      `select relname as name from pg_class where relkind = 'r' and relnamespace = 'public'::regnamespace`,
    )
    const dump = await Promise.all(
      tables.map(({ name }) => db.query(`select to_jsonb(t)::text as row from "${name}" t`)),
    )
    expect(tables.map(({ name }) => name)).toContain('operator_log')
    const texts = [
      JSON.stringify(dump),
      inspect(failed, { depth: 9 }),
      inspect(revealed),
      inspect(card),
    ]
    expect(texts[0]).toContain(token)
    for (const text of [...texts, JSON.stringify(revealed)])
      for (const coding of ['latin1', 'hex', 'base64', 'base64url'] as const)
        expect(text).not.toContain(Buffer.from(canary).toString(coding).slice(0, 14))
  })

  describe.runIf(engine === 'postgres')('at the same time', () => {
    afterEach(async () => {
      for (const { name, check } of cardInvariants)
        expect({ name, ...(await check(db)) }).toEqual({ name, offences: 0n, examples: [] })
    })

    test('bound by many at once a card gets one token', async () => {
      for (let round = 0; round < 12; round += 1) {
        const pan = cardNumber()
        const tokens = await Promise.all(
          Array.from({ length: connections }, () => bind(cardOf(pan))),
        )
        expect(new Set(tokens).size).toBe(1)
        expect(await panOf(tokens[0] ?? '')).toBe(pan)
      }
      expect(await db.query('select token from card_vault')).toHaveLength(12)
    })

    test('also where some have not seen the newest key, and some no longer have the oldest', async () => {
      await keys.rotate(cardKeys.lookup)
      const both = keys.readable(cardKeys.lookup)
      const seeing = (versions: readonly number[]): KeyStore => ({
        ...keys,
        readable: (name) =>
          name === cardKeys.lookup
            ? both.filter((key) => versions.includes(key.version))
            : keys.readable(name),
      })
      for (const views of [
        [[1], [1, 2]],
        [[2], [1, 2]],
      ])
        for (let round = 0; round < 12; round += 1) {
          const pan = cardNumber()
          const tokens = await Promise.all(
            Array.from({ length: connections }, (_, at) =>
              bind(cardOf(pan), seeing(views[at % 2] ?? [])),
            ),
          )
          expect(new Set(tokens).size).toBe(1)
        }
      expect(await db.query('select token from card_vault')).toHaveLength(24)
      expect(await hashes()).toBe(48n)
    })

    test('bound and erased at once, a token is either whole or gone', async () => {
      for (let round = 0; round < 12; round += 1) {
        const pan = cardNumber()
        const token = await bind(cardOf(pan))
        const [, ...tokens] = await Promise.all([
          db.transact((tx) => vaultWith(keys).erase(tx, token)),
          ...Array.from({ length: 4 }, () => bind(cardOf(pan))),
        ])
        expect(await panOf(token)).toBe('erased')
        const others = new Set(tokens.filter((one) => one !== token))
        expect(others.size).toBeLessThanOrEqual(1)
        for (const other of others) expect(await panOf(other)).toBe(pan)
      }
    })

    test('sealed anew while cards are bound, nothing is lost', async () => {
      const pans = Array.from({ length: 12 }, () => cardNumber())
      const tokens = await Promise.all(pans.map((pan) => bind(cardOf(pan))))
      await keys.rotate(cardKeys.pan)
      await keys.rotate(cardKeys.lookup)
      const again = await Promise.all([
        ...pans.map((pan) => bind(cardOf(pan))),
        ...Array.from({ length: 3 }, () => resealBatch({ db, keys }, 5)),
      ])
      expect(again.slice(0, pans.length)).toEqual(tokens)
      while ((await resealBatch({ db, keys }, 5)) > 0);
      expect(await Promise.all(tokens.map(panOf))).toEqual(pans)
      expect(await cardsUnder(db, { name: cardKeys.pan, version: 1 })).toBe(0n)
    })
  })
})
