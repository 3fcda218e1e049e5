/** What bound cards leave to time: verifications nobody goes on with, and reminders of bills. */
import { createBillReminders, createBindingTimers } from '../bank-cards/index.ts'
import type { Worker } from '../db/index.ts'
import type { Core } from './core.ts'

type Parts = Pick<Core, 'db' | 'clock' | 'time' | 'log' | 'cards'>

export function cardWorkers({ db, clock, time, log, cards }: Parts): Worker[] {
  const onError = (error: unknown) => log.error({ err: error }, 'work on cards failed')
  return [
    createBindingTimers({ ...cards.bindingTools, onError }),
    createBillReminders({ db, clock, time, onError, tell: cards.tellBill }),
  ]
}
