/** The part of the npm package `smpp` (0.5.1, without types of its own) that the tests use. */
declare module 'smpp' {
  import type { Server } from 'node:net'

  export interface Pdu {
    readonly command_status: number
    readonly source_addr: string
    readonly destination_addr: string
    readonly registered_delivery: number
    readonly short_message: { readonly message: string | Buffer; readonly udh?: readonly Buffer[] }
    response(fields?: object): Pdu
  }

  export interface Session {
    on(event: string, listener: (pdu: Pdu) => void): this
    send(pdu: Pdu): void
    deliver_sm(fields: object, onAnswer: (answer: Pdu) => void): void
    destroy(): void
  }

  interface Smpp {
    createServer(onSession: (session: Session) => void): Server
  }

  const smpp: Smpp
  export default smpp
}
