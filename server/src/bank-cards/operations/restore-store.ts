/** What a database that came back from a backup must be told of operations at banks. */
import type { Tx } from '../../db/index.ts'

/**
 * A pay-out or refund that was not sent yet may have been sent after the backup, under an exchange that nobody
 * here knows: it is unknown, and is not sent. A debit that is begun is reversed as after any crash.
 */
export async function holdPushes(tx: Tx, now: number): Promise<bigint> {
  const [row] = await tx.query<{ count: bigint }>(
    `with held as (
       update bank_operation set state = 'unknown', detail = 'held_after_restore', changed_at = $1,
         sealed_payee = null
       where kind <> 'debit' and state = 'begun' returning bucket, id
     ), given_up as (
       update bank_exchange e set state = 'unanswered' from held
       where e.bucket = held.bucket and e.operation_id = held.id and e.state = 'begun'
     ), dropped as (
       delete from job j using held
       where j.bucket = held.bucket and j.topic = 'bank.operation' and j.subject = held.id::text
     )
     select count(*) as count from held`,
    [now],
  )
  return row?.count ?? 0n
}
