/** The link and the simulated centre together, with everything that can go wrong between them. */
import { createSmsc, type SmscOptions } from '@telepurse/simulators'
import { afterEach, expect, test } from 'vitest'
import { Secret, systemClock } from '../../../kernel/index.ts'
import {
  createSmppLink,
  handsetAddress,
  type IncomingMessage,
  type IncomingReceipt,
  type SmppLimits,
  serviceAddress,
} from './index.ts'

const closers: (() => unknown)[] = []
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close()
})

/** The same faults in every run. */
function seeded(seed: number) {
  let state = seed
  return () => {
    state = (state * 48_271) % 2_147_483_647
    return state / 2_147_483_647
  }
}

async function both(limits: Partial<SmppLimits> = {}, smscLimits: SmscOptions['limits'] = {}) {
  const smsc = createSmsc({
    port: 0,
    systemId: 'wallet',
    password: 'secret',
    now: () => systemClock.now(),
    random: seeded(7),
    limits: { retryMs: 5, deliverMs: 500, ...smscLimits },
  })
  const { port } = await smsc.listen()
  const messages: IncomingMessage[] = []
  const receipts: IncomingReceipt[] = []
  const link = createSmppLink(
    {
      host: '127.0.0.1',
      port,
      systemId: 'wallet',
      password: new Secret('secret'),
      clock: systemClock,
      random: seeded(1),
      limits: { reconnectMs: 5, reconnectMaxMs: 50, drainMs: 200, ...limits },
    },
    {
      async onMessage(message) {
        messages.push(message)
      },
      async onReceipt(receipt) {
        receipts.push(receipt)
      },
    },
  )
  closers.push(
    () => smsc.stop(),
    () => link.close(),
  )
  link.start()
  await link.whenBound()
  return { smsc, link, messages, receipts }
}

const from = '13800138000'
const to = '1065800886021'
const mt = (text: string) => ({
  source: serviceAddress(to),
  destination: handsetAddress(`+86${from}`),
  text,
  receipt: true,
})
const until = async (condition: () => boolean) => {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 5))
}

test('a conversation in Chinese, long texts and receipts included', async () => {
  const { smsc, link, messages, receipts } = await both()
  const sent = await smsc.sendFromHandset({ from, to, text: '100#玩家七' })
  expect(await sent.delivered).toBe(true)
  expect(messages).toMatchObject([
    { text: '100#玩家七', providerMessageId: sent.messageId, source: { number: `86${from}` } },
  ])
  const price = '星际游戏：300金币，30.00元，从话费扣。回复Y确认。'.repeat(4)
  const { outcome, messageIds, parts } = await link.submitParts({ ...mt(price), reference: 9 })
  expect([outcome.outcome, parts]).toEqual(['done', 2])
  expect(smsc.messages(from).at(-1)).toMatchObject({ text: price, peer: to, parts: 2 })
  await until(() => receipts.length === 2)
  expect(receipts.map((it) => [it.messageId, it.state])).toEqual(
    messageIds.map((id) => [id, 'DELIVERED']),
  )
})

test('loss, duplicates, disorder and cut links lose no text from a handset', async () => {
  const { smsc, link, messages } = await both()
  smsc.setFaults({ lossPercent: 20, duplicatePercent: 20, reorder: true })
  const sent = []
  for (let i = 0; i < 60; i += 1) {
    sent.push(await smsc.sendFromHandset({ from, to, text: `order ${i}` }))
    if (i % 20 === 10) {
      smsc.setFaults({ dropLink: true })
      await until(() => !link.state().bound)
      smsc.setFaults({ dropLink: false })
    }
    if (i % 20 === 15) smsc.setFaults({ malformedPdu: true })
  }
  expect(await Promise.all(sent.map((it) => it.delivered))).toEqual(sent.map(() => true))
  const ids = new Set(messages.map((it) => it.providerMessageId))
  expect(ids).toEqual(new Set(sent.map((it) => it.messageId)))
  expect(messages.length).toBeGreaterThan(ids.size)
})

test('a malformed PDU makes the link bind anew', async () => {
  const { smsc, link } = await both()
  smsc.setFaults({ malformedPdu: true })
  await until(() => link.state().lastError !== undefined)
  expect(link.state().lastError?.detail).toBe('malformed PDU: field_truncated')
  await link.whenBound()
  expect((await link.submit(mt('Y'))).outcome).toBe('done')
})

test('what the centre keeps to itself is unknown, and did arrive', async () => {
  const { smsc, link } = await both({ responseMs: 50 })
  smsc.setFaults({ silentPercent: 100 })
  expect((await link.submit(mt('quiet'))).outcome).toBe('unknown')
  expect(smsc.messages(from).map((it) => it.text)).toEqual(['quiet'])
})

test('throttling hands messages back, and all arrive once when sent again', async () => {
  const { smsc, link } = await both({ waitMs: 20_000 })
  smsc.setFaults({ throttlePercent: 40 })
  const send = async (text: string): Promise<void> => {
    const { outcome } = await link.submit(mt(text))
    if (outcome === 'throttled') {
      smsc.setFaults({ throttlePercent: 0 })
      return send(text)
    }
    expect(outcome).toBe('done')
  }
  const texts = Array.from({ length: 8 }, (_, index) => `text ${index}`)
  await Promise.all(texts.map(send))
  expect(
    smsc
      .messages(from)
      .map((it) => it.text)
      .sort(),
  ).toEqual(texts)
})

test('an answer that comes too late changes nothing', async () => {
  const { smsc, link } = await both({ responseMs: 30 })
  smsc.setFaults({ answerDelayMs: 80 })
  expect((await link.submit(mt('slow'))).outcome).toBe('unknown')
  await new Promise((resolve) => setTimeout(resolve, 100))
  smsc.setFaults({ answerDelayMs: 0 })
  expect((await link.submit(mt('quick'))).outcome).toBe('done')
  expect(link.state().lastError).toBeUndefined()
})
