/** How callers reach the deployment: they wait so long, and ask again under the same key. */
import type { Payments } from '../../server/src/payments/index.ts'
import type { Deployment } from './deployment.ts'
import type { Dice } from './dice.ts'
import type { Answer, Process } from './process.ts'
import type { VirtualTime } from './virtual-time.ts'

const second = 1_000
/** How long a client waits for an answer, and how often it tries again without one. */
const patienceMs = 25 * second
const triesMax = 400
const laterMax = 15

export function createClients({
  time,
  deployment,
  keys,
}: {
  readonly time: VirtualTime
  readonly deployment: Deployment
  readonly keys: Readonly<Record<string, string>>
}) {
  const patiently = <Value>(work: Promise<Value>): Promise<Value | undefined> =>
    Promise.race([work.catch(() => undefined), time.sleep(patienceMs).then(() => undefined)])

  /** Asks until there is an answer; a 5xx, silence and a closed door are none. */
  async function insist(
    dice: Dice,
    ask: () => Promise<Answer> | undefined,
    isDisconnecting = false,
  ): Promise<Answer> {
    for (let attempt = 1; attempt < triesMax; attempt += 1) {
      const answer = await patiently(ask() ?? Promise.reject(new Error('no process is up')))
      const isLost = attempt === 1 && isDisconnecting
      // "Later" is an answer too for who has heard it for a while.
      const isLater = answer?.status === 429 && attempt < laterMax
      if (answer && answer.status < 500 && !isLater && !isLost) return answer
      await time.sleep(dice.between(500, Math.min(attempt, 20) * 6 * second))
    }
    throw new Error('no answer after all these tries')
  }
  const post =
    (
      url: string,
      body: unknown,
      headers: Readonly<Record<string, string>> = {},
      merchantId = '6021',
    ) =>
    () =>
      deployment.any()?.process.request('POST', url, {
        ...(url.startsWith('/v1') && { key: keys[merchantId] ?? '' }),
        body,
        headers,
      })
  const get = (url: string, merchantId: string) => () =>
    deployment.any()?.process.request('GET', url, { key: keys[merchantId] ?? '' })
  async function keepAsking<Value>(
    dice: Dice,
    ask: (process: Process) => Promise<Value>,
  ): Promise<Value | undefined> {
    for (let attempt = 1; attempt < 60; attempt += 1) {
      const running = deployment.any()
      const value = running && (await patiently(ask(running.process)))
      if (value !== undefined) return value
      await time.sleep(dice.between(1, 30) * second)
    }
    return undefined
  }

  const keepTrying = <Value>(dice: Dice, ask: (payments: Payments) => Promise<Value>) =>
    keepAsking(dice, ({ payments }) => ask(payments))

  return { insist, keepAsking, keepTrying, get, post }
}
