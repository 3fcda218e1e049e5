/** Brings an answer to the platform, or, when a fault strikes, brings it late, twice, broken or not. */
import type { MessageSpec } from '@telepurse/iso8583'
import { framed, type Signed } from './answer.ts'
import type { Later } from './contract.ts'
import type { Fault, FaultKind } from './fault.ts'

/** One link as the deliveries see it; what is written to a closed one is lost. */
export interface Line {
  write(octets: Uint8Array): void
  cut(): void
  /** Reads nothing more and stays open. */
  stall(): void
}

export interface Call {
  readonly line: Line
  readonly spec: MessageSpec
  /** Does what was asked and gives the answer. */
  readonly work: () => Signed
  /** An echo of the bank's own. */
  readonly echo: () => Signed
  readonly later: Later
  readonly die: () => void
  readonly scramble: (which: 'mac' | 'pin') => void
}

/** Without a fault: does it and answers. `work` knows itself what to refuse or to accept. */
export function deliver(call: Call, fault: Fault | undefined): void {
  if (fault) deliveries[fault.kind](call, fault)
  else send(call, call.work())
}

const lateMsOf = ({ lateMs = 10_000 }: Fault): number => lateMs
const plainly = (call: Call) => send(call, call.work())

const deliveries: Readonly<Record<FaultKind, (call: Call, fault: Fault) => void>> = {
  away: plainly,
  clock_off: plainly,
  refuses: plainly,
  accepts: plainly,
  lost_request: () => {},
  lost_answer(call) {
    call.work()
  },
  answers_late(call, fault) {
    const answer = call.work()
    call.later(lateMsOf(fault), () => send(call, answer))
  },
  works_late: (call, fault) => void call.later(lateMsOf(fault), () => plainly(call)),
  answers_twice(call) {
    const answer = call.work()
    send(call, answer)
    send(call, answer)
  },
  drops_link: (call) => call.line.cut(),
  approves_and_drops_link(call) {
    call.work()
    call.line.cut()
  },
  approves_and_dies(call) {
    call.work()
    call.die()
  },
  declines_after_approving(call, { code = '05' }) {
    const { message, ...signed } = call.work()
    send(call, { ...signed, message: { ...message, fields: { ...message.fields, 39: code } } })
  },
  wrong_mac(call) {
    const { message, mac } = call.work()
    send(call, { message, ...(mac && { mac: (block) => mac(block).map((octet) => octet ^ 0xff) }) })
  },
  other_stan(call) {
    const { message, ...signed } = call.work()
    const stan = String((Number(message.fields[11]) + 1) % 1_000_000).padStart(6, '0')
    send(call, { ...signed, message: { ...message, fields: { ...message.fields, 11: stan } } })
  },
  cut_length(call) {
    const octets = framed(call.spec, call.work())
    call.line.write(octets.subarray(call.spec.frame.lengthOctets / 2))
  },
  two_in_one(call) {
    const answer = framed(call.spec, call.work())
    call.line.write(Buffer.concat([answer, framed(call.spec, call.echo())]))
  },
  in_pieces(call) {
    const octets = framed(call.spec, call.work())
    for (const [index, octet] of octets.entries())
      call.later(index + 1, () => call.line.write(Uint8Array.of(octet)))
  },
  garbage(call) {
    const octets = framed(call.spec, call.work())
    // The length stays right: it is the message behind it that makes no sense.
    call.line.write(octets.fill(0xff, call.spec.frame.lengthOctets))
  },
  half_open: (call) => call.line.stall(),
  mac_key_out_of_step(call) {
    call.scramble('mac')
    plainly(call)
  },
  pin_key_out_of_step(call) {
    call.scramble('pin')
    plainly(call)
  },
}

const send = ({ line, spec }: Call, answer: Signed): void => line.write(framed(spec, answer))
