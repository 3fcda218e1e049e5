/** What a process has for people with the app, tills that read their codes and billers: put together by the server. */
import type { Dispatcher } from 'undici'
import type { AppOrders } from '../../server/src/channels/checkout/index.ts'
import { openBillers } from '../../server/src/composition/billers.ts'
import type { Cards, Parts } from '../../server/src/composition/cards.ts'
import { openScans } from '../../server/src/composition/scans.ts'
import { codeWorker } from '../../server/src/composition/sign-ins.ts'
import type { Worker } from '../../server/src/db/index.ts'
import type { Msisdn } from '../../server/src/kernel/index.ts'
import type { PaymentCodes } from '../../server/src/payment-codes/index.ts'
import type { Payments } from '../../server/src/payments/index.ts'
import { createHttpBiller } from '../../server/src/rails/biller/index.ts'
import type { BillerActTools } from '../../server/src/reconciliation/index.ts'
import type { SignIns } from '../../server/src/sign-ins/index.ts'
import type { Broken } from './mutants.ts'

export interface AppTools {
  readonly payments: Payments
  readonly cards: Cards
  readonly signIns: SignIns
  readonly codes: PaymentCodes
  readonly knowNumber: (msisdn: Msisdn) => Promise<void>
  readonly toBillers: Dispatcher
  readonly broken: Pick<Broken, 'biller' | 'scanned'>
}

/** What the app asks of a process. */
export interface App {
  readonly signIns: SignIns
  readonly codes: Pick<PaymentCodes, 'issue'>
  readonly orders: Pick<AppOrders, 'takeOn'>
  readonly billers: Pick<ReturnType<typeof openBillers>, 'inquire' | 'pay' | 'settled'>
  /** For those who resolve what differs with billers. */
  readonly acts: BillerActTools
}

export function openApp(parts: Parts, tools: AppTools) {
  const { cards, signIns, codes, knowNumber, toBillers, broken } = tools
  const payments = broken.scanned(tools.payments)
  const { scans, scanWorker } = openScans(parts, { codes, payments, cards })
  const billers = openBillers(parts, (options) => {
    const biller = createHttpBiller({ ...options, dispatcher: toBillers })
    return { ...biller, ...broken.biller(biller) }
  })
  const asked: Omit<App, 'orders'> = {
    ...{ signIns, codes, billers },
    acts: { time: parts.time, ids: parts.ids, billers },
  }
  let workers: Worker[] = []
  return {
    ...{ asked, scans },
    async start() {
      await billers.start()
      workers = [scanWorker(), codeWorker({ ...parts, knowNumber })]
    },
    async stop() {
      await Promise.all([billers.stop(), ...workers.map((worker) => worker.stop())])
    },
  }
}
