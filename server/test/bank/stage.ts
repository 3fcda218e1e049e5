/** A bank on the wire with a scripted peer at the other end, and time that stands still. */
import { type OutgoingMessage, textOf } from '@telepurse/iso8583'
import type { BankTotals, CutOver, LateAnswer } from '../../src/bank-cards/index.ts'
import { Secret } from '../../src/kernel/index.ts'
import {
  type BankConfig,
  type BankOptions,
  createStanSource,
  createWireBank,
  parseBankConfig,
} from '../../src/rails/bank/index.ts'
import { manualTiming } from './manual-timing.ts'
import { keyNumber, memoryKeys } from './memory-keys.ts'
import { scriptedBank } from './scripted-bank.ts'

/** 2026-02-05 10:22:41 in Shanghai, a Thursday. */
export const morning = Date.UTC(2026, 1, 5, 2, 22, 41)

export type Change = { [Key in keyof BankConfig]?: Partial<BankConfig[Key]> | BankConfig[Key] }

/** As a file would have it. */
export const plainConfig = {
  name: 'first_bank',
  acquirer: '14842763',
  forwarder: '14427900',
  receiver: '01020000',
  acceptor: { category: '6010', terminal: '88000001', id: '888800000000001', name: '营业厅' },
  connection: { host: '127.0.0.1', port: 1, answerMs: 30_000, waitMs: 60_000, echoMs: 60_000 },
  messages: {
    flavour: 'unionpay_host',
    header: { destination: '00010000', source: '14427900' },
    constants: { all: { 60: '00009600030000000000011' } },
  },
  mac: { algorithm: 'retail' },
  pin: { keptBy: 'bank' },
  breaker: { troublesMax: 1_000 },
}

export function configOf(change: Readonly<Record<string, unknown>> = {}): BankConfig {
  const merged = Object.fromEntries(
    Object.entries({ ...plainConfig, ...change }).map(([key, value]) => {
      const before = (plainConfig as Record<string, unknown>)[key]
      const both = isObject(before) && isObject(value) && !('keptBy' in value)
      return [key, both ? { ...before, ...value } : value]
    }),
  )
  const read = parseBankConfig(JSON.stringify(merged))
  if (!read.ok) throw new Error(read.refusal.join('\n'))
  return read.value
}

const isObject = (value: unknown): value is object =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

export const card = { pan: new Secret('6212142600000000167') }
export const pin = new Secret('123456')

const closers: (() => Promise<unknown> | unknown)[] = []
export async function closeStages() {
  for (const close of closers.splice(0).reverse()) await close()
}

export interface Given {
  readonly change?: Readonly<Record<string, unknown>>
  readonly options?: Partial<BankOptions>
  /** Without keys from the start, the link has to ask for them. */
  readonly keys?: 'none'
  readonly ready?: false
}

export async function stage(given: Given = {}) {
  const shape = configOf(given.change)
  const peer = await scriptedBank(shape)
  closers.push(() => peer.close())
  const config = { ...shape, connection: { ...shape.connection, port: peer.port } }
  const time = manualTiming(morning)
  const logged: string[] = []
  const late: LateAnswer[] = []
  const cutOvers: CutOver[] = []
  const totals: BankTotals[] = []
  const holding = given.keys === 'none' ? {} : { pin: keyNumber(1), mac: keyNumber(2) }
  const keys = memoryKeys(config.mac, holding)
  const options: BankOptions = {
    ...{ config, keys, clock: time.clock, timing: time.timing, stans: createStanSource() },
    random: (octets) => new Uint8Array(octets).fill(0xa5),
    handlers: {
      onLate: (answer) => late.push(answer),
      onCutOver: async (it) => void cutOvers.push(it),
      onTotals: async (it) => void totals.push(it),
    },
    log: (level, event, details) => logged.push(JSON.stringify([level, event, details])),
    files: { open: async () => undefined },
    ...given.options,
  }
  const bank = createWireBank(options)
  closers.push(async () => {
    const closing = bank.close()
    for (let i = 0; i < 200; i += 1) {
      time.advance(1_000)
      await turn()
    }
    await closing
  })
  bank.start()
  if (given.ready !== false) await bank.whenReady()
  return { bank, peer, config, time, logged, late, cutOvers, totals, keys, options }
}

export type Stage = Awaited<ReturnType<typeof stage>>

export const turn = () => new Promise((resolve) => setImmediate(resolve))

/** Waits for what sockets bring. */
export async function until(holds: () => boolean): Promise<void> {
  for (let turns = 0; !holds(); turns += 1) {
    if (turns > 500_000) throw new Error('what was waited for did not come')
    await turn()
  }
}

export const isPayment = (message: OutgoingMessage) => message.mti[1] !== '8'
export const stanOf = (message: OutgoingMessage) => Number(textOf(message, 11))

export const buy = ({ bank }: Pick<Stage, 'bank'>, amount = 123_00n) =>
  bank.purchase({ exchange: bank.begin(), card, amount, pin })
