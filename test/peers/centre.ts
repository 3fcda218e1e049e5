/** A message centre as the tests see it, whoever made it: handsets that text, and what reaches them. */
import { createSmsc } from '@telepurse/simulators'
import { type NpmCentre, openNpmCentre } from './npm-centre.ts'

export interface Received {
  readonly from: string
  readonly text: string
}

export interface Centre {
  readonly url: string
  /** How many programs are bound. */
  bound(): number
  send(from: string, to: string, text: string): Promise<void>
  /** What a handset has received, oldest first. */
  received(handset: string): readonly Received[]
  close(): Promise<void>
}

const [user, password] = ['telepurs', 'secret'] as const
const urlAt = (port: number) => `smpp://${user}:${password}@127.0.0.1:${port}?window=10`

/** Ours. */
export async function openOwnCentre(): Promise<Centre> {
  const smsc = createSmsc({ port: 0, systemId: user, password, now: Date.now })
  const { port } = await smsc.listen()
  return {
    url: urlAt(port),
    bound: () => smsc.boundLinks(),
    async send(from, to, text) {
      await smsc.sendFromHandset({ from, to, text })
    },
    received: (handset) =>
      smsc
        .messages(handset)
        .filter(({ direction }) => direction === 'received')
        .map(({ peer, text }) => ({ from: peer, text })),
    close: () => smsc.stop(),
  }
}

/** On the npm package `smpp`: another implementation of the protocol. */
export async function openForeignCentre(): Promise<Centre> {
  const centre: NpmCentre = await openNpmCentre()
  return { ...centre, url: urlAt(centre.port) }
}
