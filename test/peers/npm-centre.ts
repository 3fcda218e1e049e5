/**
 * A small message centre on the npm package `smpp`. It keeps each text of a handset until some program
 * acknowledges it, hands texts out to the bound programs in turn, and sends delivery receipts.
 */
import type { AddressInfo } from 'node:net'
import smpp, { type Pdu, type Session } from 'smpp'
import type { Received } from './centre.ts'

export type NpmCentre = Awaited<ReturnType<typeof openNpmCentre>>

type Message = Readonly<Record<string, string | number>>

const receiptClass = 4
const delivered = 2

export async function openNpmCentre() {
  const sessions = new Set<Session>()
  const under = new Map<Message, Session>()
  const waiting: Message[] = []
  const received = new Map<string, Received[]>()
  const parts = new Map<string, string[]>()
  let turn = 0
  let ids = 0

  function pump(): void {
    while (sessions.size > 0) {
      const message = waiting.shift()
      if (!message) return
      turn += 1
      const session = [...sessions][turn % sessions.size]
      if (!session) return
      under.set(message, session)
      session.deliver_sm(message, ({ command_status }) => {
        if (under.get(message) !== session) return
        under.delete(message)
        if (command_status !== 0) setTimeout(() => add(message), 100)
      })
    }
  }
  function add(message: Message): void {
    waiting.push(message)
    pump()
  }
  function leave(session: Session): void {
    sessions.delete(session)
    for (const [message, holder] of under)
      if (holder === session) {
        under.delete(message)
        waiting.push(message)
      }
    pump()
  }
  function take(pdu: Pdu): string {
    ids += 1
    const id = `n${ids}`
    const text = wholeText(pdu, parts)
    const { source_addr: from, destination_addr: handset } = pdu
    if (text !== undefined)
      received.set(handset, [...(received.get(handset) ?? []), { from, text }])
    if (pdu.registered_delivery === 1) add(receiptOf(id, pdu))
    return id
  }

  const server = smpp.createServer((session) => {
    session.on('bind_transceiver', (pdu) => {
      session.send(pdu.response())
      sessions.add(session)
      pump()
    })
    session.on('enquire_link', (pdu) => session.send(pdu.response()))
    session.on('unbind', (pdu) => session.send(pdu.response()))
    session.on('submit_sm', (pdu) => session.send(pdu.response({ message_id: take(pdu) })))
    session.on('close', () => leave(session))
    session.on('error', () => leave(session))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    port: (server.address() as AddressInfo).port,
    bound: () => sessions.size,
    async send(from: string, to: string, text: string) {
      ids += 1
      const source = { source_addr: from, source_addr_ton: 1, source_addr_npi: 1 }
      add({ ...source, destination_addr: to, short_message: text })
    },
    received: (handset: string) => received.get(handset) ?? [],
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve())
        for (const session of sessions) session.destroy()
      }),
  }
}

/** Undefined while parts of a long text are missing (GSM 03.40 §9.2.3.24.1). */
function wholeText(pdu: Pdu, parts: Map<string, string[]>): string | undefined {
  const { message, udh } = pdu.short_message
  const header = udh?.find((element) => element[0] === 0)
  if (!header) return String(message)
  const [reference = 0, total = 1, part = 1] = header.subarray(2)
  const key = `${pdu.source_addr}|${pdu.destination_addr}|${reference}`
  const known = parts.get(key) ?? []
  known[part - 1] = String(message)
  parts.set(key, known)
  return known.filter((text) => text !== undefined).length === total ? known.join('') : undefined
}

const receiptOf = (id: string, pdu: Pdu): Message => ({
  esm_class: receiptClass,
  source_addr: pdu.destination_addr,
  source_addr_ton: 1,
  source_addr_npi: 1,
  destination_addr: pdu.source_addr,
  short_message: `id:${id} sub:001 dlvrd:001 submit date:2609121000 done date:2609121000 stat:DELIVRD err:000 text:`,
  receipted_message_id: id,
  message_state: delivered,
})
