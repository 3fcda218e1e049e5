/** A merchant's web server for tests: it keeps what it was told and answers as it is told to. */
import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'

export interface Told {
  readonly path: string
  readonly headers: IncomingHttpHeaders
  readonly body: string
}

export type Behaviour = (response: ServerResponse, told: Told) => void

export const answering =
  (status: number): Behaviour =>
  (response) =>
    response.writeHead(status, status === 302 ? { location: 'http://169.254.169.254/' } : {}).end()

export const hanging: Behaviour = () => undefined
export const closing: Behaviour = (response) => response.destroy()
export const dripping: Behaviour = (response) => {
  response.writeHead(200)
  const drip = setInterval(() => response.write('x'), 20)
  response.on('close', () => clearInterval(drip))
}
export const flooding: Behaviour = (response) => {
  response.writeHead(200)
  const flood = setInterval(() => response.write(Buffer.alloc(64 * 1024)), 1)
  response.on('close', () => clearInterval(flood))
}

export interface SimulatedMerchant {
  readonly origin: string
  /** As `allowPrivate` of the client wants it. */
  readonly place: string
  readonly told: Told[]
  /** Answers for the next requests, one each; then `otherwise`. */
  readonly script: Behaviour[]
  otherwise: Behaviour
  close(): Promise<void>
}

export async function simulatedMerchant(): Promise<SimulatedMerchant> {
  const sockets = new Set<Socket>()
  const server = createServer((request, response) => {
    let body = ''
    request.setEncoding('utf8')
    request.on('data', (chunk: string) => {
      body += chunk
    })
    request.on('end', () => {
      const told = { path: request.url ?? '', headers: request.headers, body }
      merchant.told.push(told)
      const behaviour = merchant.script.shift() ?? merchant.otherwise
      behaviour(response, told)
    })
  })
  server.on('connection', (socket) => {
    sockets.add(socket)
    socket.on('error', () => undefined)
    socket.on('close', () => sockets.delete(socket))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const place = `127.0.0.1:${(server.address() as AddressInfo).port}`
  const merchant: SimulatedMerchant = {
    origin: `http://${place}`,
    place,
    told: [],
    script: [],
    otherwise: answering(200),
    async close() {
      for (const socket of sockets) socket.destroy()
      await new Promise((resolve) => server.close(resolve))
    },
  }
  return merchant
}
