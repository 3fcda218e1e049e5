/** What a database that came back from a backup must be told of movements. */
import type { Statement, Tx } from '../db/index.ts'

/**
 * What was to be sent to a bank before now may have been sent after the backup, and a bank does not know a
 * message that comes twice. So it is unknown, and is never sent: somebody compares it with the bank.
 */
export async function holdAsked(tx: Tx, now: number): Promise<bigint> {
  const [row] = await tx.query<{ count: bigint }>(hold, [now])
  return row?.count ?? 0n
}

const hold: Statement = {
  name: 'wallet_movement.hold_asked',
  text: `with held as (
      update wallet_movement
      set state = 'unknown', unknown_since = $1::int8, sealed_pin = null, sealed_payee = null,
        version = version + 1
      where state = 'requested' and send_at <= $1::int8
      returning bucket, id, version
    ), noted as (
      insert into wallet_event (bucket, subject, seq, type, state, at)
      select bucket, id, version, 'held_after_restore', 'unknown', $1::int8 from held
    )
    select count(*) as count from held`,
}
