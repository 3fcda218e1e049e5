/** Merchants' webhook endpoints, reached through the guarded client's port: deaf, slow, forgetful. */
import type { HttpClient, SendResult } from '../../server/src/channels/http-client/index.ts'
import type { Dice } from './dice.ts'
import type { EndpointFault } from './plan.ts'
import type { Life } from './storm.ts'
import type { VirtualTime } from './virtual-time.ts'

export interface Heard {
  readonly id: string
  readonly type: string
  readonly paymentId: string
  readonly body: string
}

export interface Endpoints {
  add(fault: EndpointFault): void
  clear(): void
  clientFor(life: Life): HttpClient
  /** Everything an endpoint took in, answered or not, oldest first. */
  readonly heard: readonly Heard[]
}

export function createEndpoints(options: {
  readonly time: VirtualTime
  readonly dice: Dice
  readonly struck: (kind: string) => void
  readonly note: (line: string) => void
}): Endpoints {
  const { time, dice, struck, note } = options
  const heard: Heard[] = []
  let faults: { fault: EndpointFault; until: number }[] = []

  async function take(url: string, body: string): Promise<SendResult> {
    const fault = faults.find(({ until }) => time.now() < until)?.fault
    const ms = dice.between(3, 400)
    await time.sleep(ms)
    if (fault) struck(fault.kind)
    if (fault?.kind === 'endpoint_dead') return { failed: 'connect_failed', ms }
    if (fault?.kind === 'endpoint_redirects') return { status: 302, body: '', ms }
    const { id, type, data } = JSON.parse(body) as Heard & { data: { paymentId: string } }
    heard.push({ id, type, paymentId: data.paymentId, body })
    note(`${url} hears ${type} of ${data.paymentId} as ${id}`)
    if (fault?.kind === 'endpoint_fails') return { status: 500, body: '', ms }
    if (fault?.kind === 'endpoint_hangs') {
      await time.sleep(15_000)
      return { failed: 'timed_out', ms: 15_000 }
    }
    if (fault?.kind === 'endpoint_answer_lost') return { failed: 'connection_lost', ms }
    return { status: 204, body: '', ms }
  }

  return {
    heard,
    add: (fault) => void faults.push({ fault, until: time.now() + fault.lastMs }),
    clear() {
      faults = []
    },
    clientFor: (life) => ({
      send: ({ url, body = '' }) =>
        life.isOver()
          ? Promise.resolve({ failed: 'connect_failed', ms: 0 } as const)
          : take(url, body),
      urlRefusal: () => null,
      close: async () => undefined,
    }),
  }
}
