/** The tables `merchant` and `merchant_application`: all their SQL. */
import type { Reader, Tx } from '../db/index.ts'
import type { Application } from './application.ts'
import type { Merchant } from './merchant.ts'

interface MerchantRow {
  id: string
  name_zh: string
  name_en: string
  site: string
  help_tel: string
  status: Merchant['status']
  fee_rate: number
  carrier_share: number
  settlement_period: Merchant['settlementPeriod']
  daily_cap: bigint
  refund_days: number
  direct_charge: boolean
  open_amount: OpenAmountJson | null
}

/** As kept in the column: amounts as strings, for JSON has no bigint. */
interface OpenAmountJson {
  min: string
  max: string
  step: string
  goods: { zh: string; en: string }
  delivery: 'none' | 'notify'
}

const columns = `id, name_zh, name_en, site, help_tel, status, fee_rate, carrier_share,
  settlement_period, daily_cap, refund_days, direct_charge, open_amount`

const toMerchant = (row: MerchantRow): Merchant => ({
  id: row.id,
  name: { zh: row.name_zh, en: row.name_en },
  site: row.site,
  helpTel: row.help_tel,
  status: row.status,
  feeRate: row.fee_rate,
  carrierShare: row.carrier_share,
  settlementPeriod: row.settlement_period,
  dailyCap: row.daily_cap,
  refundDays: row.refund_days,
  directCharge: row.direct_charge,
  openAmount: row.open_amount && {
    ...row.open_amount,
    min: BigInt(row.open_amount.min),
    max: BigInt(row.open_amount.max),
    step: BigInt(row.open_amount.step),
  },
})

const openAmountJson = (merchant: Merchant) =>
  merchant.openAmount &&
  JSON.stringify({
    min: merchant.openAmount.min.toString(),
    max: merchant.openAmount.max.toString(),
    step: merchant.openAmount.step.toString(),
    goods: merchant.openAmount.goods,
    delivery: merchant.openAmount.delivery,
  })

export async function readMerchants(reader: Reader): Promise<Merchant[]> {
  const rows = await reader.query<MerchantRow>(`select ${columns} from merchant order by id`)
  return rows.map(toMerchant)
}

export async function readMerchant(reader: Reader, id: string): Promise<Merchant | undefined> {
  const [row] = await reader.query<MerchantRow>(`select ${columns} from merchant where id = $1`, [
    id,
  ])
  return row && toMerchant(row)
}

/** The lowest number from 1000 that no merchant has or ever had; undefined when all are given. */
export async function lowestFreeNumber(reader: Reader): Promise<string | undefined> {
  const [row] = await reader.query<{ id: string }>(
    `select n::text as id from generate_series(1000, 9999) as n
     where not exists (select from merchant m where m.id = n::text) order by n limit 1`,
  )
  return row?.id
}

export async function insertMerchant(tx: Tx, merchant: Merchant, now: number): Promise<void> {
  await tx.query(
    `insert into merchant (${columns}, created_at, updated_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13::jsonb, $14::int8, $14::int8)`,
    [...valuesOf(merchant), now],
  )
}

export async function updateMerchant(tx: Tx, merchant: Merchant, now: number): Promise<void> {
  await tx.query(
    `update merchant set name_zh = $2, name_en = $3, site = $4, help_tel = $5, status = $6,
       fee_rate = $7, carrier_share = $8, settlement_period = $9, daily_cap = $10,
       refund_days = $11, direct_charge = $12, open_amount = $13::jsonb, updated_at = $14
     where id = $1`,
    [...valuesOf(merchant), now],
  )
}

const valuesOf = (merchant: Merchant) => [
  merchant.id,
  merchant.name.zh,
  merchant.name.en,
  merchant.site,
  merchant.helpTel,
  merchant.status,
  merchant.feeRate,
  merchant.carrierShare,
  merchant.settlementPeriod,
  merchant.dailyCap.toString(),
  merchant.refundDays,
  merchant.directCharge,
  openAmountJson(merchant),
]

interface ApplicationRow {
  id: string
  name_zh: string
  name_en: string
  site: string
  help_tel: string
  contact: string
  status: Application['status']
  merchant_id: string | null
  reason: string | null
  created_at: bigint
  decided_at: bigint | null
}

const toApplication = (row: ApplicationRow): Application => ({
  id: row.id,
  name: { zh: row.name_zh, en: row.name_en },
  site: row.site,
  helpTel: row.help_tel,
  contact: row.contact,
  status: row.status,
  merchantId: row.merchant_id,
  reason: row.reason,
  createdAt: Number(row.created_at),
  decidedAt: row.decided_at === null ? null : Number(row.decided_at),
})

export async function insertApplication(tx: Tx, application: Application): Promise<void> {
  await tx.query(
    `insert into merchant_application
       (id, name_zh, name_en, site, help_tel, contact, status, created_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8)`,
    [
      application.id,
      application.name.zh,
      application.name.en,
      application.site,
      application.helpTel,
      application.contact,
      application.status,
      application.createdAt,
    ],
  )
}

/** Locks the row: of two decisions on one application the second sees the first. */
export async function lockApplication(tx: Tx, id: string): Promise<Application | undefined> {
  const [row] = await tx.query<ApplicationRow>(
    'select * from merchant_application where id = $1 for update',
    [id],
  )
  return row && toApplication(row)
}

export async function saveDecision(tx: Tx, application: Application): Promise<void> {
  await tx.query(
    `update merchant_application set status = $2, merchant_id = $3, reason = $4, decided_at = $5
     where id = $1`,
    [
      application.id,
      application.status,
      application.merchantId,
      application.reason,
      application.decidedAt,
    ],
  )
}

/** Newest first; `before` is the id of the last one of the page before. */
export async function listApplications(
  reader: Reader,
  filter: {
    readonly status: Application['status'] | null
    readonly before: string | null
    readonly limit: number
  },
): Promise<Application[]> {
  const rows = await reader.query<ApplicationRow>(
    `select * from merchant_application
     where ($1::text is null or status = $1) and ($2::uuid is null or id < $2::uuid)
     order by id desc limit $3`,
    [filter.status, filter.before, filter.limit],
  )
  return rows.map(toApplication)
}
