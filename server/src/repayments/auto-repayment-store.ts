/** The table `bank_card_auto_repayment`: all its SQL. */
import type { Reader, Tx } from '../db/index.ts'
import { bucketOfId } from '../kernel/index.ts'
import type { AutoRepayment } from './auto-repayment.ts'

interface Row {
  readonly binding_id: string
  readonly amount: AutoRepayment['amount']
  readonly set_at: bigint
  readonly billed_on: string | null
  readonly step: number
}

export async function readAuto(
  reader: Reader,
  bindingId: string,
): Promise<AutoRepayment | undefined> {
  const [row] = await reader.query<Row>(
    {
      name: 'auto_repayment.read',
      text: `select binding_id, amount, set_at, billed_on, step from bank_card_auto_repayment
        where bucket = $1 and binding_id = $2`,
    },
    [bucketOfId(bindingId) ?? -1, bindingId],
  )
  return (
    row && {
      ...{ bindingId: row.binding_id, amount: row.amount, setAt: Number(row.set_at) },
      ...{ billedOn: row.billed_on, step: row.step },
    }
  )
}

/** What was chosen; what has come of the newest bill stays as it is. */
export const saveAuto = (tx: Tx, { bindingId, amount, setAt }: AutoRepayment): void =>
  tx.write(
    {
      name: 'auto_repayment.save',
      text: `insert into bank_card_auto_repayment (bucket, binding_id, amount, set_at, step)
        values ($1, $2, $3, $4, 0)
        on conflict (bucket, binding_id) do update set amount = excluded.amount, set_at = excluded.set_at`,
    },
    [bucketOfId(bindingId) ?? -1, bindingId, amount, setAt],
  )

/** How far the newest bill has come; nothing when the order was taken back meanwhile. */
export const saveStep = (
  tx: Tx,
  { bindingId, billedOn, step }: Pick<AutoRepayment, 'bindingId' | 'billedOn' | 'step'>,
): void =>
  tx.write(
    {
      name: 'auto_repayment.step',
      text: `update bank_card_auto_repayment set billed_on = $3, step = $4
        where bucket = $1 and binding_id = $2`,
    },
    [bucketOfId(bindingId) ?? -1, bindingId, billedOn, step],
  )

export const forgetAuto = (tx: Tx, bindingId: string): void =>
  tx.write(
    {
      name: 'auto_repayment.forget',
      text: 'delete from bank_card_auto_repayment where bucket = $1 and binding_id = $2',
    },
    [bucketOfId(bindingId) ?? -1, bindingId],
  )
