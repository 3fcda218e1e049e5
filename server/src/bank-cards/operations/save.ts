/** Writes what an answer has made of an operation, its message and its job. The caller holds the row. */
import type { Tx } from '../../db/index.ts'
import { saveExchange } from './exchange-store.ts'
import { armOperation, cancelOperation } from './jobs.ts'
import { lockOperation, readOperation, saveOperation } from './operation-store.ts'
import type { Operation } from './record.ts'
import { checkMove, type Settlement, type Situation } from './settle.ts'
import type { OperationTools } from './tools.ts'

export interface Held {
  readonly operation: Operation
  /** Of a refund, locked before it: two refunds of one debit queue up. */
  readonly debit?: Operation
  /** Inserted in this transaction: nothing was sent for it. */
  readonly isNew?: boolean
}

export async function hold(tx: Tx, id: string): Promise<Held | undefined> {
  const found = await readOperation(tx, id)
  return found && holdKnown(tx, found)
}

/** What an operation gives back never changes, so whoever knows it need not read it before. */
export async function holdKnown(
  tx: Tx,
  { id, debitId }: Pick<Operation, 'id' | 'debitId'>,
): Promise<Held | undefined> {
  const debit = debitId === null ? undefined : await lockOperation(tx, debitId)
  const operation = await lockOperation(tx, id)
  return operation && { operation, ...(debit && { debit }) }
}

/** A job that is somebody's own try waits at least this long for the link to be repaired. */
const repairMs = 60_000

export async function save(
  tx: Tx,
  { log, onEffect }: Pick<OperationTools, 'log' | 'onEffect'>,
  {
    situation,
    debit,
    settlement,
    longestMs,
  }: {
    readonly situation: Situation
    readonly debit: Operation | undefined
    readonly settlement: Settlement
    readonly longestMs: number
  },
): Promise<Operation> {
  const { operation, sent, now } = situation
  const { effect, alarm, next } = settlement
  checkMove(operation, settlement.operation.state)
  const changed: Operation = { ...operation, ...settlement.operation }
  saveExchange(tx, { ...sent, ...settlement.sent })
  saveOperation(tx, changed, now)
  if (debit && settlesNothing(changed, settlement))
    saveOperation(tx, { ...debit, refunded: debit.refunded - changed.amount }, now)
  if (next) armOperation(tx, changed, next.who === 'worker' ? next.at : now + longestMs + repairMs)
  else cancelOperation(tx, changed)
  const { bank, cardToken, id } = changed
  const bankCode = settlement.operation.refusal?.code ?? ''
  if (effect) await onEffect?.(tx, { bank, cardToken, effect, at: sent.sentAt, bankCode })
  if (alarm !== undefined)
    tx.afterCommit(() => log.error({ bank, operation: id, alarm }, 'bank operation'))
  return changed
}

/** A refund that did not happen gives back what it had claimed of its debit. */
const settlesNothing = ({ state }: Operation, { sent }: Settlement) =>
  state === 'refused' || (state === 'begun' && sent.state === 'unsent')
