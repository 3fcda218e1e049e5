/** Orders of money over kept connections: each connection has one order under way. */
import { type Connection, openConnection } from './connection.ts'

export interface Payers {
  /** Sends the next order; gives the milliseconds until it was accepted. */
  pay(): Promise<number>
  close(): void
}

export interface PayersOptions {
  readonly url: string
  readonly apiKey: string
  readonly customers: number
  readonly path?: string
  /** The n-th order, in JSON and in ASCII. */
  readonly order: (n: number) => string | Promise<string>
}

/** Payments of a merchant from the phone bill, or from wallets; `name` makes its order numbers its own. */
export const paymentOf =
  ({ next, name, source }: { next: () => string; name: string; source?: 'wallet' }) =>
  (n: number): string =>
    `{"msisdn":"${next()}","product":"100","orderId":"${name}-${n}",${source ? `"source":"${source}"` : '"consent":"none"'}}`

export async function openPayers(options: PayersOptions): Promise<Payers> {
  const { url, apiKey, customers, path = '/v1/payments', order } = options
  const idle: Connection[] = await Promise.all(
    Array.from({ length: customers }, () => openConnection(url)),
  )
  const head = `POST ${path} HTTP/1.1\r\nhost: ${new URL(url).host}\r\nauthorization: Bearer ${apiKey}\r\nprefer: respond-async\r\ncontent-type: application/json\r\ncontent-length: `
  let orders = 0
  return {
    async pay() {
      const quiet = idle.pop()
      if (!quiet) throw new Error('more payers than connections')
      const connection = quiet.isOpen ? quiet : await openConnection(url)
      orders += 1
      const body = await order(orders)
      const begun = performance.now()
      const answer = await connection.send(`${head}${body.length}\r\n\r\n${body}`)
      const took = performance.now() - begun
      idle.push(connection)
      if (answer.status >= 300) throw new Error(`not accepted: ${answer.status} ${answer.body}`)
      return took
    },
    close: () => idle.forEach((one) => one.close()),
  }
}
