/** The link against a centre built on the npm package `smpp`: another implementation of the protocol. */
import { once } from 'node:events'
import { createRequire } from 'node:module'
import { type AddressInfo, createServer, type Server } from 'node:net'
import { createPdu, encodePdu } from '@telepurse/sms'
import { afterEach, expect, test } from 'vitest'
import { Secret, systemClock } from '../../../kernel/index.ts'
import {
  createSmppLink,
  handsetAddress,
  type IncomingMessage,
  type IncomingReceipt,
  type SmppLink,
  type SmppLinkHandlers,
  type SmppLinkOptions,
  serviceAddress,
} from './index.ts'

type Fields = Record<string, unknown>
type NpmPdu = Fields & {
  command: string
  command_status: number
  response(fields?: Fields): NpmPdu
}
interface NpmSession {
  on(event: string, listener: (pdu: NpmPdu) => void): void
  send(pdu: NpmPdu): void
  deliver_sm(fields: Fields, answered?: (pdu: NpmPdu) => void): void
  enquire_link(answered: (pdu: NpmPdu) => void): void
  unbind(answered: (pdu: NpmPdu) => void): void
  socket: { write(octets: Uint8Array): void; destroy(): void }
}
interface NpmSmpp {
  createServer(listener: (session: NpmSession) => void): Server
}
const npm = createRequire(import.meta.url)('smpp') as NpmSmpp

const closers: (() => Promise<unknown> | unknown)[] = []
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close()
})

/** A centre that accepts the bind and answers each submit_sm by `answer`, or not at all. */
async function centre(given: {
  answer?: (pdu: NpmPdu, session: NpmSession) => Fields | undefined
  bindStatus?: () => number
  port?: number
}) {
  const sessions: NpmSession[] = []
  const seen: NpmPdu[] = []
  const sockets = new Set<NpmSession['socket']>()
  const server = npm.createServer((session) => {
    sockets.add(session.socket)
    session.on('error', () => {})
    for (const command of ['bind_transceiver', 'bind_transmitter', 'bind_receiver'])
      session.on(command, (pdu) => {
        seen.push(pdu)
        const status = given.bindStatus?.() ?? 0
        session.send(pdu.response({ command_status: status, system_id: 'npm' }))
        if (status === 0) sessions.push(session)
      })
    session.on('submit_sm', (pdu) => {
      seen.push(pdu)
      const fields = given.answer?.(pdu, session)
      if (fields) session.send(pdu.response(fields))
    })
    for (const command of ['enquire_link', 'unbind'])
      session.on(command, (pdu) => {
        seen.push(pdu)
        session.send(pdu.response())
      })
    for (const command of ['deliver_sm_resp', 'generic_nack', 'data_sm_resp'])
      session.on(command, (pdu) => seen.push(pdu))
  })
  server.listen(given.port ?? 0, '127.0.0.1')
  await once(server, 'listening')
  const close = async () => {
    for (const socket of sockets) socket.destroy()
    if (server.listening) await new Promise((resolve) => server.close(resolve))
  }
  closers.push(close)
  const { port } = server.address() as AddressInfo
  return { port, sessions, seen, close, commands: () => seen.map((it) => it.command) }
}

function linkTo(
  port: number,
  given: Partial<SmppLinkOptions> & { handlers?: Partial<SmppLinkHandlers> } = {},
) {
  const messages: IncomingMessage[] = []
  const receipts: IncomingReceipt[] = []
  const logged: string[] = []
  const link = createSmppLink(
    {
      host: '127.0.0.1',
      port,
      systemId: 'telepurse',
      password: new Secret('secret'),
      clock: systemClock,
      random: () => 0.5,
      log: (level, event, details) => logged.push(JSON.stringify([level, event, details])),
      ...given,
      limits: { reconnectMs: 20, drainMs: 500, ...given.limits },
    },
    {
      async onMessage(message) {
        messages.push(message)
        await given.handlers?.onMessage?.(message)
      },
      async onReceipt(receipt) {
        receipts.push(receipt)
        await given.handlers?.onReceipt?.(receipt)
      },
    },
  )
  closers.push(() => link.close())
  link.start()
  return { link, messages, receipts, logged }
}

const mt = (text: string) => ({
  source: serviceAddress('1065800886021'),
  destination: handsetAddress('+8613800138000'),
  text,
})

const until = async (condition: () => boolean) => {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 5))
}
const rebound = async (link: SmppLink, lost: () => boolean) => {
  await until(lost)
  await link.whenBound()
}

test('binds, submits Chinese and long texts, and unbinds on close', async () => {
  let ids = 0
  const smsc = await centre({ answer: () => ({ message_id: `m${++ids}` }) })
  const { link } = linkTo(smsc.port)
  expect(link.state()).toMatchObject({ bound: false, phase: 'connecting' })
  await link.whenBound()
  expect(link.state()).toMatchObject({ bound: true, phase: 'bound', outstanding: 0 })
  expect(await link.submit(mt('回复Y确认，15.00元'))).toEqual({ outcome: 'done', messageId: 'm1' })
  expect(await link.submitParts(mt('长'.repeat(100)))).toEqual({
    outcome: { outcome: 'done', messageId: 'm3' },
    messageIds: ['m2', 'm3'],
    parts: 2,
  })
  await link.close()
  expect(smsc.commands()).toEqual([
    'bind_transceiver',
    'submit_sm',
    'submit_sm',
    'submit_sm',
    'unbind',
  ])
  const [bind, first, second] = smsc.seen
  expect(bind).toMatchObject({
    system_id: 'telepurse',
    password: 'secret',
    interface_version: 0x34,
  })
  expect(first).toMatchObject({
    short_message: { message: '回复Y确认，15.00元' },
    destination_addr: '8613800138000',
    dest_addr_ton: 1,
    source_addr_ton: 3,
  })
  expect(
    (second as unknown as { short_message: { udh: Buffer[] } }).short_message.udh,
  ).toHaveLength(1)
  expect(await link.submit(mt('late'))).toEqual({ outcome: 'unsent', detail: 'closing' })
})

test('a transmitter and a receiver can share the work', async () => {
  const smsc = await centre({ answer: () => ({ message_id: 'm' }) })
  const { link, messages } = linkTo(smsc.port, { bind: 'pair' })
  await link.whenBound()
  expect(smsc.commands().sort()).toEqual(['bind_receiver', 'bind_transmitter'])
  expect((await link.submit(mt('hello'))).outcome).toBe('done')
  for (const session of smsc.sessions) session.deliver_sm({ short_message: 'x', source_addr: '1' })
  await until(() => messages.length === 2)
})

test('a refused bind is tried again until it is accepted, and is visible', async () => {
  let binds = 0
  const smsc = await centre({ bindStatus: () => (++binds < 3 ? 0x0e : 0) })
  const { link } = linkTo(smsc.port)
  await link.whenBound()
  expect(binds).toBe(3)
  expect(link.state().lastError?.detail).toBe('bind refused: ESME_RINVPASWD')
})

test('answers are told apart: refused, throttled, unanswered, not bound', async () => {
  const answers: Fields[] = [
    { command_status: 0x0b },
    { command_status: 0x58 },
    { command_status: 0x14 },
  ]
  const smsc = await centre({ answer: () => answers.shift() })
  const { link } = linkTo(smsc.port, { limits: { responseMs: 100, waitMs: 5_000 } })
  expect(await link.submit(mt('x'))).toEqual({ outcome: 'unsent', detail: 'not bound' })
  await link.whenBound()
  expect(await link.submit(mt('x'))).toEqual({
    outcome: 'refused',
    status: 0x0b,
    name: 'ESME_RINVDSTADR',
  })
  expect(await link.submit(mt('x'))).toEqual({ outcome: 'throttled' })
  expect(link.state().throttled).toBe(true)
  expect(await link.submit(mt('x'))).toEqual({ outcome: 'throttled' })
  expect(await link.submit(mt('x'))).toEqual({ outcome: 'unknown', detail: 'no answer in 100 ms' })
  expect(link.state()).toMatchObject({ bound: true, outstanding: 0 })
  expect(
    (await link.submit({ ...mt('x'), destination: handsetAddress('1'.repeat(21)) })).outcome,
  ).toBe('unsent')
})

test('a long message that stops half way is unknown', async () => {
  const answers: Fields[] = [{ message_id: 'm1' }, { command_status: 0x0b }]
  const smsc = await centre({ answer: () => answers.shift() })
  const { link } = linkTo(smsc.port)
  await link.whenBound()
  expect(await link.submitParts(mt('a'.repeat(400)))).toEqual({
    outcome: { outcome: 'unknown', detail: '1 parts taken, then refused' },
    messageIds: ['m1'],
    parts: 3,
  })
})

test('a lost connection leaves submits unknown, waiting ones unsent, and comes back', async () => {
  const smsc = await centre({})
  const { link } = linkTo(smsc.port, { limits: { window: 2 } })
  await link.whenBound()
  const outcomes = [1, 2, 3].map((it) => link.submit(mt(String(it))))
  await until(() => smsc.seen.length === 3)
  expect(link.state()).toMatchObject({ outstanding: 2, waiting: 1 })
  smsc.sessions[0]?.socket.destroy()
  expect((await Promise.all(outcomes)).map((it) => it.outcome)).toEqual([
    'unknown',
    'unknown',
    'unsent',
  ])
  expect(link.state()).toMatchObject({ bound: false, outstanding: 0, waiting: 0 })
  await link.whenBound()
  expect(smsc.sessions).toHaveLength(2)
})

test('a centre that goes away and returns is found again', async () => {
  const smsc = await centre({})
  const { link } = linkTo(smsc.port)
  await link.whenBound()
  await smsc.close()
  await until(() => link.state().lastError?.detail.includes('ECONNREFUSED') === true)
  const again = await centre({ port: smsc.port, answer: () => ({ message_id: 'm' }) })
  await link.whenBound()
  expect((await link.submit(mt('x'))).outcome).toBe('done')
  expect(again.sessions).toHaveLength(1)
})

test('the window is never exceeded, and all messages go', async () => {
  let outstanding = 0
  let most = 0
  const smsc = await centre({
    answer(pdu, session) {
      outstanding += 1
      most = Math.max(most, outstanding)
      setTimeout(() => {
        outstanding -= 1
        session.send(pdu.response({ message_id: 'm' }))
      }, 1)
      return undefined
    },
  })
  const { link } = linkTo(smsc.port, { limits: { window: 4, waitingMax: 300 } })
  await link.whenBound()
  const outcomes = await Promise.all(Array.from({ length: 310 }, () => link.submit(mt('x'))))
  expect(most).toBe(4)
  expect(outcomes.filter((it) => it.outcome === 'done')).toHaveLength(304)
  expect(outcomes.filter((it) => it.outcome === 'unsent')).toHaveLength(6)
})

test('a message is acknowledged when its handler has finished, and refused for now when it fails', async () => {
  const statuses: number[] = []
  let release: (() => void) | undefined
  const smsc = await centre({})
  const { link, messages, logged } = linkTo(smsc.port, {
    handlers: {
      onMessage: ({ text }) =>
        text === 'wait'
          ? new Promise((resolve) => (release = resolve))
          : Promise.reject(new Error('db')),
    },
  })
  await link.whenBound()
  const [session] = smsc.sessions
  const answered = (pdu: NpmPdu) => statuses.push(pdu.command_status)
  session?.deliver_sm({ source_addr: '8613800138000', short_message: 'fail me' }, answered)
  await until(() => statuses.length === 1)
  session?.deliver_sm({ source_addr: '8613800138000', short_message: 'wait' }, answered)
  await until(() => messages.length === 2)
  await new Promise((resolve) => setTimeout(resolve, 30))
  expect(statuses).toEqual([0x64])
  release?.()
  await until(() => statuses.length === 2)
  expect(statuses).toEqual([0x64, 0])
  expect(messages.map((it) => it.text)).toEqual(['fail me', 'wait'])
  const log = logged.join()
  expect(log).not.toMatch(/fail me|13800138000|secret/)
})

test('deliveries beyond the limits are refused for now, and slow handlers give up', async () => {
  const statuses: number[] = []
  const smsc = await centre({})
  const { link } = linkTo(smsc.port, {
    limits: { deliversMax: 1, deliversWaitingMax: 1, deliverMs: 60 },
    handlers: { onMessage: () => new Promise(() => {}) },
  })
  await link.whenBound()
  for (let i = 0; i < 3; i += 1)
    smsc.sessions[0]?.deliver_sm({ short_message: 'x' }, (pdu) => statuses.push(pdu.command_status))
  await until(() => statuses.length === 1)
  expect(link.state().delivering).toBe(2)
  await until(() => statuses.length === 3)
  expect(statuses).toEqual([0x64, 0x64, 0x64])
})

test('UCS-2, parts, ids and receipts arrive as what they are', async () => {
  const smsc = await centre({})
  const { link, messages, receipts } = linkTo(smsc.port)
  await link.whenBound()
  const [session] = smsc.sessions
  session?.deliver_sm({
    source_addr: '8613800138000',
    source_addr_ton: 1,
    destination_addr: '1065800886021',
    short_message: '手机100#🀄',
    receipted_message_id: 'mo-1',
  })
  session?.deliver_sm({
    short_message: { udh: Buffer.of(5, 0, 3, 9, 2, 1), message: 'part one' },
    esm_class: 0x40,
    user_message_reference: 77,
  })
  session?.deliver_sm({
    esm_class: 4,
    short_message:
      'id:m1 sub:001 dlvrd:001 submit date:2611231200 done date:2611231201 stat:DELIVRD err:000 text:',
  })
  await until(() => messages.length === 2 && receipts.length === 1)
  expect(messages[0]).toMatchObject({
    text: '手机100#🀄',
    source: { number: '8613800138000', ton: 1 },
    destination: { number: '1065800886021' },
    providerMessageId: 'mo-1',
  })
  expect(messages[1]).toMatchObject({
    text: 'part one',
    concatenation: { reference: 9, total: 2, part: 1 },
    providerMessageId: '77',
  })
  expect(receipts[0]).toMatchObject({ messageId: 'm1', state: 'DELIVERED' })
})

test.each([
  ['a length below 16', '0000000800000005'],
  ['a length beyond reason', 'ffffffff00000005'],
  ['a deliver_sm without its fields', '00000014000000050000000000000009ffffffff'],
  ['a parameter that runs out', '000000150000001500000000000000090424ffff41'],
])('%s ends the connection, and the link binds anew', async (_, hex) => {
  const smsc = await centre({ answer: () => ({ message_id: 'm' }) })
  const { link } = linkTo(smsc.port)
  await link.whenBound()
  smsc.sessions[0]?.socket.write(Buffer.from(hex, 'hex'))
  await rebound(link, () => link.state().lastError !== undefined)
  expect(link.state().lastError?.detail).toMatch(/malformed PDU/)
  expect((await link.submit(mt('x'))).outcome).toBe('done')
  expect(smsc.sessions).toHaveLength(2)
})

test('an unknown command is answered by generic_nack, and the connection goes on', async () => {
  const smsc = await centre({ answer: () => ({ message_id: 'm' }) })
  const { link } = linkTo(smsc.port)
  await link.whenBound()
  smsc.sessions[0]?.socket.write(Buffer.from('00000010000001110000000000000009', 'hex'))
  await until(() => smsc.commands().includes('generic_nack'))
  expect(smsc.seen.at(-1)).toMatchObject({ command_status: 3, sequence_number: 9 })
  expect((await link.submit(mt('x'))).outcome).toBe('done')
  expect(smsc.sessions).toHaveLength(1)
})

test('both sides ask whether the other lives, and silence ends the connection', async () => {
  const smsc = await centre({})
  const { link } = linkTo(smsc.port, { limits: { enquireLinkMs: 40, responseMs: 100 } })
  await link.whenBound()
  await new Promise<void>((resolve) => smsc.sessions[0]?.enquire_link(() => resolve()))
  await until(() => smsc.commands().includes('enquire_link'))
  // A centre that stops reading: its socket stays open, and nothing comes from it any more.
  const [session] = smsc.sessions
  ;(session as unknown as { pause(): void }).pause()
  await rebound(link, () => link.state().lastError !== undefined)
  expect(link.state().lastError?.detail).toBe('enquire_link was not answered')
})

test('a message that comes in one breath with the answer to the bind is not lost', async () => {
  const acknowledged = new Promise<string>((resolve) => {
    const server = createServer((socket) => {
      const bound = encodePdu(createPdu('bind_transceiver_resp', { sequence: 1 }))
      const message = encodePdu(createPdu('deliver_sm', { sequence: 5 }))
      socket.once('data', () => {
        socket.write(Buffer.concat([bound, message]))
        socket.once('data', (octets) => resolve(octets.toString('hex')))
      })
      closers.push(() => socket.destroy())
    }).listen(0, '127.0.0.1', () => linkTo((server.address() as AddressInfo).port))
    closers.push(() => server.close())
  })
  expect(await acknowledged).toBe('0000001180000005000000000000000500')
})

test('an unbind of the centre is answered, and the link binds anew', async () => {
  const smsc = await centre({})
  const { link } = linkTo(smsc.port)
  await link.whenBound()
  const answered = new Promise((resolve) => smsc.sessions[0]?.unbind(resolve))
  expect(await answered).toMatchObject({ command: 'unbind_resp' })
  await until(() => smsc.sessions.length === 2)
})

test('closing waits for answers and handlers', async () => {
  let release: (() => void) | undefined
  const statuses: number[] = []
  const smsc = await centre({
    answer(pdu, session) {
      setTimeout(() => session.send(pdu.response({ message_id: 'm' })), 50)
      return undefined
    },
  })
  const { link, messages } = linkTo(smsc.port, {
    limits: { window: 1, drainMs: 5_000 },
    handlers: { onMessage: () => new Promise((resolve) => (release = resolve)) },
  })
  await link.whenBound()
  smsc.sessions[0]?.deliver_sm({ short_message: 'x' }, (pdu) => statuses.push(pdu.command_status))
  await until(() => messages.length === 1)
  const outcomes = [link.submit(mt('1')), link.submit(mt('2'))]
  await until(() => smsc.commands().includes('submit_sm'))
  const closed = link.close()
  expect(link.state().phase).toBe('closing')
  release?.()
  await closed
  expect((await Promise.all(outcomes)).map((it) => it.outcome)).toEqual(['done', 'unsent'])
  expect(statuses).toEqual([0])
  expect(smsc.commands().at(-1)).toBe('unbind')
})

test('settings that SMPP cannot carry are refused at once', () => {
  const make = (given: Partial<SmppLinkOptions>) => () => linkTo(1, given)
  expect(make({ systemId: 'a'.repeat(16) })).toThrow(RangeError)
  expect(make({ password: new Secret('口令') })).toThrow(RangeError)
})
