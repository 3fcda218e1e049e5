/**
 * Program: an open load. Orders leave at their appointed instants whether earlier ones are answered or
 * not, each on a connection that is free, and the time of an answer counts from that instant. What is
 * refused gives its number back. Raw sockets and ready bytes, so that the load takes little processor.
 */
import { connect, type Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { numberAt, numberCount } from './numbers.ts'
import type { OpenRound, RoundOrder } from './overload-contract.ts'
import { serveOrders } from './processes.ts'
import { roundOf } from './samples.ts'

const connectionsMax = 4_000
/** A caller that has waited this long has gone. */
const patienceMs = 10_000
const tickMs = 2

interface Asked {
  readonly at: number
  readonly number: string
  /** An answer counts in the round of its order, also when it comes in the next one. */
  readonly round: Round
}

interface Round {
  readonly admitted: number[]
  readonly statuses: Record<string, number>
  unsent: number
  open: number
}

interface Line {
  readonly socket: Socket
  asked: Asked | undefined
  answer: string
}

const numbers = Array.from({ length: numberCount }, (_, index) => numberAt(index))
let nextNumber = 0
const free: Line[] = []
let lines = 0
let orders = 0

function ended({ round, ...asked }: Asked, status: string): void {
  round.open -= 1
  round.statuses[status] = (round.statuses[status] ?? 0) + 1
  if (status === '201') round.admitted.push(performance.now() - asked.at)
  if (status === '429' || status === '503') numbers.push(asked.number)
}

function openLine(url: URL): Line {
  const socket = connect(Number(url.port), url.hostname)
  const line: Line = { socket, asked: undefined, answer: '' }
  lines += 1
  socket.setNoDelay(true)
  socket.setEncoding('latin1')
  socket.on('data', (text: string) => {
    line.answer += text
    const body = line.answer.indexOf('\r\n\r\n') + 4
    if (body < 4) return
    const [, length = '0'] = /content-length: (\d+)/i.exec(line.answer) ?? []
    if (line.answer.length < body + Number(length)) return
    const status = line.answer.slice(9, 12)
    line.answer = ''
    if (line.asked) ended(line.asked, status)
    line.asked = undefined
    free.push(line)
  })
  socket.on('error', () => {})
  socket.on('close', () => {
    lines -= 1
    const at = free.indexOf(line)
    if (at >= 0) free.splice(at, 1)
    if (line.asked) ended(line.asked, 'lost')
  })
  return line
}

function send(url: URL, head: string, at: number, round: Round): void {
  const line = free.pop() ?? (lines < connectionsMax ? openLine(url) : undefined)
  const number = numbers[nextNumber]
  if (!line || number === undefined) {
    if (line) free.push(line)
    round.unsent += 1
    return
  }
  nextNumber += 1
  orders += 1
  const orderId = `O-${String(orders).padStart(10, '0')}`
  line.asked = { at, number, round }
  round.open += 1
  line.socket.write(
    `${head}{"msisdn":"${number}","product":"100","orderId":"${orderId}","consent":"none"}`,
  )
}

const bodyLength =
  '{"msisdn":"13800000000","product":"100","orderId":"O-0000000000","consent":"none"}'.length

/** Offers so many a second for so long, waits for what is open, and tells what became of it. */
async function runRound({
  url: address,
  apiKey,
  perSecond,
  seconds,
}: RoundOrder): Promise<OpenRound> {
  const url = new URL(address)
  const head = `POST /v1/payments HTTP/1.1\r\nhost: ${url.host}\r\ncontent-type: application/json\r\nauthorization: Bearer ${apiKey}\r\ncontent-length: ${bodyLength}\r\n\r\n`
  const round: Round = { admitted: [], statuses: {}, unsent: 0, open: 0 }
  const begun = performance.now()
  const offered = Math.floor(perSecond * seconds)
  for (let sent = 0; sent < offered; ) {
    const due = Math.min(offered, ((performance.now() - begun) / 1_000) * perSecond)
    for (; sent < due; sent += 1) send(url, head, begun + (sent / perSecond) * 1_000, round)
    await sleep(tickMs)
  }
  const inTime = round.admitted.length
  const took = (performance.now() - begun) / 1_000
  const until = performance.now() + patienceMs
  while (round.open > 0 && performance.now() < until) await sleep(10)
  const { statuses, unsent, open } = round
  const { p50Ms, p99Ms } = roundOf(round.admitted, took)
  return { offered, perSecond: inTime / took, p50Ms, p99Ms, statuses, unsent, unanswered: open }
}

serveOrders({ round: runRound })
