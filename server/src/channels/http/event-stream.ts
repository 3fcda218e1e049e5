/** A page that follows something: server-sent events, one message whenever what is read has changed. */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'

export interface Following {
  readonly event: string
  /** What to show now, as JSON. */
  readonly read: () => Promise<string>
  /** Calls back when it may have changed in this process; returns a function that stops it. */
  readonly subscribe: (changed: () => void) => () => void
  /** How often to look anyway: another process may have changed it. */
  readonly lookEveryMs: number
  /** At most one message in this time. */
  readonly quietMs: number
}

/** Proxies close what is silent for long. */
const aliveEveryMs = 15_000
/** A browser opens the stream again by itself; a forgotten one must not live for ever. */
const lifeMs = 30 * 60_000

/** Streams never end by themselves: a server that closes must end them. */
const open = new WeakMap<object, Set<() => void>>()

export function endStreams(app: FastifyInstance): void {
  for (const end of open.get(app.server) ?? []) end()
}

export function follow(request: FastifyRequest, reply: FastifyReply, following: Following): void {
  reply.hijack()
  const { raw } = reply
  raw.writeHead(200, {
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-store',
    'x-accel-buffering': 'no',
  })
  let last = ''
  let reading = false
  let again = false
  let quiet: NodeJS.Timeout | undefined
  const look = async () => {
    if (reading) {
      again = true
      return
    }
    reading = true
    const text = await following.read().catch(() => last)
    reading = false
    if (raw.destroyed) return
    // A reader that does not keep up gets the newest state later instead of all of them now.
    if (text !== last && !raw.writableNeedDrain) {
      last = text
      raw.write(`event: ${following.event}\ndata: ${text}\n\n`)
    }
    if (again) {
      again = false
      changed()
    }
  }
  const changed = () => {
    quiet ??= setTimeout(() => {
      quiet = undefined
      void look()
    }, following.quietMs)
  }
  const stop = following.subscribe(changed)
  const siblings = open.get(request.server.server) ?? new Set()
  open.set(request.server.server, siblings)
  const end = () => raw.end()
  siblings.add(end)
  const timers = [
    setInterval(() => void look(), following.lookEveryMs),
    setInterval(() => raw.write(': alive\n\n'), aliveEveryMs),
    setTimeout(() => raw.end(), lifeMs),
  ]
  request.raw.once('close', () => {
    stop()
    siblings.delete(end)
    clearTimeout(quiet)
    for (const timer of timers) clearTimeout(timer)
    raw.end()
  })
  void look()
}
