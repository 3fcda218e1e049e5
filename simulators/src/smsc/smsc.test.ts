/** The simulated centre against the npm package `smpp` as the ESME: another implementation. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { connect, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createPdu, encodePdu } from '@telepurse/sms'
import Fastify from 'fastify'
import { afterEach, expect, test } from 'vitest'
import { createSmsc, type Smsc, type SmscChange, type SmscOptions, smscRoutes } from './index.ts'

type Fields = Record<string, unknown>
type NpmPdu = Fields & {
  command: string
  command_status: number
  short_message: { message: string; udh?: Buffer[] }
  response(fields?: Fields): NpmPdu
}
interface NpmSession {
  on(event: string, listener: (pdu: NpmPdu) => void): void
  send(pdu: NpmPdu): void
  destroy(): void
  bind_transceiver(fields: Fields, answered: (pdu: NpmPdu) => void): void
  bind_transmitter(fields: Fields, answered: (pdu: NpmPdu) => void): void
  submit_sm(fields: Fields, answered: (pdu: NpmPdu) => void): void
  data_sm(fields: Fields, answered: (pdu: NpmPdu) => void): void
  query_sm(fields: Fields, answered: (pdu: NpmPdu) => void): void
  enquire_link(answered: (pdu: NpmPdu) => void): void
}
const npm = createRequire(import.meta.url)('smpp') as {
  connect(options: Fields, connected: () => void): NpmSession
}

const closers: (() => unknown)[] = []
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close()
})

async function network(given: Partial<SmscOptions> = {}) {
  const originated: [string, number][] = []
  const smsc = createSmsc({
    port: 0,
    systemId: 'wallet',
    password: 'secret',
    now: () => 1_700_000_000_000,
    onMobileOriginated: (from, parts) => originated.push([from, parts]),
    ...given,
    limits: { retryMs: 20, ...given.limits },
  })
  closers.push(() => smsc.stop())
  const { port } = await smsc.listen()
  return { smsc, port, originated }
}

/** An ESME that acknowledges by `status` and remembers what it was sent. */
async function esme(
  port: number,
  given: { status?: () => number | undefined; password?: string } = {},
) {
  const delivered: NpmPdu[] = []
  const session = npm.connect({ host: '127.0.0.1', port }, () => {})
  closers.push(() => session.destroy())
  session.on('error', () => {})
  session.on('deliver_sm', (pdu) => {
    delivered.push(pdu)
    const status = given.status ? given.status() : 0
    if (status !== undefined) session.send(pdu.response({ command_status: status }))
  })
  const fields = { system_id: 'wallet', password: given.password ?? 'secret' }
  const bound = await new Promise<NpmPdu>((resolve) => session.bind_transceiver(fields, resolve))
  const submit = (more: Fields) =>
    new Promise<NpmPdu>((resolve) =>
      session.submit_sm(
        { source_addr: '1065800886021', destination_addr: '8613800138000', ...more },
        resolve,
      ),
    )
  return { session, delivered, bound, submit }
}

const until = async (condition: () => boolean) => {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 5))
}
const from = '13800138000'
const to = '1065800886021'

test('a text from a handset is delivered with its id, and Chinese stays Chinese', async () => {
  const { smsc, port, originated } = await network()
  const { delivered, bound } = await esme(port)
  expect(bound).toMatchObject({ command_status: 0, sc_interface_version: 0x34 })
  const sent = await smsc.sendFromHandset({ from, to, text: '充值100' })
  expect(await sent.delivered).toBe(true)
  expect(delivered).toHaveLength(1)
  expect(delivered[0]).toMatchObject({
    source_addr: '8613800138000',
    source_addr_ton: 1,
    source_addr_npi: 1,
    destination_addr: to,
    dest_addr_ton: 3,
    receipted_message_id: sent.messageId,
    short_message: { message: '充值100' },
  })
  expect(originated).toEqual([['+8613800138000', 1]])
  expect(smsc.messages('+8613800138000')).toEqual([
    {
      id: sent.messageId,
      direction: 'sent',
      peer: to,
      text: '充值100',
      at: 1_700_000_000_000,
      parts: 1,
      status: 'delivered',
    },
  ])
})

test('a long text comes in parts, each with an id of its own', async () => {
  const { smsc, port, originated } = await network()
  const { delivered } = await esme(port)
  const sent = await smsc.sendFromHandset({ from, to, text: 'a'.repeat(200) })
  expect(await sent.delivered).toBe(true)
  expect(delivered.map((it) => it.receipted_message_id)).toEqual(
    [1, 2].map((it) => `${sent.messageId}.${it}`),
  )
  expect(delivered.map((it) => it.short_message.message.length)).toEqual([153, 47])
  expect(originated).toEqual([['+8613800138000', 2]])
})

test('what no ESME takes waits, and is sent again until it is acknowledged', async () => {
  const { smsc, port } = await network()
  const sent = await smsc.sendFromHandset({ from, to, text: '100' })
  expect(smsc.queued()).toBe(1)
  const statuses = [0x64, 0x14, 0x64, 0]
  const { delivered } = await esme(port, { status: () => statuses.shift() })
  expect(await sent.delivered).toBe(true)
  expect(delivered.map((it) => it.receipted_message_id)).toEqual(Array(4).fill(sent.messageId))
  expect(smsc.queued()).toBe(0)
})

test('a dropped link costs no message, and another ESME gets it', async () => {
  const { smsc, port } = await network()
  const first = await esme(port, { status: () => undefined })
  const sent = await smsc.sendFromHandset({ from, to, text: '100' })
  await until(() => first.delivered.length === 1)
  first.session.destroy()
  const second = await esme(port)
  expect(await sent.delivered).toBe(true)
  expect(second.delivered).toHaveLength(1)
})

test('attempts end: by a final refusal, or when they run out', async () => {
  const { smsc, port } = await network({ limits: { attemptsMax: 3, retryMs: 5 } })
  const statuses = [0x65, 0x64, 0x64, 0x64]
  const { delivered } = await esme(port, { status: () => statuses.shift() })
  expect(await (await smsc.sendFromHandset({ from, to, text: '1' })).delivered).toBe(false)
  expect(delivered).toHaveLength(1)
  expect(await (await smsc.sendFromHandset({ from, to, text: '2' })).delivered).toBe(false)
  expect(delivered).toHaveLength(4)
  expect(smsc.messages(from).map((it) => it.status)).toEqual(['failed', 'failed'])
})

test('submitted texts reach the handset whole, and a receipt is sent when asked for', async () => {
  const { smsc, port } = await network()
  const { delivered, submit, session } = await esme(port)
  const changes: SmscChange[] = []
  smsc.onChange((change) => changes.push(change))
  const first = await submit({ short_message: '回复Y确认', registered_delivery: 1 })
  expect(first).toMatchObject({
    command_status: 0,
    message_id: expect.stringMatching(/^[0-9a-f]+$/),
  })
  const part = (number: number, message: string) =>
    submit({ esm_class: 0x40, short_message: { udh: Buffer.of(5, 0, 3, 1, 2, number), message } })
  await part(2, 'world')
  await part(1, 'hello ')
  const payload = {
    destination_addr: '8613800138000',
    source_addr: to,
    message_payload: 'by another way',
  }
  await new Promise((resolve) => session.data_sm(payload, resolve))
  expect(smsc.messages(from).map((it) => [it.direction, it.peer, it.text, it.parts])).toEqual([
    ['received', to, '回复Y确认', 1],
    ['received', to, 'hello world', 2],
    ['received', to, 'by another way', 1],
  ])
  await until(() => delivered.length === 1)
  expect(delivered[0]).toMatchObject({
    esm_class: 4,
    receipted_message_id: first.message_id,
    message_state: 2,
    source_addr: '8613800138000',
    short_message: { message: expect.stringContaining(`id:${first.message_id} sub:001 dlvrd:001`) },
  })
  expect(changes.filter((it) => it.kind === 'message')).toHaveLength(3)
})

test('what cannot be taken is refused with its reason', async () => {
  const { smsc, port } = await network()
  expect((await esme(port, { password: 'wrong' })).bound.command_status).toBe(0x0e)
  const { submit, session } = await esme(port)
  const statusOf = async (fields: Fields) => (await submit(fields)).command_status
  expect(await statusOf({ destination_addr: '10086' })).toBe(0x0b)
  expect(await statusOf({ source_addr: '' })).toBe(0x0a)
  expect(await statusOf({ validity_period: 'soon' })).toBe(0x62)
  expect(await statusOf({ esm_class: 0x40, short_message: { message: Buffer.of(9, 9) } })).toBe(
    0x45,
  )
  const nack = await new Promise<NpmPdu>((resolve) =>
    session.query_sm({ message_id: '1' }, resolve),
  )
  expect(nack).toMatchObject({ command: 'generic_nack', command_status: 3 })
  const again = await new Promise<NpmPdu>((resolve) => session.bind_transmitter({}, resolve))
  expect(again.command_status).toBe(5)
  expect(smsc.messages(from)).toEqual([])
})

test('faults: reject, throttle, silence, loss, duplicates', async () => {
  const { smsc, port } = await network()
  const { submit, delivered } = await esme(port)
  const texts = () =>
    smsc
      .messages(from)
      .filter((it) => it.direction === 'received')
      .map((it) => it.text)
  smsc.setFaults({ rejectPercent: 100, rejectStatus: 0x08 })
  expect((await submit({ short_message: 'a' })).command_status).toBe(0x08)
  smsc.setFaults({ rejectPercent: 0, throttlePercent: 100 })
  expect((await submit({ short_message: 'b' })).command_status).toBe(0x58)
  smsc.setFaults({ throttlePercent: 0, lossPercent: 100 })
  expect((await submit({ short_message: 'c', registered_delivery: 1 })).command_status).toBe(0)
  expect(texts()).toEqual([])
  smsc.setFaults({ lossPercent: 0, silentPercent: 100 })
  void submit({ short_message: 'd' })
  await until(() => texts().length === 1)
  smsc.setFaults({ silentPercent: 0, duplicatePercent: 100 })
  await submit({ short_message: 'e' })
  expect(texts()).toEqual(['d', 'e', 'e'])
  const sent = await smsc.sendFromHandset({ from, to, text: '100' })
  expect(await sent.delivered).toBe(true)
  await until(() => delivered.length === 2)
  expect(delivered.map((it) => it.receipted_message_id)).toEqual([sent.messageId, sent.messageId])
})

test('messages overtake each other on a network that reorders, and none is lost by loss', async () => {
  let seed = 1
  const random = () => {
    seed = (seed * 48_271) % 2_147_483_647
    return seed / 2_147_483_647
  }
  const { smsc, port } = await network({ random, limits: { retryMs: 1 } })
  const { delivered } = await esme(port)
  smsc.setFaults({ reorder: true, lossPercent: 30 })
  const texts = Array.from({ length: 20 }, (_, index) => String(index))
  const sent = await Promise.all(texts.map((text) => smsc.sendFromHandset({ from, to, text })))
  expect(await Promise.all(sent.map((it) => it.delivered))).toEqual(texts.map(() => true))
  const arrived = delivered.map((it) => it.short_message.message)
  expect(arrived).not.toEqual(texts)
  expect([...arrived].sort()).toEqual([...texts].sort())
})

test('links can be cut and kept cut, and a malformed PDU sent', async () => {
  const { smsc, port } = await network()
  const { session } = await esme(port)
  const closed = new Promise<void>((resolve) => session.on('close', () => resolve()))
  smsc.setFaults({ dropLink: true })
  await closed
  expect(smsc.boundLinks()).toBe(0)
  const refused = connect({ port, host: '127.0.0.1' })
  await new Promise((resolve) => refused.once('close', resolve))
  smsc.setFaults({ dropLink: false })
  const raw = connect({ port, host: '127.0.0.1' })
  closers.push(() => raw.destroy())
  raw.write(
    encodePdu(
      createPdu('bind_transceiver', {
        sequence: 1,
        body: { system_id: 'wallet', password: 'secret' },
      }),
    ),
  )
  await until(() => smsc.boundLinks() === 1)
  smsc.setFaults({ malformedPdu: true })
  expect(smsc.faults().malformedPdu).toBe(false)
  await until(() => raw.bytesRead > 41)
})

const answerTo = (socket: Socket) => {
  const chunks: Buffer[] = []
  socket.on('data', (chunk: Buffer) => chunks.push(chunk))
  return new Promise<string>((resolve) =>
    socket.once('close', () => resolve(Buffer.concat(chunks).toString('hex'))),
  )
}

test.each([
  ['0000000800000004', '00000010800000000000000200000000'],
  ['000000110000000400000000000000' + '0941', '00000010800000000000000200000009'],
])('a malformed PDU %s is answered, and ends the connection', async (hex, nack) => {
  const { port } = await network()
  const raw = connect({ port, host: '127.0.0.1' })
  const answer = answerTo(raw)
  raw.write(Buffer.from(hex, 'hex'))
  expect(await answer).toBe(nack)
})

test('messages, and what was not delivered, survive a restart', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'smsc-'))
  closers.push(() => rmSync(folder, { recursive: true }))
  const journal = join(folder, 'journal.jsonl')
  const first = await network({ journal })
  const one = await esme(first.port)
  await (await first.smsc.sendFromHandset({ from, to, text: 'taken' })).delivered
  await one.submit({ short_message: 'to you' })
  const part = (message: string, number: number) => ({
    esm_class: 0x40,
    short_message: { udh: Buffer.of(5, 0, 3, 1, 2, number), message },
  })
  await one.submit(part('one ', 1))
  one.session.destroy()
  await until(() => first.smsc.boundLinks() === 0)
  const waiting = await first.smsc.sendFromHandset({ from, to, text: '等待'.repeat(40) })
  await first.smsc.stop()
  // A crash may leave half a line.
  writeFileSync(journal, `${readFileSync(journal, 'utf8')}{"kind":"mess`)
  const second = await network({ journal })
  expect(second.smsc.messages(from).map((it) => [it.text.slice(0, 6), it.status])).toEqual([
    ['taken', 'delivered'],
    ['to you', 'received'],
    ['等待等待等待', 'queued'],
  ])
  const two = await esme(second.port)
  await until(() => second.smsc.queued() === 0)
  expect(two.delivered.map((it) => it.receipted_message_id)).toEqual(
    [1, 2].map((it) => `${waiting.messageId}.${it}`),
  )
  await two.submit(part('two', 2))
  expect(second.smsc.messages(from).at(-1)).toMatchObject({ text: 'one two', parts: 2 })
  expect(second.smsc.messages(from)[2]?.status).toBe('delivered')
})

test('one handset can text another', async () => {
  const { smsc } = await network()
  await smsc.sendFromHandset({ from, to: '+8613900139000', text: 'hi' })
  expect(smsc.messages('13900139000')).toMatchObject([
    { direction: 'received', peer: '+8613800138000', text: 'hi' },
  ])
})

async function http(smsc: Smsc) {
  const app = Fastify()
  closers.push(() => app.close())
  await app.register(smscRoutes(smsc))
  return app
}
const path = `/simulator/handsets/${from}/messages`

test('the HTTP face sends, lists, deletes, and sets faults', async () => {
  const { smsc } = await network()
  const app = await http(smsc)
  const sent = await app.inject({ method: 'POST', url: path, payload: { to, text: '100' } })
  expect(sent.statusCode).toBe(202)
  const { id } = sent.json<{ id: string }>()
  await app.inject({
    method: 'POST',
    url: '/simulator/handsets/+8613800138000/messages',
    payload: { to, text: 'Y' },
  })
  const list = async (query = '') => (await app.inject(path + query)).json<{ text: string }[]>()
  expect((await list()).map((it) => it.text)).toEqual(['100', 'Y'])
  expect((await list(`?after=${id}`)).map((it) => it.text)).toEqual(['Y'])
  expect((await app.inject({ method: 'DELETE', url: path })).statusCode).toBe(204)
  expect(await list()).toEqual([])
  const set = await app.inject({
    method: 'POST',
    url: '/simulator/network',
    payload: { lossPercent: 10 },
  })
  expect(set.json()).toMatchObject({ lossPercent: 10, dropLink: false, links: 0, queued: 2 })
  expect((await app.inject('/simulator/network')).json()).toMatchObject({ lossPercent: 10 })
})

test.each([
  ['POST', path, '{"to":"1065800886021"}', 400],
  ['POST', path, '{"to":1,"text":"x"}', 400],
  ['POST', path, '{"to":"12","text":"x"}', 400],
  ['POST', path, '{"to":"1065800886021","text":""}', 400],
  ['POST', path, JSON.stringify({ to, text: 'x'.repeat(1_531) }), 400],
  ['POST', path, 'null', 400],
  ['POST', path, '{', 400],
  ['POST', '/simulator/handsets/12345/messages', '{"to":"1065800886021","text":"x"}', 400],
  ['GET', '/simulator/handsets/12345/messages', undefined, 400],
  ['DELETE', '/simulator/handsets/12345/messages', undefined, 400],
  ['POST', '/simulator/network', '{"lossPercent":101}', 400],
  ['POST', '/simulator/network', '{"lossPercent":"1"}', 400],
  ['POST', '/simulator/network', '{"dropLink":1}', 400],
  ['POST', '/simulator/network', '{"constructor":true}', 400],
  ['POST', '/simulator/network', '[]', 400],
] as const)(
  '%s %s with %s is a problem, and changes nothing',
  async (method, url, payload, status) => {
    const { smsc, originated } = await network()
    const app = await http(smsc)
    const before = smsc.faults()
    const answer = await app.inject({
      method,
      url,
      ...(payload !== undefined && { payload, headers: { 'content-type': 'application/json' } }),
    })
    expect(answer.statusCode).toBe(status)
    expect(answer.headers['content-type']).toMatch('application/problem+json')
    expect(answer.json()).toMatchObject({ status, type: expect.stringMatching(/^\/problems\//) })
    expect(smsc.queued()).toBe(0)
    expect(originated).toEqual([])
    expect(smsc.faults()).toEqual(before)
  },
)
