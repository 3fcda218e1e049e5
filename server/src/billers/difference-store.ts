/** The table `biller_difference`: what is found with a day, and what people make of it. */
import { int8s, type Reader, type Tx, texts } from '../db/index.ts'
import type { Difference, DifferenceKind, FoundDifference } from './difference.ts'

interface Row
  extends Pick<Difference, 'biller' | 'day' | 'kind' | 'ours' | 'theirs' | 'resolution'> {
  readonly id: bigint
  readonly bill_id: string
  readonly receipt_no: string | null
  readonly found_at: bigint
  readonly resolved_at: bigint | null
}

const columns = `id, biller, day, kind, bill_id, ours, theirs, receipt_no, found_at, resolution,
  resolved_at`

const differenceOf = ({ bill_id, receipt_no, found_at, resolved_at, ...row }: Row): Difference => ({
  ...row,
  id: String(row.id),
  billId: bill_id,
  receiptNo: receipt_no,
  foundAt: Number(found_at),
  resolvedAt: resolved_at === null ? null : Number(resolved_at),
})

export function saveFound(tx: Tx, found: readonly FoundDifference[]): void {
  if (found.length === 0) return
  tx.write(
    {
      name: 'biller_difference.insert',
      text: `insert into biller_difference
          (biller, day, kind, bill_id, ours, theirs, receipt_no, found_at)
        select * from unnest($1::text[], $2::date[], $3::text[], $4::text[], $5::text[],
          $6::text[], $7::text[], $8::int8[]) on conflict do nothing`,
    },
    [
      texts(found.map(({ biller }) => biller)),
      texts(found.map(({ day }) => day)),
      texts(found.map(({ kind }) => kind)),
      texts(found.map(({ billId }) => billId)),
      texts(found.map(({ ours }) => ours)),
      texts(found.map(({ theirs }) => theirs)),
      texts(found.map(({ receiptNo }) => receiptNo)),
      int8s(found.map(({ foundAt }) => foundAt)),
    ],
  )
}

/** Bills that a biller does not have, or with another amount: as long as nobody has settled that, or ever. */
export async function disputedBills(
  reader: Reader,
  biller: string,
  since: 'now' | 'ever',
): Promise<string[]> {
  const rows = await reader.query<{ id: string }>(
    `select bill_id as id from biller_difference
      where biller = $1 and kind in ('missing_there', 'amount') and (resolution is null or $2)`,
    [biller, since === 'ever'],
  )
  return rows.map(({ id }) => id)
}

export interface DifferenceFilter {
  readonly biller: string | null
  readonly day: string | null
  readonly kind: DifferenceKind | null
  readonly isResolved: boolean | null
  readonly before: string | null
  readonly limit: number
}

/** Newest first; `before` is the id of the last one of the page before. */
export async function searchBillerDifferences(
  reader: Reader,
  { biller, day, kind, isResolved, before, limit }: DifferenceFilter,
): Promise<Difference[]> {
  const rows = await reader.query<Row>(
    `select ${columns} from biller_difference
     where ($1::text is null or biller = $1) and ($2::date is null or day = $2::date)
       and ($3::text is null or kind = $3)
       and ($4::boolean is null or (resolution is not null) = $4)
       and ($5::int8 is null or id < $5::int8)
     order by id desc limit $6`,
    [biller, day, kind, isResolved, before, limit],
  )
  return rows.map(differenceOf)
}

export async function findBillerDifference(
  reader: Reader,
  id: string,
): Promise<Difference | undefined> {
  const [row] = await reader.query<Row>(
    `select ${columns} from biller_difference where id = $1::int8`,
    [id],
  )
  return row && differenceOf(row)
}

export async function lockBillerDifference(tx: Tx, id: string): Promise<Difference | undefined> {
  const [row] = await tx.query<Row>(
    `select ${columns} from biller_difference where id = $1::int8 for update`,
    [id],
  )
  return row && differenceOf(row)
}

/** The caller holds the row's lock. */
export async function resolveBillerDifference(
  tx: Tx,
  { id, resolution, resolvedAt }: Pick<Difference, 'id' | 'resolution' | 'resolvedAt'>,
): Promise<void> {
  await tx.query(
    'update biller_difference set resolution = $2, resolved_at = $3::int8 where id = $1::int8',
    [id, resolution, resolvedAt],
  )
}
