/** The table `kept_pin`: all its SQL. */
import type { Reader, Tx } from '../../db/index.ts'
import { assert, bucketOfId } from '../../kernel/index.ts'

function keyOf(paymentId: string): readonly [bucket: number, id: string] {
  const bucket = bucketOfId(paymentId)
  assert(bucket !== undefined, 'a payment has an id of ours')
  return [bucket, paymentId]
}

/** A later answer takes the place of an earlier one. */
export function insertPin(
  tx: Tx,
  { paymentId, sealed, at }: { paymentId: string; sealed: string; at: number },
): void {
  tx.write(
    `insert into kept_pin (bucket, payment_id, sealed, kept_at) values ($1, $2, $3, $4)
      on conflict (bucket, payment_id) do update
        set sealed = excluded.sealed, kept_at = excluded.kept_at`,
    [...keyOf(paymentId), sealed, at],
  )
}

export async function readPin(reader: Reader, paymentId: string): Promise<string | undefined> {
  const [row] = await reader.query<{ sealed: string }>(
    'select sealed from kept_pin where bucket = $1 and payment_id = $2',
    keyOf(paymentId),
  )
  return row?.sealed
}

export function deletePin(tx: Tx, paymentId: string): void {
  tx.write('delete from kept_pin where bucket = $1 and payment_id = $2', keyOf(paymentId))
}

export function deletePinsBefore(tx: Tx, at: number): void {
  tx.write('delete from kept_pin where kept_at < $1', [at])
}
