/** The table `staff_act`: all its SQL. */
import type { Reader, Tx } from '../db/index.ts'
import type { Act, ActKind, ActState, ActWait } from './act.ts'

interface Row {
  readonly id: string
  readonly person: string
  readonly office: string
  readonly key: string
  readonly kind: ActKind
  readonly msisdn: string
  readonly content_mac: string
  readonly shown: Readonly<Record<string, string>>
  readonly amount: bigint | null
  readonly till: string | null
  readonly approval: string | null
  readonly state: ActState
  readonly waits_for: ActWait | null
  readonly refusal: string | null
  readonly result: Readonly<Record<string, string>> | null
  readonly voucher: string
  readonly began_at: bigint
  readonly ended_at: bigint | null
}

const columns = `id, person, office, key, kind, msisdn, content_mac, shown, amount, till, approval,
  state, waits_for, refusal, result, voucher, began_at, ended_at`

const actOf = (row: Row): Act => ({
  ...{ id: row.id, person: row.person, office: row.office, key: row.key, kind: row.kind },
  ...{ msisdn: row.msisdn, contentMac: row.content_mac, shown: row.shown, amount: row.amount },
  ...{ till: row.till, approval: row.approval, state: row.state, waitsFor: row.waits_for },
  ...{ refusal: row.refusal, result: row.result, voucher: row.voucher },
  beganAt: Number(row.began_at),
  endedAt: row.ended_at === null ? null : Number(row.ended_at),
})

export async function insertAct(tx: Tx, act: Act): Promise<void> {
  await tx.query(
    `insert into staff_act (id, person, office, key, kind, msisdn, content_mac, shown, amount, till,
       approval, state, result, voucher, began_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8::jsonb, $9::int8, $10, $11, 'begun', $12::jsonb, $13,
       $14::int8)`,
    [
      ...[act.id, act.person, act.office, act.key, act.kind, act.msisdn, act.contentMac],
      ...[JSON.stringify(act.shown), act.amount, act.till, act.approval],
      ...[act.result && JSON.stringify(act.result), act.voucher, act.beganAt],
    ],
  )
}

export async function findByKey(
  reader: Reader,
  { person, key }: { readonly person: string; readonly key: string },
): Promise<Act | undefined> {
  const [row] = await reader.query<Row>(
    `select ${columns} from staff_act where person = $1 and key = $2`,
    [person, key],
  )
  return row && actOf(row)
}

export async function lockAct(tx: Tx, id: string): Promise<Act | undefined> {
  const [row] = await tx.query<Row>(`select ${columns} from staff_act where id = $1 for update`, [
    id,
  ])
  return row && actOf(row)
}

export async function readAct(reader: Reader, id: string): Promise<Act | undefined> {
  const [row] = await reader.query<Row>(`select ${columns} from staff_act where id = $1`, [id])
  return row && actOf(row)
}

/** What may change of an act. The caller holds the row's lock. */
export async function saveAct(tx: Tx, act: Act): Promise<void> {
  await tx.query(
    `update staff_act set state = $2, waits_for = $3, refusal = $4, result = $5::jsonb,
       ended_at = $6::int8 where id = $1`,
    [
      ...[act.id, act.state, act.waitsFor, act.refusal],
      ...[act.result && JSON.stringify(act.result), act.endedAt],
    ],
  )
}

/** Newest first: of a person, or of everybody in an office. */
export async function actsOf(
  reader: Reader,
  of: {
    readonly office: string
    readonly person: string | null
    readonly onlyBegun: boolean
    readonly limit: number
  },
): Promise<Act[]> {
  const rows = await reader.query<Row>(
    `select ${columns} from staff_act
     where office = $1 and ($2::uuid is null or person = $2::uuid)
       and (not $3::boolean or state = 'begun')
     order by began_at desc, id desc limit $4`,
    [of.office, of.person, of.onlyBegun, of.limit],
  )
  return rows.map(actOf)
}
