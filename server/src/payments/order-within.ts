/** Orders in the transaction of what leads to them, beside the lanes: the locks of the numbers keep them apart. */
import type { Database } from '../db/index.ts'
import { isOverMaximum } from '../risk/index.ts'
import type { Command, CommandResult } from './command.ts'
import { runCommands } from './commands.ts'
import type { BatchContext } from './load.ts'
import { createOrderNumbers } from './order-numbers.ts'
import type { Payment } from './payment.ts'
import type { AcceptedOrders, OrderWithin } from './payments.ts'

interface WithinTools {
  readonly db: Database
  readonly now: () => number
  readonly context: Omit<BatchContext, 'orderNumbers'>
  readonly refresh: () => Promise<unknown>
  /** Told which payments were made. */
  readonly changed: (paymentIds: readonly string[]) => void
}

/** For one transaction at a time, as order numbers are. */
export function createOrderWithin(tools: WithinTools): OrderWithin {
  const { db, now, refresh, changed } = tools
  const context: BatchContext = { ...tools.context, orderNumbers: createOrderNumbers() }
  return async (work) => {
    await refresh()
    const run = (isCounterLocked: boolean) =>
      db.transact((tx) =>
        work(tx, async (orders) => {
          const commands = orders.map(commandOf)
          const done = await runCommands(tx, { context, commands, now: now(), isCounterLocked })
          tx.afterCommit(() => changed(done.changed))
          return done.results.map(acceptedOf)
        }),
      )
    return run(false).catch((error: unknown) => {
      if (isOverMaximum(error)) return run(true)
      throw error
    })
  }
}

const commandOf = (order: Parameters<AcceptedOrders>[0][number]): Command => ({
  kind: 'order',
  msisdn: order.msisdn,
  order,
  ifKnown: true,
  ifAccepted: true,
})

const acceptedOf = (done: CommandResult): Payment | undefined =>
  done.kind === 'order' && done.result.ok ? done.result.value.payment : undefined
