/** A page that follows something: server-sent events, one message whenever what is read has changed. */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'

export interface Following {
  /** What to show, as JSON by the name of its event: told when it differs from what was told last. Null ends it. */
  readonly read: () => Promise<Readonly<Record<string, string>> | null>
  /** Added to the text as it is told, without being a change by itself: the time. */
  readonly stamped?: (text: string) => string
  /** Calls back when it may have changed in this process; returns a function that stops it. */
  readonly subscribe: (changed: () => void) => () => void
  /** How often to look anyway: another process may have changed it. */
  readonly lookEveryMs: number
  /** At most one message in this time. */
  readonly quietMs: number
}

type Raw = FastifyReply['raw']

/** Proxies close what is silent for long. */
const aliveEveryMs = 15_000
/** A browser opens the stream again by itself; a forgotten one must not live for ever. */
const lifeMs = 30 * 60_000
/** How long a reader has to take what is on its way when the stream ends. */
const lastWordMs = 1_000

/** Streams never end by themselves: a server that closes must end them. */
const open = new WeakMap<object, Set<() => void>>()

export function endStreams(app: FastifyInstance): void {
  for (const end of open.get(app.server) ?? []) end()
}

export function follow(request: FastifyRequest, reply: FastifyReply, following: Following): void {
  reply.hijack()
  const { raw } = reply
  // The reader may be gone by now, and will then never say so again.
  if (raw.destroyed || raw.socket?.destroyed) return
  raw.writeHead(200, {
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-store',
    'x-accel-buffering': 'no',
  })
  if (request.method === 'HEAD') {
    raw.end()
    return
  }
  raw.flushHeaders()
  const watch = createWatch(raw, following)
  const end = () => endSoon(raw)
  const siblings = open.get(request.server.server) ?? new Set()
  open.set(request.server.server, siblings.add(end))
  const stop = following.subscribe(watch.changed)
  const timers = [
    setInterval(watch.look, following.lookEveryMs),
    setInterval(() => raw.writableNeedDrain || raw.write(': alive\n\n'), aliveEveryMs),
    setTimeout(end, lifeMs),
  ]
  raw.once('close', () => {
    stop()
    watch.stop()
    siblings.delete(end)
    for (const timer of timers) clearTimeout(timer)
  })
  watch.look()
}

/** A reader that takes nothing would keep the connection, and a closing server, for ever. */
function endSoon(raw: Raw): void {
  raw.end()
  const timer = setTimeout(() => raw.destroy(), lastWordMs)
  raw.once('close', () => clearTimeout(timer))
}

/** Reads one at a time and writes what is new. */
function createWatch(raw: Raw, { read, quietMs, stamped = (text) => text }: Following) {
  let last: Readonly<Record<string, string>> = {}
  let reading = false
  let again = false
  let quiet: NodeJS.Timeout | undefined

  async function readOnce(): Promise<void> {
    reading = true
    const now = await read().catch(() => last)
    reading = false
    if (raw.destroyed || raw.writableEnded) return
    if (now === null) return endSoon(raw)
    // A reader that does not keep up gets the newest state later instead of all of them now.
    if (!raw.writableNeedDrain) tell(now)
    if (!again) return
    again = false
    changed()
  }
  function tell(now: Readonly<Record<string, string>>): void {
    for (const [event, text] of Object.entries(now))
      if (text !== last[event]) raw.write(`event: ${event}\ndata: ${stamped(text)}\n\n`)
    last = now
  }
  function look(): void {
    if (reading) again = true
    else void readOnce()
  }
  function changed(): void {
    quiet ??= setTimeout(() => {
      quiet = undefined
      look()
    }, quietMs)
  }
  return { look, changed, stop: () => clearTimeout(quiet) }
}
