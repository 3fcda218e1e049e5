/**
 * The one door for requests to addresses that others name: webhooks and notice sinks. A name is
 * resolved once, all its addresses are checked, and the connection goes to exactly those, so an
 * answer that changes between check and use has no effect. Redirects are not followed. Time and size
 * have limits, and every failure is a value with a reason.
 */
import { lookup } from 'node:dns/promises'
import { isIP, type LookupFunction } from 'node:net'
import { buildConnector, Pool } from 'undici'
import { isPublicAddress } from './address.ts'
import { failureOf, type SendFailure } from './failure.ts'
import {
  defaultTargets,
  type Target,
  type TargetPolicy,
  targetOf,
  type UrlRefusal,
} from './target.ts'

export interface SendRequest {
  readonly method: 'POST' | 'PUT' | 'GET'
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly body?: string
}

/** `ms` is the time it took. A redirect is an answer like any other. */
export type SendResult =
  | { readonly status: number; readonly body: string; readonly ms: number }
  | { readonly failed: SendFailure; readonly ms: number }

export interface HttpClient {
  /** Never throws; answers within the total time. */
  send(request: SendRequest): Promise<SendResult>
  /** What is wrong with a URL, as far as it alone tells; null when nothing is. */
  urlRefusal(url: string): UrlRefusal | null
  /** Ends all connections. */
  close(): Promise<void>
}

/** All addresses of a name. Throws an error with a `code` when it has none. */
export type Resolve = (host: string) => Promise<readonly string[]>

export interface HttpClientOptions extends Partial<TargetPolicy> {
  readonly resolve?: Resolve
  /** Which addresses a name may have; for tests, where every address is this machine's own. */
  readonly isPublic?: (address: string) => boolean
  readonly connectMs?: number
  readonly totalMs?: number
  readonly replyBytesMax?: number
}

/** Connections are kept a few seconds for the next request to the same addresses, and not too many. */
const keptMs = 4_000
const connectionsPerTargetMax = 16
const targetsMax = 256

export function createHttpClient(options: HttpClientOptions = {}): HttpClient {
  const { resolve = systemResolve, isPublic = isPublicAddress } = options
  const { connectMs = 5_000, totalMs = 15_000 } = options
  const replyBytesMax = options.replyBytesMax ?? 64 * 1024
  const policy = { ...defaultTargets, ...options }
  const pools = new Map<string, Pool>()

  async function addressesOf(target: Target): Promise<readonly string[]> {
    if (isIP(target.host) !== 0) return [target.host]
    const addresses = await resolve(target.host)
    if (addresses.length === 0) throw new Refused('name_not_found')
    // One private address among public ones is enough to refuse the name.
    if (!target.trusted && !addresses.every(isPublic)) throw new Refused('address_refused')
    return addresses
  }

  function poolFor({ url }: Target, addresses: readonly string[]): Pool {
    const key = `${url.origin} ${[...addresses].sort().join(' ')}`
    const known = pools.get(key)
    if (known) {
      // The map is kept in order of use, so that the first is the one longest not used.
      pools.delete(key)
      pools.set(key, known)
      return known
    }
    const pool = new Pool(url.origin, {
      connect: buildConnector({
        timeout: connectMs,
        lookup: pinned(addresses),
        autoSelectFamily: true,
      }),
      connections: connectionsPerTargetMax,
      keepAliveTimeout: keptMs,
      keepAliveMaxTimeout: keptMs,
      maxResponseSize: replyBytesMax,
    })
    pools.set(key, pool)
    for (const [oldest, old] of pools) {
      if (pools.size <= targetsMax) break
      pools.delete(oldest)
      void old.close().catch(() => undefined)
    }
    return pool
  }

  async function exchange(request: SendRequest, signal: AbortSignal) {
    const target = targetOf(request.url, policy)
    if (!target.ok) throw new Refused(target.refusal)
    const pool = poolFor(target.value, await within(signal, addressesOf(target.value)))
    const { url } = target.value
    const reply = await pool.request({
      path: url.pathname + url.search,
      method: request.method,
      headers: { 'user-agent': 'Telepurse', 'accept-encoding': 'identity', ...request.headers },
      body: request.body ?? null,
      signal,
    })
    return { status: reply.statusCode, body: await reply.body.text() }
  }

  return {
    async send(request) {
      const begun = performance.now()
      const msSince = () => Math.round(performance.now() - begun)
      const signal = AbortSignal.timeout(totalMs)
      try {
        return { ...(await exchange(request, signal)), ms: msSince() }
      } catch (error) {
        const failed = error instanceof Refused ? error.reason : failureOf(error)
        return { failed, ms: msSince() }
      }
    },
    urlRefusal(url) {
      const target = targetOf(url, policy)
      return target.ok ? null : target.refusal
    },
    async close() {
      await Promise.all([...pools.values()].map((pool) => pool.destroy()))
      pools.clear()
    },
  }
}

/** A request that we ourselves do not send. */
class Refused extends Error {
  readonly reason: SendFailure
  constructor(reason: SendFailure) {
    super(reason)
    this.reason = reason
  }
}

const systemResolve: Resolve = async (host) =>
  (await lookup(host, { all: true })).map(({ address }) => address)

/** Stands in the place of name resolution: whatever is asked, the checked addresses are answered. */
function pinned(addresses: readonly string[]): LookupFunction {
  const answers = addresses.map((address) => ({ address, family: isIP(address) }))
  return (_host, options, callback) => {
    const [first] = answers
    if (options.all) callback(null, answers)
    else callback(null, first?.address ?? '', first?.family)
  }
}

/** The value, or the signal's reason if that comes first. The work itself is left to end by itself. */
function within<Value>(signal: AbortSignal, work: Promise<Value>): Promise<Value> {
  return new Promise((resolve, reject) => {
    const stop = () => reject(signal.reason)
    signal.addEventListener('abort', stop, { once: true })
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', stop))
  })
}
