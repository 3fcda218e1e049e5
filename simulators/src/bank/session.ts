/**
 * One link from the platform: cuts the stream into messages and hands over the requests among them. A
 * stream that cannot be cut is closed; a message that cannot be read is left without an answer, as its
 * sender cannot be told which one it was.
 */
import type { Duplex } from 'node:stream'
import { createFramer, decode, type Message, type MessageSpec } from '@telepurse/iso8583'
import type { Line } from './delivery.ts'
import { isRequest } from './request.ts'

/** Answers waiting for a platform that does not read them. */
const unreadMax = 1_000_000

export interface SessionPorts {
  readonly spec: MessageSpec
  onRequest(line: Line, octets: Uint8Array, message: Message): void
  onClosed(line: Line): void
  readonly log: (event: string, details: Readonly<Record<string, string | number>>) => void
}

export function openSession(link: Duplex, ports: SessionPorts): Line {
  const { spec, log } = ports
  const framer = createFramer(spec.frame)
  let isStalled = false
  const line: Line = {
    write(octets) {
      if (link.destroyed || link.writableEnded) return
      if (link.writableLength > unreadMax) return void link.destroy()
      link.write(octets)
    },
    cut: () => void link.destroy(),
    stall() {
      isStalled = true
      link.pause()
    },
  }
  const take = (octets: Uint8Array) => {
    // What came behind a message that ended the link is lost with it.
    if (isStalled || link.destroyed) return
    const read = decode(spec, octets)
    if (!read.ok) return log('bank_message_unreadable', { refusal: read.refusal.code })
    if (isRequest(read.value)) ports.onRequest(line, octets, read.value)
  }
  link.on('data', (chunk: Uint8Array) => {
    const { messages, fault } = framer.push(chunk)
    for (const octets of messages) take(octets)
    if (!fault) return
    log('bank_stream_unreadable', { reason: fault.reason })
    link.destroy()
  })
  // A broken link is the same as a closed one, which follows it.
  link.on('error', () => {})
  link.on('end', () => link.end())
  link.on('close', () => ports.onClosed(line))
  return line
}
