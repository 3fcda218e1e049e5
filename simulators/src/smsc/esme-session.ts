/**
 * One connection of an ESME, seen from the centre: it binds, we answer its requests and send it
 * deliver_sm, a window at a time. A PDU that cannot be read ends it.
 */
import type { Socket } from 'node:net'
import {
  type BodyOf,
  commandStatus,
  createFramer,
  createPdu,
  createResponse,
  decodePdu,
  encodePdu,
  integerTlv,
  type Pdu,
  type PduOf,
  sequenceMax,
  type Tlv,
} from '@telepurse/sms'

export type BindMode = 'receiver' | 'transmitter' | 'transceiver'
type BindRequest = PduOf<`bind_${BindMode}`>

export interface EsmeSession {
  /** Undefined until bound. */
  mode(): BindMode | undefined
  /** deliver_sm sent and not yet answered. */
  outstanding(): number
  /** The command_status of the answer; or none, in time or before the connection ended. */
  deliver(body: Partial<BodyOf<'deliver_sm'>>, tlvs: readonly Tlv[]): Promise<DeliverAnswer>
  send(pdu: Pdu): void
  sendOctets(octets: Uint8Array): void
  destroy(): void
}
export type DeliverAnswer = number | 'timeout' | 'closed'

export interface EsmeSessionHandlers {
  /** ESME_ROK, or why not. */
  authenticate(bind: BindRequest): number
  onBound(session: EsmeSession): void
  /** Requests of a bound ESME that this session does not answer itself. */
  onRequest(session: EsmeSession, pdu: Pdu): void
  onClosed(session: EsmeSession): void
}

export interface EsmeSessionLimits {
  readonly deliverMs: number
  readonly enquireLinkMs: number
  readonly bindMs: number
}

const systemId = 'SMSC'

export function createEsmeSession(
  socket: Socket,
  limits: EsmeSessionLimits,
  handlers: EsmeSessionHandlers,
): EsmeSession {
  const framer = createFramer()
  const pending = new Map<number, (answer: DeliverAnswer) => void>()
  let mode: BindMode | undefined
  let sequence = 0
  let closed = false
  let asked = 0

  const send = (pdu: Pdu) => sendOctets(encodePdu(pdu))
  const sendOctets = (octets: Uint8Array) => void (closed || socket.write(octets))

  const destroy = () => {
    if (closed) return
    closed = true
    mode = undefined
    clearTimeout(bindTimer)
    clearInterval(watch)
    socket.destroySoon()
    for (const settle of [...pending.values()]) settle('closed')
    handlers.onClosed(session)
  }

  const deliver: EsmeSession['deliver'] = (body, tlvs) => {
    if (closed) return Promise.resolve('closed')
    sequence = (sequence % sequenceMax) + 1
    const number = sequence
    send(createPdu('deliver_sm', { sequence: number, body, tlvs }))
    return new Promise((resolve) => {
      const timer = setTimeout(() => settle('timeout'), limits.deliverMs)
      const settle = (answer: DeliverAnswer) => {
        clearTimeout(timer)
        pending.delete(number)
        resolve(answer)
      }
      pending.set(number, settle)
    })
  }

  const enquire = () => {
    // Two questions without a sign of life in between: the ESME is gone.
    if (asked >= 2) return destroy()
    asked += 1
    sequence = (sequence % sequenceMax) + 1
    send(createPdu('enquire_link', { sequence }))
  }

  const onBind = (pdu: BindRequest) => {
    const status = mode ? commandStatus.ESME_RALYBND : handlers.authenticate(pdu)
    const accepted = status === commandStatus.ESME_ROK
    if (accepted) mode = pdu.command.slice('bind_'.length) as BindMode
    const tlvs = accepted ? [integerTlv('sc_interface_version', 0x34)] : []
    send(createResponse(pdu, { status, body: { system_id: systemId }, tlvs }) as Pdu)
    if (!accepted) return destroy()
    clearTimeout(bindTimer)
    handlers.onBound(session)
  }

  const onPdu = (pdu: Pdu) => {
    switch (pdu.command) {
      case 'bind_receiver':
      case 'bind_transmitter':
      case 'bind_transceiver':
        return onBind(pdu)
      case 'enquire_link':
        return send(createResponse(pdu))
      case 'unbind':
        send(createResponse(pdu))
        return destroy()
      case 'deliver_sm_resp':
      case 'generic_nack':
        return pending.get(pdu.sequence)?.(pdu.status)
      case 'enquire_link_resp':
      case 'unbind_resp':
        return
      default:
        return handlers.onRequest(session, pdu)
    }
  }

  const onFrame = (frame: Uint8Array) => {
    const decoded = decodePdu(frame)
    if (decoded.ok) return onPdu(decoded.value)
    const { status, header, reason } = decoded.refusal
    send(createPdu('generic_nack', { sequence: header?.sequence ?? 0, status }))
    if (reason !== 'command_unknown') destroy()
  }

  socket.setNoDelay(true)
  socket.on('data', (chunk: Uint8Array) => {
    asked = 0
    const { frames, fault } = framer.push(chunk)
    for (const frame of frames) if (!closed) onFrame(frame)
    if (!fault) return
    send(createPdu('generic_nack', { sequence: 0, status: commandStatus.ESME_RINVCMDLEN }))
    destroy()
  })
  socket.on('error', destroy)
  socket.on('end', destroy)
  socket.on('close', destroy)
  const bindTimer = setTimeout(destroy, limits.bindMs)
  const watch = setInterval(enquire, limits.enquireLinkMs)
  const session: EsmeSession = {
    mode: () => mode,
    outstanding: () => pending.size,
    deliver,
    send,
    sendOctets,
    destroy,
  }
  return session
}
