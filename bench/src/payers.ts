/** Merchants that order payments over kept connections: each connection has one order under way. */
import { type Connection, openConnection } from './connection.ts'

export interface Payers {
  /** Orders a payment of the next number; gives the milliseconds until it was accepted. */
  pay(): Promise<number>
  close(): void
}

export async function openPayers(options: {
  readonly url: string
  readonly apiKey: string
  readonly customers: number
  readonly next: () => string
  /** The phone bill without it. */
  readonly source?: 'wallet'
}): Promise<Payers> {
  const { url, apiKey, customers, next, source } = options
  const consent = source ? `"source":"${source}"` : '"consent":"none"'
  const idle: Connection[] = await Promise.all(
    Array.from({ length: customers }, () => openConnection(url)),
  )
  const head = `POST /v1/payments HTTP/1.1\r\nhost: ${new URL(url).host}\r\nauthorization: Bearer ${apiKey}\r\nprefer: respond-async\r\ncontent-type: application/json\r\ncontent-length: `
  let orders = 0
  return {
    async pay() {
      const quiet = idle.pop()
      if (!quiet) throw new Error('more payers than connections')
      const connection = quiet.isOpen ? quiet : await openConnection(url)
      orders += 1
      const body = `{"msisdn":"${next()}","product":"100","orderId":"${source ? 'W' : 'B'}${customers}-${orders}",${consent}}`
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
