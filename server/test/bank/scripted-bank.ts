/**
 * A bank on loopback for tests. By itself it signs on, gives keys, answers echoes and approves everything;
 * a test takes over the messages it wants with `answer`.
 */
import { once } from 'node:events'
import { type AddressInfo, createServer, type Socket } from 'node:net'
import {
  createFramer,
  decode,
  encode,
  encodeWithMac,
  frameMessage,
  type Message,
  macHolds,
  type OutgoingMessage,
  textOf,
  type Value,
  writeSignOnKeys,
} from '@telepurse/iso8583'
import { type BankConfig, specOf } from '../../src/rails/bank/config.ts'
import {
  keyUseOf,
  securityControlOf,
  writeBothKeys,
  writeKey,
} from '../../src/rails/bank/key-messages.ts'
import { isManagement, responseMtiOf } from '../../src/rails/bank/wire.ts'
import type { KeyUse } from '../../src/rails/bank/zone-keys.ts'
import { keyNumber, macOf, wrapped } from './memory-keys.ts'

type Changes = Readonly<Record<number, Value | undefined>>

export interface Peer {
  readonly socket: Socket
  /** Answers with the fields of the request, and these changed; `undefined` leaves one out. */
  answer(
    request: Message,
    changes?: Changes,
    how?: { readonly mac?: 'true' | 'false' | 'none' },
  ): void
  /** The framed octets of that answer. */
  answerOctets(request: Message, changes?: Changes): Uint8Array
  send(message: OutgoingMessage): void
  sendKey(use: KeyUse): void
}

export interface ScriptedBank {
  readonly port: number
  /** Everything that came, in order. */
  readonly seen: Message[]
  readonly peers: Peer[]
  /** Requests whose code was wrong. */
  readonly falseMacs: Message[]
  keys: Record<KeyUse, Uint8Array>
  /** True when the message was taken care of. */
  script: (message: Message, peer: Peer) => boolean
  types(): string[]
  close(): Promise<void>
}

/** What an answer does not repeat. */
const onlyAsked = [12, 13, 14, 18, 22, 25, 26, 43, 48, 52, 53, 61, 90, 128, 64]

export async function scriptedBank(
  config: Pick<BankConfig, 'name' | 'messages' | 'mac'>,
  { port = 0, keys = {} }: { port?: number; keys?: Partial<Record<KeyUse, Uint8Array>> } = {},
): Promise<ScriptedBank> {
  const spec = specOf(config)
  const bank = {
    port,
    seen: [] as Message[],
    peers: [] as Peer[],
    falseMacs: [] as Message[],
    keys: { pin: keys.pin ?? keyNumber(1), mac: keys.mac ?? keyNumber(2) },
    script: (() => false) as ScriptedBank['script'],
    types: () => bank.seen.map(({ mti, fields }) => (fields[70] ? `${mti}/${fields[70]}` : mti)),
    async close() {
      for (const { socket } of bank.peers) socket.destroy()
      if (server.listening) await new Promise((resolve) => server.close(resolve))
    },
  }
  const mac = (block: Uint8Array) => macOf(bank.keys.mac, config.mac)(block)
  const written = (message: OutgoingMessage, how: 'true' | 'false' | 'none') => {
    const wrong = (block: Uint8Array) => mac(block).map((octet) => octet ^ 1)
    const encoded =
      isManagement(message) || how === 'none'
        ? encode(spec, message)
        : encodeWithMac(spec, message, how === 'true' ? mac : wrong)
    if (!encoded.ok) throw new Error(JSON.stringify(encoded.refusal))
    return frameMessage(spec.frame, encoded.value)
  }
  const responseTo = (request: Message, changes: Changes = {}): OutgoingMessage => ({
    header: request.header,
    mti: responseMtiOf(request.mti),
    fields: Object.fromEntries(
      Object.entries({ ...request.fields, 39: '00', ...changes }).filter(
        ([field, value]) =>
          value !== undefined && (Number(field) in changes || !onlyAsked.includes(Number(field))),
      ),
    ) as Message['fields'],
  })
  const bothKeys = () => {
    const [pinKey, macKey] = [wrapped(bank.keys.pin), wrapped(bank.keys.mac)]
    return writeBothKeys(spec, writeSignOnKeys({ pinKey, macKey }))
  }
  const standard = (message: Message, peer: Peer) => {
    if (message.mti[2] === '1' || message.mti[2] === '3') return
    const use = keyUseOf(message)
    if (textOf(message, 70) !== '101') return peer.answer(message)
    if (!use) return peer.answer(message, { 48: bothKeys() })
    peer.answer(message)
    peer.sendKey(use)
  }
  let pushed = 0
  const server = createServer((socket) => {
    const framer = createFramer(spec.frame)
    const peer: Peer = {
      socket,
      answer: (request, changes, how) =>
        void socket.write(written(responseTo(request, changes), how?.mac ?? 'true')),
      answerOctets: (request, changes) => written(responseTo(request, changes), 'true'),
      send: (message) => void socket.write(written(message, 'true')),
      sendKey(use) {
        pushed += 1
        peer.send({
          header: config.messages.header,
          mti: '0800',
          fields: {
            7: '0101000000',
            11: String(900_000 + pushed),
            48: writeKey(spec, wrapped(bank.keys[use])),
            53: securityControlOf(use, 16),
            70: '101',
          },
        })
      },
    }
    bank.peers.push(peer)
    socket.on('error', () => {})
    socket.on('data', (chunk) => {
      for (const octets of framer.push(chunk).messages) {
        const decoded = decode(spec, octets)
        if (!decoded.ok) throw new Error(JSON.stringify(decoded.refusal))
        bank.seen.push(decoded.value)
        if (!isManagement(decoded.value) && !macHolds(spec, octets, decoded.value, mac))
          bank.falseMacs.push(decoded.value)
        if (bank.script(decoded.value, peer) !== true) standard(decoded.value, peer)
      }
    })
  })
  server.listen(port, '127.0.0.1')
  await once(server, 'listening')
  bank.port = (server.address() as AddressInfo).port
  return bank
}
