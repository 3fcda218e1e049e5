/**
 * What an error of the database says about the transaction, the connection and the machine. Nothing
 * here is ever an answer to a customer: a broken database is not a declined purchase.
 */

import { OutcomeUnknown } from './tx.ts'

/** No connection came free in time: too much is asked of the database. Answer 503. */
export class DatabaseBusy extends Error {
  override readonly name = 'DatabaseBusy'
}

/** The disk is nearly full: nothing new is begun. Answer 503. */
export class DiskLow extends Error {
  override readonly name = 'DiskLow'
}

/** The SQLSTATE of an error that the database itself answered; undefined for all other errors. */
export function sqlStateOf(error: unknown): string | undefined {
  const { code, severity } = Object(error) as { code?: unknown; severity?: unknown }
  return typeof code === 'string' && typeof severity === 'string' ? code : undefined
}

const severityOf = (error: unknown) => (Object(error) as { severity?: unknown }).severity

/** The same transaction may succeed when it is run again: serialization, deadlock, lock time-out. */
export const isTransient = (error: unknown): boolean =>
  ['40001', '40P01', '55P03'].includes(sqlStateOf(error) ?? '')

/** A statement after the one that failed: says nothing, look for the first failure. */
export const isAftermath = (error: unknown): boolean => sqlStateOf(error) === '25P02'

/** The connection cannot be used again: it is closed, or its prepared statements went stale. */
export function breaksConnection(error: unknown): boolean {
  const state = sqlStateOf(error)
  if (state === undefined || ['FATAL', 'PANIC'].includes(String(severityOf(error)))) return true
  return state === '26000' || (state === '0A000' && String(error).includes('cached plan'))
}

/**
 * An error in answer to COMMIT that proves a rollback: a constraint or a serialization failure.
 * After any other, among them a lost connection, the transaction may be there.
 */
export function provesRollback(error: unknown): boolean {
  const state = sqlStateOf(error)
  if (state === undefined || severityOf(error) !== 'ERROR') return false
  return state.startsWith('23') || (state.startsWith('40') && state !== '40003')
}

/**
 * The database is away, stopping or out of something. Running the same thing again in smaller pieces
 * would not help, and says nothing against what was asked.
 */
export function isOutage(error: unknown): boolean {
  if (error instanceof DatabaseBusy || error instanceof DiskLow) return true
  if (error instanceof OutcomeUnknown) return true
  const state = sqlStateOf(error)
  if (state !== undefined) return ['08', '53', '57', '58', 'XX'].includes(state.slice(0, 2))
  const { code, message } = Object(error) as { code?: unknown; message?: unknown }
  return (
    /^E(CONN|PIPE|TIMEDOUT|HOST|NET|NOTFOUND|AI_)/.test(String(code)) ||
    /^(Connection terminated|Client (has|was)|Query read timeout|timeout e)/.test(String(message))
  )
}

/**
 * Disk full, input/output error, corruption: the process must end and start again, because what the
 * server does next is not defined (PGlite never answers again after a full disk).
 */
export const isFatal = (error: unknown): boolean =>
  ['53100', '58030', 'XX000', 'XX001', 'XX002'].includes(sqlStateOf(error) ?? '')
