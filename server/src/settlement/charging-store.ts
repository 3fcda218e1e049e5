/** What charging files are made of, and what is remembered of those that were made. */
import type { Reader, Statement, Tx } from '../db/index.ts'
import type { BusinessDate } from '../kernel/index.ts'
import type { ChargingRow } from './charging-files.ts'
import { areaCodeOf } from './region.ts'

export interface ChargingDay {
  readonly carrier: string
  readonly date: BusinessDate
  /** The instants at which the day begins and ends. */
  readonly from: number
  readonly to: number
}

// Every condition is on columns that are written once, so that a day's rows never change: what was
// unknown at its end is found as such although it has been decided since. Its carrier's reference is
// left out, for it came with the decision.
const charges = `
  select p.carrier, p.source, p.billing, p.charge_id, p.carrier_ref, p.msisdn, p.region, p.merchant_id,
      p.product, p.amount, p.confirmed_at, p.charged_at as done_at,
      case when p.amount <= (
        select coalesce(sum(r.amount), 0) from refund r
        where r.bucket = p.bucket and r.payment_id = p.id and r.business_date = $1::date
      ) then 'reversed_same_day' else 'charged' end as outcome
    from payment p where p.business_date = $1::date
  union all
  select p.carrier, p.source, p.billing, p.charge_id, p.carrier_ref, p.msisdn, p.region, p.merchant_id,
      p.product, p.amount, p.confirmed_at, p.ended_at, 'reversed_same_day'
    from payment p where p.state = 'reversed' and p.ended_at >= $2::int8 and p.ended_at < $3::int8
  union all
  select p.carrier, p.source, p.billing, p.charge_id, null, p.msisdn, p.region, p.merchant_id,
      p.product, p.amount, p.confirmed_at, null, 'unknown'
    from payment p
    where p.unknown_since < $3::int8 and coalesce(p.business_date > $1::date,
      p.ended_at is null or p.ended_at >= $3::int8)`

const rowsStatement: Statement = {
  name: 'charging_file.rows',
  text: `select * from (${charges}) c
    where carrier = $4 and billing = 'postpaid' and source = 'phone_bill' and charge_id > $5 order by charge_id limit $6`,
}
const carriersStatement: Statement = {
  name: 'charging_file.carriers',
  text: `select distinct carrier from (${charges}) c
    where billing = 'postpaid' and source = 'phone_bill' order by carrier`,
}

interface Row {
  readonly charge_id: string
  readonly carrier_ref: string | null
  readonly msisdn: string
  readonly region: string
  readonly merchant_id: string
  readonly product: string
  readonly amount: bigint
  readonly confirmed_at: bigint
  readonly done_at: bigint | null
  readonly outcome: ChargingRow['state']
}

/** Rows of a closed day after a charge id, in the order of the ids. */
export async function chargingRows(
  reader: Reader,
  { carrier, date, from, to }: ChargingDay,
  { after, limit }: { readonly after: string; readonly limit: number },
): Promise<ChargingRow[]> {
  const rows = await reader.query<Row>(rowsStatement, [date, from, to, carrier, after, limit])
  return rows.map((row) => ({
    chargeId: row.charge_id,
    carrierRef: row.carrier_ref,
    msisdn: row.msisdn,
    areaCode: areaCodeOf(row.region) || null,
    merchantId: row.merchant_id,
    goods: row.product,
    feeType: 'per_use',
    informationFee: row.amount,
    communicationFee: 0n,
    requestedAt: Number(row.confirmed_at),
    doneAt: row.done_at === null ? null : Number(row.done_at),
    state: row.outcome,
  }))
}

/** The carriers that have something to be told of a day. */
export async function chargingCarriers(
  reader: Reader,
  { date, from, to }: Omit<ChargingDay, 'carrier'>,
): Promise<string[]> {
  const rows = await reader.query<{ carrier: string }>(carriersStatement, [date, from, to])
  return rows.map((row) => row.carrier)
}

export interface MadeChargingFile {
  readonly carrier: string
  readonly date: BusinessDate
  readonly number: number
  readonly rows: number
  readonly amount: bigint
  readonly sha256: string
  readonly madeAt: number
}

/** When the first file of a carrier's day was made; null when none was. */
export async function chargingMadeAt(
  reader: Reader,
  { carrier, date }: Pick<ChargingDay, 'carrier' | 'date'>,
): Promise<number | null> {
  const [row] = await reader.query<{ made_at: bigint }>(
    'select made_at from charging_file where carrier = $1 and date = $2::date order by number limit 1',
    [carrier, date],
  )
  return row ? Number(row.made_at) : null
}

/** Remembers the files unless they were made before; answers with what stands, in their order. */
export async function rememberChargingFiles(
  tx: Tx,
  files: readonly MadeChargingFile[],
): Promise<{ readonly sha256: string; readonly madeAt: number }[]> {
  const found: { sha256: string; madeAt: number }[] = []
  for (const { carrier, date, number, rows, amount, sha256, madeAt } of files) {
    await tx.query(
      `insert into charging_file (carrier, date, number, rows, amount, sha256, made_at)
        values ($1, $2::date, $3, $4, $5, $6, $7) on conflict do nothing`,
      [carrier, date, number, rows, amount, sha256, madeAt],
    )
    const [row] = await tx.query<{ sha256: string; made_at: bigint }>(
      `select sha256, made_at from charging_file
        where carrier = $1 and date = $2::date and number = $3`,
      [carrier, date, number],
    )
    found.push({ sha256: row?.sha256 ?? '', madeAt: Number(row?.made_at ?? 0n) })
  }
  return found
}
