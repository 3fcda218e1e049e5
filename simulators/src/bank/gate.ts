/** Where links come in: a port, and pairs of streams in the process. Shut, it cuts what is open. */
import { createServer, type Server } from 'node:net'
import { type Duplex, duplexPair } from 'node:stream'

export interface Gate {
  listen(address: { readonly host: string; readonly port: number }): Promise<{
    readonly host: string
    readonly port: number
  }>
  connect(): Duplex
  /** Cuts all links; the port stays open. */
  cut(): void
  /** Cuts all links and takes no new ones. */
  shut(): Promise<void>
  /** The same port again. */
  reopen(): Promise<void>
  links(): number
}

/** Links at once. */
const linksMax = 64

export function createGate(onLink: (link: Duplex) => void): Gate {
  const links = new Set<Duplex>()
  let server: Server | undefined
  let address: { host: string; port: number } | undefined
  let isShut = false
  const take = (link: Duplex) => {
    if (links.size >= linksMax) return void link.destroy()
    links.add(link)
    link.on('close', () => links.delete(link))
    onLink(link)
  }
  const open = async () => {
    if (server || !address) return
    const { host, port } = address
    const opened = createServer({ noDelay: true }, take)
    await new Promise<void>((resolve, reject) => {
      opened.once('error', reject)
      opened.listen(port, host, resolve)
    })
    const bound = opened.address()
    server = opened
    address = { host, port: typeof bound === 'object' && bound ? bound.port : port }
  }
  const cut = () => {
    for (const link of links) link.destroy()
  }
  return {
    async listen(given) {
      address = given
      await open()
      return address
    },
    connect() {
      const [theirs, ours] = duplexPair()
      // Unlike sockets, the two ends do not hear of each other's end by themselves.
      theirs.on('close', () => ours.destroy())
      ours.on('close', () => theirs.destroy())
      if (isShut)
        theirs.destroy(Object.assign(new Error('connection refused'), { code: 'ECONNREFUSED' }))
      else take(ours)
      return theirs
    },
    cut,
    async shut() {
      isShut = true
      cut()
      const closing = server
      server = undefined
      if (closing) await new Promise((resolve) => closing.close(resolve))
    },
    async reopen() {
      isShut = false
      await open()
    },
    links: () => links.size,
  }
}
