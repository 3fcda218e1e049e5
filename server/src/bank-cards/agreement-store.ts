/** The table `bank_card_agreement`: all its SQL. */
import type { Reader, Tx } from '../db/index.ts'
import { assert, bucketOfId } from '../kernel/index.ts'
import type { AgreementRecord } from './agreement.ts'

interface Row {
  readonly id: string
  readonly binding_id: string
  readonly version: string
  readonly agreed_at: bigint
  readonly channel: string
  readonly clerk: string | null
  readonly voucher_no: string | null
}

const bucketOfBinding = (id: string): number => {
  const bucket = bucketOfId(id)
  assert(bucket !== undefined, 'a binding has an id of ours')
  return bucket
}

export async function insertAgreement(tx: Tx, one: AgreementRecord): Promise<void> {
  await tx.query(
    {
      name: 'bank_card_agreement.insert',
      text: `insert into bank_card_agreement (bucket, id, binding_id, version, agreed_at, channel, clerk,
          voucher_no) values ($1, $2, $3, $4, $5, $6, $7, $8)`,
    },
    [
      ...[bucketOfBinding(one.bindingId), one.id, one.bindingId, one.version, one.agreedAt],
      ...[one.channel, one.clerk, one.voucherNo],
    ],
  )
}

/** Oldest first. */
export async function readAgreements(
  reader: Reader,
  bindingId: string,
): Promise<AgreementRecord[]> {
  const rows = await reader.query<Row>(
    {
      name: 'bank_card_agreement.read',
      text: `select id, binding_id, version, agreed_at, channel, clerk, voucher_no
        from bank_card_agreement where bucket = $1 and binding_id = $2 order by id`,
    },
    [bucketOfBinding(bindingId), bindingId],
  )
  return rows.map((row) => ({
    ...{ id: row.id, bindingId: row.binding_id, version: row.version, channel: row.channel },
    ...{ agreedAt: Number(row.agreed_at), clerk: row.clerk, voucherNo: row.voucher_no },
  }))
}

/** Written once; false when the agreement has another voucher. */
export async function saveVoucher(
  tx: Tx,
  { id, bindingId }: Pick<AgreementRecord, 'id' | 'bindingId'>,
  voucherNo: string,
): Promise<boolean> {
  const rows = await tx.query(
    {
      name: 'bank_card_agreement.voucher',
      text: `update bank_card_agreement set voucher_no = $3
        where bucket = $1 and id = $2 and (voucher_no is null or voucher_no = $3) returning id`,
    },
    [bucketOfBinding(bindingId), id, voucherNo],
  )
  return rows.length > 0
}
