/** A TCP proxy before a server that can lose a connection at a chosen moment. */
import { connect, createServer, type Socket } from 'node:net'

export interface FaultyProxy {
  readonly port: number
  /** Cuts the next connection that sends `text`: before the server sees it, or before it answers. */
  cutAt(text: string, when: 'before' | 'after'): void
  close(): Promise<void>
}

export async function startFaultyProxy(target: {
  readonly host: string
  readonly port: number
}): Promise<FaultyProxy> {
  let fault: { readonly text: string; readonly when: 'before' | 'after' } | undefined
  const sockets = new Set<Socket>()

  const server = createServer((client) => {
    const upstream = connect(target.port, target.host)
    let deaf = false
    const cut = () => {
      client.destroy()
      upstream.destroy()
    }
    for (const socket of [client, upstream]) {
      sockets.add(socket)
      socket.on('error', cut)
      socket.on('close', () => {
        sockets.delete(socket)
        cut()
      })
    }
    client.on('data', (chunk) => {
      if (!fault || !chunk.includes(fault.text)) return void upstream.write(chunk)
      const { when } = fault
      fault = undefined
      if (when === 'before') return cut()
      deaf = true
      return void upstream.write(chunk)
    })
    upstream.on('data', (chunk) => {
      if (deaf) cut()
      else client.write(chunk)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  return {
    port: typeof address === 'object' && address ? address.port : 0,
    cutAt(text, when) {
      fault = { text, when }
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        for (const socket of sockets) socket.destroy()
      }),
  }
}
