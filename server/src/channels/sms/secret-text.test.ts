/**
 * A PIN is nowhere but on the handset. A canary goes the whole way of an initial PIN, past a gateway that
 * fails and a key that is missing, and after each step every row of every table and every line of the log
 * is searched for it.
 */
import { createHash } from 'node:crypto'
import { inspect } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { engines, type TestDatabase, testDatabase } from '../../../../test/database.ts'
import { type TestKeys, testKeys } from '../../../../test/keys.ts'
import { appendJobs, type Database, type Log } from '../../db/index.ts'
import { createIdentities, identityKeys } from '../../identities/index.ts'
import { bucketOf, createIds, manualClock, Secret } from '../../kernel/index.ts'
import { secretText, textKey, textsUnder, topics } from '../../payments/index.ts'
import { defaultPolicy } from '../../risk/index.ts'
import { introduce } from '../../subscribers/index.ts'
import { createWalletPins, pinKey } from '../../wallet-pins/index.ts'
import { createOutbound, type OutboundOptions } from './outbound.ts'
import type { OutgoingMessage, SubmitOutcome } from './smpp/index.ts'
import { createSmsLog } from './sms-log.ts'
import { messagesOf } from './sms-store.ts'

const ids = createIds()
const clock = manualClock(Date.UTC(2026, 10, 28, 4))
const idNumber = '11010519491231002X'
const name = '欧阳小明'

describe.each(engines)('a text with a secret on %s', (engine) => {
  let stage: TestDatabase
  let held: TestKeys
  let db: Database
  const lines: string[] = []
  const keep = (...all: unknown[]) => void lines.push(inspect(all, { depth: 10 }))
  const log: Log = { info: keep, warn: keep, error: keep }

  beforeAll(async () => {
    stage = await testDatabase({ engine })
    db = stage.db
    const sealing = [textKey, identityKeys.data]
    held = await testKeys({ clock, ids }, { sealing, hashing: [pinKey, identityKeys.lookup] })
  })
  afterAll(async () => {
    await stage?.close()
    held?.close()
  })

  async function everything(): Promise<string> {
    const tables = await db.query<{ table_name: string }>(
      `select table_name from information_schema.tables where table_schema = current_schema()`,
    )
    expect(tables.length).toBeGreaterThan(30)
    const rows = await Promise.all(
      tables.map(({ table_name: table }) =>
        db.query<{ row: string }>(`select row_to_json(t)::text as row from ${table} t`),
      ),
    )
    return [...rows.flat().map(({ row }) => row), ...lines].join('\n')
  }
  /** In clear as a word of its own, coded, or hashed without a key. */
  function traces(secret: string, text: string): string[] {
    const hash = createHash('sha256').update(secret)
    const coded = [Buffer.from(secret).toString('base64').replace(/=+$/, ''), hash.digest('hex')]
    const word = new RegExp(`(?<![0-9A-Za-z])${secret}(?![0-9A-Za-z])`)
    return [...coded.filter((one) => text.includes(one)), ...(text.match(word) ?? [])]
  }
  async function isClean(secret: string): Promise<void> {
    const text = await everything()
    for (const each of [secret, idNumber, name]) expect(traces(each, text)).toEqual([])
  }

  function outbound(script: SubmitOutcome[], options: Partial<OutboundOptions> = {}) {
    const sent: OutgoingMessage[] = []
    const worker = createOutbound({
      ...{ db, clock, gateway: 'g', receipts: false, concurrency: 0, log, keys: held.keys },
      smsLog: createSmsLog(db, clock),
      isTestNumber: () => false,
      link: {
        async submitParts(message) {
          sent.push(message)
          const outcome = script.shift() ?? { outcome: 'done', messageId: 'm' }
          return { outcome, messageIds: [], parts: 1 }
        },
        state: () => ({
          ...{ bound: true, phase: 'bound', since: 0, outstanding: 0, waiting: 0, delivering: 0 },
          throttled: false,
        }),
      },
      ...options,
    })
    return { sent, worker }
  }

  /** A customer of this number is registered, has an initial PIN, and its text waits. */
  async function opened(to: string): Promise<{ readonly pin: string; readonly id: string }> {
    const { keys } = held
    const facts = {
      carrier: 'mobile',
      brand: '神州行',
      billing: 'prepaid',
      region: '110000',
    } as const
    await introduce(db, { ...facts, msisdn: to, language: 'zh', status: 'active' }, clock.now())
    const identities = createIdentities({ keys, clock, ids })
    const pins = createWalletPins({ db, keys, clock, ids, policy: () => defaultPolicy })
    const id = ids.next(bucketOf(to), clock.now())
    return db.transact(async (tx) => {
      const document = { kind: '01', number: new Secret(idNumber) } as const
      const registration = { msisdn: to, name: new Secret(name), level: 'verified' } as const
      await identities.register(tx, { ...registration, document, by: 'clerk' })
      const code = await pins.issueInitial(tx, to, { idNumber: document.number })
      const text = { id, to, from: '10658008', language: 'zh', paymentId: null, code } as const
      appendJobs(tx, [secretText(keys, { ...text, notice: { id: 'T19', hours: 72 } }, clock.now())])
      return { pin: code.reveal(), id }
    })
  }
  const states = (of: string) =>
    messagesOf(db, of, 10).then((texts) => texts.map(({ state, text }) => [state, text]))
  const masked = '手机钱包已开通，初始密码••••••，72小时内请修改后使用，请勿告知他人。'

  test('the search finds what is there', async () => {
    lines.push('PIN：424242。')
    expect(traces('424242', await everything())).toEqual(['424242'])
    lines.length = 0
  })

  test('is read on the handset, and nowhere else at any time', async () => {
    const to = '+8613900010001'
    const { pin } = await opened(to)
    await isClean(pin)
    expect(await textsUnder(db, { name: textKey, version: 1 })).toBe(1n)

    const away = outbound([{ outcome: 'unknown', detail: 'time-out' }])
    await away.worker.step()
    await away.worker.stop()
    await isClean(pin)
    clock.advance(2_000)
    const broken = outbound([], {
      keys: {
        open() {
          throw new Error('there is no current key')
        },
      },
    })
    await broken.worker.step()
    await broken.worker.stop()
    expect(lines.join()).toContain('there is no current key')
    expect(broken.sent).toEqual([])
    await isClean(pin)

    clock.advance(3_600_000)
    await held.keys.rotate(textKey)
    const { sent, worker } = outbound([{ outcome: 'done', messageId: 'm' }])
    await worker.step()
    await worker.stop()
    expect(sent.map(({ text }) => text)).toEqual([masked.replace('••••••', pin)])
    expect(await states(to)).toEqual([['accepted', masked]])
    expect(await textsUnder(db, { name: textKey, version: 1 })).toBe(0n)
    await isClean(pin)
  })

  test.each([
    ['+8613900010002', 'refused by the gateway', 'refused', false],
    ['+8617000000003', 'of a number of the sandbox', 'accepted', true],
  ])('that is to %s, %s, is kept only masked', async (to, _, state, test) => {
    const { pin } = await opened(to)
    const { worker } = outbound([{ outcome: 'refused', status: 11, name: 'ESME_RINVDSTADR' }], {
      isTestNumber: () => test,
    })
    await worker.step()
    await worker.stop()
    expect(await states(to)).toEqual([[state, masked]])
    await isClean(pin)
  })

  test('is not opened for another number', async () => {
    const to = '+8613900010004'
    const { id } = await opened(to)
    const thief = '+8613900019999'
    await db.transact((tx) =>
      tx.query(
        `update job set payload = jsonb_set(payload, '{to}', to_jsonb($2::text))
         where topic = '${topics.sms}' and subject = $1`,
        [id, thief],
      ),
    )
    const { sent, worker } = outbound([])
    await worker.step()
    await worker.stop()
    expect(sent).toEqual([])
    expect(lines.at(-1)).toContain('was not sealed by')
  })
})
