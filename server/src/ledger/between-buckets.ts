/**
 * Transfers whose accounts live in different buckets. Each bucket balances by itself, so such a transfer
 * is two linked ones, as between two branches of a bank (内部往来): the bucket that gives owes it to the
 * other, the bucket that gets has it to get from the first.
 *
 *     bucket 3                                     bucket 41
 *     debit A          credit between-buckets:41   debit between-buckets:3   credit B
 *
 * Both halves have the transfer's id, are made in one transaction, and exist or are refused together.
 */
import type { Tx } from '../db/index.ts'
import { betweenBuckets } from './chart.ts'
import { executeTransfers, postTransfers } from './commands.ts'
import type { Facts } from './decide.ts'
import type { AccountRef, PlainTransfer, TransferCommand, TransferResult } from './transfer.ts'

/** Posted at once. Its id is unique in both buckets. */
export interface TransferBetweenBuckets extends Omit<PlainTransfer, 'kind' | 'bucket'> {
  readonly kind: 'between_buckets'
}

export type AnyTransfer = TransferCommand | TransferBetweenBuckets

/**
 * `executeTransfers` for lists that may go from bucket to bucket: one result per command, in order. Locks
 * are taken for the whole list by (bucket, name), so that A to B and B to A cannot wait for each other.
 */
export async function executeAcrossBuckets(
  tx: Tx,
  commands: readonly AnyTransfer[],
  now: number,
): Promise<TransferResult[]> {
  const halves = commands.map(halvesOf)
  return perCommand(halves, await executeTransfers(tx, halves.flat(), now))
}

/** The same with facts that were locked before, those of `accountsBetween` among them. */
export function postAcrossBuckets(
  tx: Tx,
  facts: Facts,
  commands: readonly AnyTransfer[],
  now: number,
): TransferResult[] {
  const halves = commands.map(halvesOf)
  return perCommand(halves, postTransfers(tx, facts, halves.flat(), now))
}

/** What a transfer from the one bucket to the other goes over, besides the two accounts it names. */
export const accountsBetween = (from: number, to: number): AccountRef[] =>
  from === to ? [] : [betweenBuckets(from, to), betweenBuckets(to, from)]

function perCommand(
  halves: readonly (readonly TransferCommand[])[],
  results: readonly TransferResult[],
): TransferResult[] {
  let at = 0
  return halves.map(({ length }) => {
    at += length
    return together(results.slice(at - length, at))
  })
}

function halvesOf(command: AnyTransfer): TransferCommand[] {
  if (command.kind !== 'between_buckets') return [command]
  const { debit, credit } = command
  if (debit.bucket === credit.bucket) return [half(command, debit, credit)]
  const [out, back] = [
    betweenBuckets(debit.bucket, credit.bucket),
    betweenBuckets(credit.bucket, debit.bucket),
  ]
  return [half(command, debit, out, true), half(command, back, credit)]
}

const half = (
  command: TransferBetweenBuckets,
  debit: AccountRef,
  credit: AccountRef,
  linked = command.linked ?? false,
): PlainTransfer => ({
  kind: 'transfer',
  id: command.id,
  bucket: debit.bucket,
  subject: command.subject,
  reason: command.reason,
  businessDate: command.businessDate,
  debit,
  credit,
  amount: command.amount,
  linked,
})

/** Of two halves the one that was refused for a reason of its own says why. */
function together(results: readonly TransferResult[]): TransferResult {
  const refused = results.filter((result) => !result.ok)
  const reason = refused.find((result) => result.refusal !== 'linked_transfer_failed')
  return reason ?? refused[0] ?? (results[0] as TransferResult)
}
