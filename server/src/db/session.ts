/**
 * Connections and how they are lent. A session that broke is closed, never lent again. Everything is
 * checked before it is sent: once statements travel ahead of their answers, a mistake found here and
 * not by the server would let the rest of the transaction commit without it.
 */
import type { Writable } from 'node:stream'
import type { Pool, PoolClient, QueryConfig, QueryResult, QueryResultRow } from 'pg'
import { createGate, type Gate } from '../kernel/gate.ts'
import { breaksConnection, DatabaseBusy, isFatal } from './errors.ts'
import type { Log } from './log.ts'
import type { Database, Statement } from './tx.ts'

export interface Session {
  /** Sends at once; answers come in the order of sending. Throws at once what cannot be sent. */
  send(statement: Statement | string, values?: readonly unknown[]): Promise<QueryResult>
  /** Differs between two sessions that are open at one time. */
  readonly number: number
}

export interface Sessions {
  readonly engine: Database['engine']
  /** Throws DatabaseBusy when none comes free in time, or too many wait for one already. */
  lend<Value>(use: (session: Session) => Promise<Value>, how?: Borrowing): Promise<Value>
  close(): Promise<void>
}

export interface Borrowing {
  /** Waits for its statements as long as they take. */
  readonly patient?: boolean
  /** Only asks: it must leave sessions to those that write. */
  readonly reading?: boolean
}

export interface SessionOptions {
  readonly engine: Database['engine']
  readonly pool: Pool
  readonly log: Log
  readonly onFatal: (error: Error) => void
  /** A server or a network that gives no answer for this long is taken for dead. */
  readonly deadlineMs: number
  /** How long a borrower waits for a session. */
  readonly waitMs: number
  /** Called around every statement. */
  readonly watch?: { begin(): void; end(): void }
  /** Last words while the sessions still answer. */
  readonly beforeClose?: () => Promise<void>
  /** Ends what is below the pool. */
  readonly close?: () => Promise<void>
}

export function createSessions(options: SessionOptions): Sessions {
  const { pool, log, engine } = options
  const checkName = createNameGuard()
  const readers = createGate({ insideMax: readersMax(pool.options.max), waitingMax: borrowersMax })
  // Only the message: the driver hangs the whole client on this error.
  pool.on('error', ({ message }) => log.warn({ reason: message }, 'an idle connection was lost'))

  const lend: Sessions['lend'] = async (use, how) => {
    const watch = how?.patient ? undefined : options.watch
    const query_timeout = how?.patient || engine === 'pglite' ? 0 : options.deadlineMs
    const leave = how?.reading ? await enter(readers, options.waitMs) : undefined
    const client = await connect(pool).catch((error: unknown) => {
      leave?.()
      throw error
    })
    let broken: Error | undefined
    const onError = (error: Error) => {
      broken ??= error
      // PGlite has no connection that could be lost: this is the engine itself that fell over.
      if (engine === 'pglite') options.onFatal(error)
    }
    client.on('error', onError)
    const gather = engine === 'postgres' ? gatherer(client) : () => undefined
    const send = async (statement: Partial<Statement>, values: readonly unknown[]) => {
      watch?.begin()
      gather()
      try {
        const config = { ...statement, ...(values.length > 0 && { values }), query_timeout }
        return await client.query<QueryResultRow>(config as unknown as QueryConfig)
      } catch (error) {
        if (isFatal(error)) options.onFatal(error as Error)
        if (engine === 'postgres' && breaksConnection(error)) broken ??= error as Error
        throw error
      } finally {
        watch?.end()
      }
    }
    const session: Session = {
      number: numberOf(client),
      send(statement, values = []) {
        for (const value of values) checkValue(value)
        if (typeof statement !== 'string') checkName(statement)
        return send(typeof statement === 'string' ? { text: statement } : statement, values)
      },
    }
    try {
      return await use(session)
    } finally {
      client.off('error', onError)
      client.release(broken)
      leave?.()
    }
  }

  return {
    engine,
    lend,
    async close() {
      try {
        await options.beforeClose?.()
      } finally {
        await pool.end()
        await options.close?.()
      }
    },
  }
}

/**
 * A session is back in milliseconds, or something is wrong: whoever came behind so many would only wait
 * until it is too late, and is told so at once.
 */
const borrowersMax = 500

/** A fifth of the sessions is for those that write: a slow report must not hold up a payment. */
const readersMax = (sessions: number) => Math.max(1, sessions - Math.ceil(sessions * 0.2))

async function enter(readers: Gate, waitMs: number): Promise<() => void> {
  const leave = await readers.enter(waitMs)
  if (typeof leave === 'string') throw new DatabaseBusy(`readers of the database: ${leave}`)
  return leave
}

async function connect(pool: Pool): Promise<PoolClient> {
  if (pool.waitingCount >= borrowersMax)
    throw new DatabaseBusy(`${pool.waitingCount} wait for a database connection`)
  try {
    return await pool.connect()
  } catch (error) {
    if (error instanceof Error && error.message.startsWith('timeout exceeded'))
      throw new DatabaseBusy('no database connection came free in time', { cause: error })
    throw error
  }
}

/** A prepared statement outlives its use: one name with two texts would run the wrong one. */
function createNameGuard() {
  const texts = new Map<string, string>()
  return ({ name, text }: Statement) => {
    const known = texts.get(name)
    if (known === text) return
    if (known !== undefined)
      throw new Error(`two statements are called "${name}": give one another name`)
    texts.set(name, text)
  }
}

function checkValue(value: unknown): void {
  if (value === null || value instanceof Uint8Array) return
  if (['string', 'number', 'bigint', 'boolean'].includes(typeof value)) return
  throw new TypeError(
    'a parameter is a string, number, bigint, boolean, null or bytes; write arrays with db/array.ts and JSON with JSON.stringify',
  )
}

/** Statements sent in one turn of the event loop leave together: a system call costs more than most. */
function gatherer(client: PoolClient): () => void {
  const { stream } = (client as unknown as { readonly connection: { readonly stream: Writable } })
    .connection
  let gathering = false
  return () => {
    if (gathering) return
    gathering = true
    stream.cork()
    process.nextTick(() => {
      gathering = false
      stream.uncork()
    })
  }
}

const numberOf = (client: PoolClient) =>
  Number((client as unknown as { processID?: number | null }).processID ?? 0)
