/**
 * The two ways to reach the database. A `Reader` can only ask: its connection is read only, and
 * PostgreSQL refuses a write on it. A `Tx` is a transaction in progress; only it can write, and only
 * `Database.transact` makes one. `int8` always arrives as bigint, whichever engine is below.
 */
import type { Takers } from './takers.ts'

declare const transaction: unique symbol

export interface Statement {
  /** Unique for its text: the statement is prepared under it once a connection. */
  readonly name: string
  readonly text: string
}

export interface Reader {
  /** Values are strings, numbers, bigints, booleans, bytes or null; lists by `array.ts`, JSON as text. */
  query<Row = unknown>(statement: Statement | string, values?: readonly unknown[]): Promise<Row[]>
}

export interface Tx extends Reader {
  readonly [transaction]: true
  /**
   * Sends a write without waiting for it. The commit waits; if the write fails, the transaction fails.
   * Use it for the last writes of a transaction: they travel together with the commit.
   */
  write(statement: Statement | string, values?: readonly unknown[]): void
  /** Runs after the transaction has committed; never when it did not. */
  afterCommit(action: () => void): void
  readonly takers: Takers
}

/** The connection was lost in COMMIT: nobody knows whether the transaction is there. Look by id. */
export class OutcomeUnknown extends Error {
  override readonly name = 'OutcomeUnknown'
}

export interface Database extends Reader {
  /** PGlite runs in this process with one connection; PostgreSQL has several. */
  readonly engine: 'pglite' | 'postgres'
  /** The workers of this process, to which jobs go that are due when they are written. */
  readonly takers: Takers
  /**
   * Runs `work` in a read-write transaction. Throws what `work` throws, or OutcomeUnknown. After a
   * deadlock or a lock time-out it runs `work` again: it must do nothing outside of the transaction.
   */
  transact<Value>(work: (tx: Tx) => Promise<Value>): Promise<Value>
  /** Runs `work` in a read-only transaction that sees one instant (repeatable read). */
  snapshot<Value>(work: (reader: Reader) => Promise<Value>): Promise<Value>
  close(): Promise<void>
}
