/** Whether the machines at the other end of our links can be reached (TCP, nothing is sent). */
import { connect } from 'node:net'
import type { Config } from '../../config/index.ts'
import { bad, type Finding, good, warning } from './finding.ts'

const patienceMs = 3_000

export async function checkLinks({ smsc, carrierUrl }: Config): Promise<Finding[]> {
  return Promise.all([
    smsc
      ? checkReach('SMSC', smsc.host, smsc.port, 'SMSC_URL')
      : warning('SMSC', 'no SMSC_URL', 'without it no texts are sent; the demo brings its own'),
    carrierUrl
      ? checkCarrier(new URL(carrierUrl))
      : warning('carrier', 'no CARRIER_URL', 'nothing can be charged; the demo brings its own'),
  ])
}

const checkCarrier = ({ hostname, port, protocol }: URL) =>
  checkReach(
    'carrier',
    hostname.replace(/^\[|\]$/g, ''),
    Number(port || (protocol === 'https:' ? 443 : 80)),
    'CARRIER_URL',
  )

async function checkReach(
  what: string,
  host: string,
  port: number,
  setting: string,
): Promise<Finding> {
  const trouble = await reach(host, port)
  return trouble === undefined
    ? good(what, `${host}:${port} accepts connections`)
    : bad(what, `${host}:${port}: ${trouble}`, `check ${setting}, the network and the firewall`)
}

/** What is in the way, or undefined. */
export const reach = (host: string, port: number): Promise<string | undefined> =>
  new Promise((resolve) => {
    const socket = connect({ host, port })
    const end = (trouble?: string) => {
      socket.destroy()
      resolve(trouble)
    }
    socket.setTimeout(patienceMs, () => end('no answer'))
    socket.once('connect', () => end())
    socket.once('error', (error: NodeJS.ErrnoException) => end(error.code ?? error.message))
  })
