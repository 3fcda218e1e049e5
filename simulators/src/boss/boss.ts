/**
 * A carrier's billing system (BOSS) in one process: lines with money, charges on the phone bill, the
 * carrier protocol on a port of its own, and faults to order. Everything the platform must survive
 * at a carrier can be made to happen here.
 */
import { seededRandom } from '../seeded-random.ts'
import { type Billing, type BillingOptions, createBilling } from './billing.ts'
import { createCarrierServer } from './carrier-server.ts'
import { createFaultPlan, type Fault } from './fault.ts'
import type { NewLine } from './line.ts'

export interface BossOptions extends BillingOptions {
  /** The bearer token callers must show. */
  readonly token: string
  /** Lines opened at the start, unless the journal knows them already. */
  readonly lines?: readonly NewLine[]
  /** From 0 up to 1, for faults with a chance; seeded with 1 when absent. */
  readonly random?: () => number
}

export interface Boss extends Omit<Billing, 'close'> {
  /** Opens the port of the carrier protocol; 0 takes any free one. Gives its base URL. */
  listen(options?: { host?: string; port?: number }): Promise<{ port: number; url: string }>
  /** Adds a fault. `away` closes the port until the faults are cleared. */
  addFault(fault: Fault): Promise<void>
  /** Ends all faults; after `away` the same port opens again. */
  clearFaults(): Promise<void>
  faults(): readonly Fault[]
  /** Closes port and journal; nothing is answered after it. */
  close(): Promise<void>
}

/** A billing system with the state of its journal, not yet listening. Throws on a damaged journal. */
export function createBoss(options: BossOptions): Boss {
  const { token, lines = [], random = seededRandom(1) } = options
  const { close: closeBooks, ...billing } = createBilling(options)
  const plan = createFaultPlan(random)
  const server = createCarrierServer({ billing, faults: plan, token })
  let address: { host: string; port: number } | undefined
  let listening = false
  for (const line of lines) {
    const opened = billing.openLine(line)
    if (!opened.ok && opened.code !== 'line_exists')
      throw new Error(`a line of the simulator cannot be opened: ${opened.code}`)
  }
  // Opening and closing the port take time: each waits for the one before.
  let settled: Promise<unknown> = Promise.resolve()
  const inTurn = <Value>(task: () => Promise<Value>): Promise<Value> => {
    const result = settled.then(task)
    settled = result.catch(() => undefined)
    return result
  }
  const shut = async () => {
    if (listening) await server.close()
    listening = false
  }
  const open = async () => {
    if (listening || !address) return
    const port = await server.open(address.host, address.port)
    address = { ...address, port }
    listening = true
  }
  return {
    ...billing,
    listen: ({ host = '127.0.0.1', port = 0 } = {}) =>
      inTurn(async () => {
        address = { host, port }
        await open()
        return { port: address.port, url: `http://${host}:${address.port}` }
      }),
    async addFault(fault) {
      plan.add(fault)
      if (fault.kind === 'away') await inTurn(shut)
    },
    async clearFaults() {
      plan.clear()
      await inTurn(open)
    },
    faults: () => plan.list(),
    close: () =>
      inTurn(async () => {
        await shut()
        address = undefined
        closeBooks()
      }),
  }
}
