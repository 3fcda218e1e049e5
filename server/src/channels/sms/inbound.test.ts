/** Texts as a gateway brings them: torn into parts, out of order, twice, and once more after a crash. */
import { setTimeout as sleep } from 'node:timers/promises'
import { splitText } from '@telepurse/sms'
import fc from 'fast-check'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { offencesIn } from '../../../../test/books.ts'
import { engines } from '../../../../test/database.ts'
import { createWorld, type World } from '../../../../test/world.ts'
import type { Log } from '../../db/index.ts'
import { createInbound } from './inbound.ts'
import type { IncomingMessage } from './smpp/index.ts'
import { createSmsLog } from './sms-log.ts'
import { dropOldParts, messagesOf, saveMessages } from './sms-store.ts'

const games = '1065800886021'
const long = `300#${'一个很长的账号'.repeat(15)}`

describe.each(engines)('on %s', (engine) => {
  let world: World
  let warnings: string[]
  /** A number of its own for each test. */
  let me = ''
  let numbers = 0
  beforeAll(async () => {
    world = await createWorld({ engine })
  })
  beforeEach(() => {
    warnings = []
    numbers += 1
    me = `+86139000${String(numbers).padStart(5, '0')}`
  })
  afterAll(async () => {
    expect(await offencesIn(world.db)).toEqual([])
    await world.close()
  })

  /** A link of its own to the same gateway. */
  function open() {
    const log: Log = {
      info: () => {},
      warn: (_details: object, text: string) => void warnings.push(text),
      error: (...all: unknown[]) => console.error(...all),
    }
    const { db, clock, ids, payments } = world
    const smsLog = createSmsLog(db, clock)
    return createInbound({ db, clock, ids, payments, smsLog, gateway: 'g', log })
  }

  const message = (
    text: string | undefined,
    given: Partial<IncomingMessage> & { readonly id?: string; readonly from?: string } = {},
  ): IncomingMessage => {
    const { id, from = me, ...rest } = given
    return {
      source: { number: from.replace('+', ''), ton: 1, npi: 1 },
      destination: { number: games, ton: 3, npi: 0 },
      dataCoding: 8,
      content: new Uint8Array(),
      elements: [],
      receivedAt: world.clock.now(),
      ...(text !== undefined && { text }),
      ...(id !== undefined && {
        providerMessageId: `${me}-${id}`,
        providerMessageIdFrom: 'receipted_message_id' as const,
      }),
      ...rest,
    }
  }
  const partsOf = (text: string, reference = 7, id?: string) => {
    const split = splitText(text, { reference })
    if (!split.ok) throw new Error(split.refusal)
    return split.value.map(({ text: piece, concatenation }, i) =>
      message(piece, {
        ...(concatenation && { concatenation }),
        ...(id !== undefined && { id: `${id}-${i}` }),
      }),
    )
  }
  const received = async () =>
    (await messagesOf(world.db, me, 100)).filter((one) => one.direction === 'in')
  const waiting = async () =>
    (
      await world.db.query<{ seq: number }>(
        "select seq from sms_part_received where strpos(key, '|' || $1 || '|') > 0",
        [me],
      )
    ).length
  const orders = async () =>
    (await world.payments.list({ msisdn: me, order: 'asc', offset: 0, limit: 100 })).items

  test('a text is an order, and is kept as it was sent', async () => {
    await open().onMessage(message('１００', { id: 'm1' }))
    expect(await orders()).toMatchObject([{ state: 'awaiting_confirm', amount: 10_00n }])
    expect(await received()).toMatchObject([{ text: '１００', state: 'received', parts: 1 }])
  })

  test('the same id is the same text, on whichever link and however much later', async () => {
    const [one, other] = [open(), open()]
    await Promise.all([
      one.onMessage(message('100', { id: 'm1' })),
      other.onMessage(message('100', { id: 'm1' })),
    ])
    world.clock.advance(86_400_000)
    await one.onMessage(message('100', { id: 'm1' }))
    expect(await orders()).toHaveLength(1)
  })

  test('without an id the same words within ten seconds are the same text', async () => {
    const inbound = open()
    await inbound.onMessage(message('100'))
    world.clock.advance(10_000)
    await inbound.onMessage(message(' 100 '))
    expect(await world.texts(me)).toHaveLength(1)
    world.clock.advance(10_001)
    await inbound.onMessage(message('100'))
    // Not lost, and no second purchase either: the open question is sent again.
    expect(await world.texts(me)).toHaveLength(2)
    expect(await orders()).toHaveLength(1)
  })

  test('a reference of 16 bits that comes round is no id', async () => {
    const inbound = open()
    const given = {
      providerMessageId: '5',
      providerMessageIdFrom: 'user_message_reference',
    } as const
    await inbound.onMessage(message('100', given))
    await inbound.onMessage(message('300', given))
    expect(await orders()).toHaveLength(2)
  })

  test('parts make one text in any order, over any links, however often each comes', async () => {
    const whole = partsOf(long, 7, 'm')
    expect(whole.length).toBeGreaterThan(1)
    const links = [open(), open()] as const
    let round = 0
    await fc.assert(
      fc.asyncProperty(
        fc.shuffledSubarray([...whole.keys(), ...whole.keys()], {
          minLength: whole.length * 2,
          maxLength: whole.length * 2,
        }),
        fc.array(fc.boolean(), { minLength: whole.length * 2, maxLength: whole.length * 2 }),
        async (order, which) => {
          round += 1
          const parts = partsOf(`${long}${round}`, round % 256, `r${round}`)
          await Promise.all(
            order.map((place, i) => {
              const part = parts[place]
              return part && links[which[i] ? 0 : 1].onMessage(part)
            }),
          )
          const texts = (await received()).filter(({ text }) => text === `${long}${round}`)
          expect(texts.length).toBeGreaterThan(0)
          expect(texts[0]?.parts).toBe(parts.length)
        },
      ),
      { numRuns: 10 },
    )
    // Each was answered once: an account so long is help, and help is one text.
    expect(await world.texts(me)).toHaveLength(round)
  })

  test('a part acknowledged before a crash is there after it', async () => {
    const [first, ...rest] = partsOf(long, 7, 'm')
    if (!first) throw new Error('there are parts')
    await open().onMessage(first)
    expect(await received()).toEqual([])
    const after = open()
    for (const part of rest) await after.onMessage(part)
    expect(await received()).toMatchObject([{ text: long }])
    expect(await waiting()).toBe(0)
  })

  test('a crash after the text was taken and before its parts were dropped takes it once', async () => {
    const parts = partsOf('Y'.repeat(200), 7, 'm')
    const inbound = open()
    for (const part of parts) await inbound.onMessage(part)
    const answers = (await world.texts(me)).length
    // The gateway heard no answer to the last part and the process no end of its transaction.
    const last = parts.at(-1)
    if (!last) throw new Error('there are parts')
    world.clock.advance(60_000)
    for (const part of parts) await open().onMessage(part)
    await open().onMessage(last)
    expect(await world.texts(me)).toHaveLength(answers)
  })

  test('a reference that comes round again does not mix two texts', async () => {
    const [lost] = partsOf(`${'甲'.repeat(100)}`, 9)
    const fresh = partsOf(`${'乙'.repeat(100)}`, 9)
    if (!lost) throw new Error('there are parts')
    const inbound = open()
    await inbound.onMessage(lost)
    for (const part of fresh) await inbound.onMessage(part)
    expect(await received()).toMatchObject([{ text: '乙'.repeat(100) }])
    expect(await waiting()).toBe(0)
  })

  test('a character torn in two between parts is whole again', async () => {
    const inbound = open()
    const concatenation = { reference: 3, referenceBits: 8, total: 2 } as const
    await inbound.onMessage(message('好\ud83d', { concatenation: { ...concatenation, part: 1 } }))
    await inbound.onMessage(message('\ude00的', { concatenation: { ...concatenation, part: 2 } }))
    expect(await received()).toMatchObject([{ text: '好😀的' }])
  })

  test.each(['100\u0000', '\u0000', '100\ud800', '\udc00'])(
    '%j is taken, whatever a database cannot keep',
    async (text) => {
      await open().onMessage(message(text))
      expect(await received()).toHaveLength(1)
    },
  )

  test('parts whose rest never comes are forgotten', async () => {
    const [first] = partsOf(long)
    if (!first) throw new Error('there are parts')
    await open().onMessage(first)
    await world.db.transact((tx) => dropOldParts(tx, world.clock.now() + 1))
    expect(await waiting()).toBe(0)
  })

  test('what no purchase can come from is acknowledged, noted and left', async () => {
    const inbound = open()
    await inbound.onMessage(message('100', { from: '12345' }))
    await inbound.onMessage(message(undefined))
    const concatenation = { reference: 1, referenceBits: 8, total: 11, part: 1 } as const
    await inbound.onMessage(message('x', { concatenation }))
    expect(warnings).toEqual([
      'a text came from what is no mobile number',
      'a text in no alphabet we read',
      'a text too long to be an order',
    ])
    expect(await orders()).toEqual([])
    expect(await waiting()).toBe(0)
  })

  test('a carrier that cannot say who a new number is leaves the text with the gateway', async () => {
    world.carrier.script('line', { kind: 'away' })
    const inbound = open()
    await expect(inbound.onMessage(message('100', { id: 'm1' }))).rejects.toThrow(/carrier/)
    expect(await received()).toEqual([])
    await inbound.onMessage(message('100', { id: 'm1' }))
    expect(await orders()).toHaveLength(1)
  })

  describe('receipts', () => {
    let id = ''
    beforeEach(() => {
      id = world.ids.next(0, world.clock.now())
    })
    const keep = () =>
      world.db.transact(async (tx) =>
        saveMessages(tx, [
          {
            bucket: 0,
            id,
            direction: 'out',
            msisdn: me,
            service: games,
            text: 'T',
            parts: 2,
            state: 'accepted',
            gateway: 'g',
            paymentId: null,
            at: 1,
            partIds: [`${me}-p1`, `${me}-p2`],
          },
        ]),
      )
    const receipt = (messageId: string, state: 'ENROUTE' | 'DELIVERED' | 'UNDELIVERABLE') => ({
      messageId: `${me}-${messageId}`,
      state,
      source: { number: me.slice(1), ton: 1, npi: 1 },
      destination: { number: games, ton: 3, npi: 0 },
      intermediate: state === 'ENROUTE',
      receivedAt: 1,
    })
    const state = async () => {
      const [row] = await world.db.query<{ state: string }>(
        'select state from sms_message where bucket = 0 and id = $1',
        [id],
      )
      return row?.state
    }

    test('delivered stays delivered when an older report comes late', async () => {
      await keep()
      const inbound = open()
      await inbound.onReceipt(receipt('p1', 'ENROUTE'))
      expect(await state()).toBe('ENROUTE')
      await inbound.onReceipt(receipt('p1', 'DELIVERED'))
      await inbound.onReceipt(receipt('p1', 'ENROUTE'))
      expect(await state()).toBe('DELIVERED')
    })

    test('a text of which one part was lost was not delivered, in whatever order that is told', async () => {
      await keep()
      const inbound = open()
      await inbound.onReceipt(receipt('p2', 'UNDELIVERABLE'))
      await inbound.onReceipt(receipt('p1', 'DELIVERED'))
      expect(await state()).toBe('UNDELIVERABLE')
      await world.db.transact((tx) =>
        tx.query("update sms_message set state = 'accepted' where bucket = 0 and id = $1", [id]),
      )
      await Promise.all([
        inbound.onReceipt(receipt('p2', 'UNDELIVERABLE')),
        inbound.onReceipt(receipt('p1', 'DELIVERED')),
      ])
      expect(await state()).toBe('UNDELIVERABLE')
    })

    test('one that overtakes the record of its text finds it a little later', async () => {
      const early = open().onReceipt(receipt('p1', 'DELIVERED'))
      await sleep(50)
      await keep()
      await early
      expect(await state()).toBe('DELIVERED')
    })

    test('one of a text we do not know is acknowledged and noted', async () => {
      await open().onReceipt(receipt('unknown', 'DELIVERED'))
      expect(warnings).toEqual(['a receipt for no known text'])
    })
  })
})
