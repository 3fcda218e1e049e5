/** What bound cards leave to time: verifications nobody goes on with, bills to be asked for, told and repaid. */
import { createBillReminders, createBindingTimers } from '../bank-cards/index.ts'
import type { Worker } from '../db/index.ts'
import { createAutoRepayments } from '../repayments/index.ts'
import { readRepaid } from '../wallet/index.ts'
import type { Core } from './core.ts'

type Parts = Pick<Core, 'db' | 'clock' | 'time' | 'log' | 'cards'>

export function cardWorkers({ db, clock, time, log, cards }: Parts): Worker[] {
  const onError = (error: unknown) => log.error({ err: error }, 'work on cards failed')
  const { bills, billAsking, bindings, repayments, wallet, tellBill, tellAuto } = cards
  return [
    createBindingTimers({ ...cards.bindingTools, onError }),
    billAsking.worker(onError),
    createBillReminders({
      ...{ db, clock, time, onError, tell: tellBill },
      repaid: async (reader, bill) => (await readRepaid(reader, [bill]))(bill),
    }),
    createAutoRepayments({
      ...{ db, clock, time, onError, bills, wallet, repayments, tell: tellAuto },
      ...{ asking: billAsking, find: bindings.find },
    }),
  ]
}
