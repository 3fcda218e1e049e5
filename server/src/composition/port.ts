/** Addresses in tokens and links name the port, so it is chosen before anything is made. */
import { createServer } from 'node:net'

/** `port` itself, or any free one for 0. */
export function choosePort(host: string, port: number): Promise<number> {
  if (port !== 0) return Promise.resolve(port)
  return new Promise((resolve, reject) => {
    const probe = createServer()
    probe.once('error', reject)
    probe.listen(0, host, () => {
      const address = probe.address()
      probe.close(() => resolve(typeof address === 'object' && address ? address.port : 0))
    })
  })
}
