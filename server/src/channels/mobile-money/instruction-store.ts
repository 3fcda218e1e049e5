/** The table `mobile_money_instruction`: all its SQL. */
import type { Reader, Tx } from '../../db/index.ts'
import { bucketOf, bucketOfId } from '../../kernel/index.ts'
import type { ErrorObject } from './errors.ts'
import type { Instruction, Kind, State } from './instruction.ts'

interface Row {
  readonly bucket: number
  readonly id: string
  readonly client_id: string
  readonly merchant_id: string
  readonly correlation_id: string
  readonly content_hash: string
  readonly kind: Kind
  readonly msisdn: string | null
  readonly body: Readonly<Record<string, unknown>>
  readonly agreed: boolean
  readonly test: boolean
  readonly callback_url: string | null
  readonly state: State
  readonly subject: string | null
  readonly error: ErrorObject | null
  readonly receipt: string | null
  readonly due_at: bigint | null
  readonly sealed_code: string | null
  readonly used_by: string | null
  readonly withdrawn_at: bigint | null
  readonly created_at: bigint
  readonly changed_at: bigint
}

const timeOf = (value: bigint | null) => (value === null ? null : Number(value))

const toInstruction = (row: Row): Instruction => ({
  id: row.id,
  bucket: row.bucket,
  clientId: row.client_id,
  merchantId: row.merchant_id,
  correlationId: row.correlation_id,
  contentHash: row.content_hash,
  kind: row.kind,
  msisdn: row.msisdn,
  body: row.body,
  agreed: row.agreed,
  test: row.test,
  callbackUrl: row.callback_url,
  state: row.state,
  subject: row.subject,
  error: row.error,
  receipt: row.receipt,
  dueAt: timeOf(row.due_at),
  sealedCode: row.sealed_code,
  usedBy: row.used_by,
  withdrawnAt: timeOf(row.withdrawn_at),
  createdAt: Number(row.created_at),
  changedAt: Number(row.changed_at),
})

const columns = `bucket, id, client_id, merchant_id, correlation_id, content_hash, kind, msisdn, body, agreed, test,
  callback_url, state, subject, error, receipt, due_at, sealed_code, used_by, withdrawn_at, created_at, changed_at`

export interface Correlation {
  readonly clientId: string
  readonly correlationId: string
}

/** Where a correlation id of a client lives. */
export const bucketOfCorrelation = ({ clientId, correlationId }: Correlation): number =>
  bucketOf(`${clientId} ${correlationId}`)

export interface NewInstruction extends Instruction {
  readonly claimedUntil: number
  readonly codeMac: string | null
}

/** False when the correlation id has one already. */
export async function insertInstruction(tx: Tx, made: NewInstruction): Promise<boolean> {
  const rows = await tx.query(
    `insert into mobile_money_instruction (bucket, id, client_id, merchant_id, correlation_id, content_hash, kind,
       msisdn, body, agreed, test, callback_url, state, claimed_until, code_mac, sealed_code, created_at, changed_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9::jsonb, $10, $11, $12, 'open', $13::int8, $14, $15, $16::int8, $16::int8)
     on conflict (bucket, client_id, correlation_id) do nothing returning id`,
    [
      ...[made.bucket, made.id, made.clientId, made.merchantId, made.correlationId],
      ...[made.contentHash, made.kind, made.msisdn, JSON.stringify(made.body), made.agreed],
      ...[made.test, made.callbackUrl, made.claimedUntil, made.codeMac, made.sealedCode],
      made.createdAt,
    ],
  )
  return rows.length === 1
}

export async function findByCorrelation(
  reader: Reader,
  correlation: Correlation,
): Promise<Instruction | undefined> {
  const [row] = await reader.query<Row>(
    {
      name: 'mobile_money.by_correlation',
      text: `select ${columns} from mobile_money_instruction
        where bucket = $1 and client_id = $2 and correlation_id = $3::uuid`,
    },
    [bucketOfCorrelation(correlation), correlation.clientId, correlation.correlationId],
  )
  return row && toInstruction(row)
}

/** Undefined also for what is no id of ours. */
export async function readInstruction(
  reader: Reader,
  id: string,
): Promise<Instruction | undefined> {
  const bucket = bucketOfId(id)
  if (bucket === undefined) return undefined
  const [row] = await reader.query<Row>(
    {
      name: 'mobile_money.by_id',
      text: `select ${columns} from mobile_money_instruction where bucket = $1 and id = $2::uuid`,
    },
    [bucket, id],
  )
  return row && toInstruction(row)
}

interface Claim {
  readonly now: number
  readonly until: number
}

/** Takes an open one for oneself; false when somebody has it, or it is open no more. */
export async function claimInstruction(
  tx: Tx,
  { bucket, id }: Pick<Instruction, 'bucket' | 'id'>,
  { now, until }: Claim,
): Promise<boolean> {
  const rows = await tx.query(
    `update mobile_money_instruction set claimed_until = $4::int8
     where bucket = $1 and id = $2 and state = 'open' and claimed_until <= $3::int8 returning id`,
    [bucket, id, now, until],
  )
  return rows.length === 1
}

/** What could not be done now may be taken up again at once. */
export async function releaseClaim(
  tx: Tx,
  { bucket, id }: Pick<Instruction, 'bucket' | 'id'>,
): Promise<void> {
  await tx.query(
    `update mobile_money_instruction set claimed_until = 0
     where bucket = $1 and id = $2 and state = 'open'`,
    [bucket, id],
  )
}

export interface Change {
  readonly from: readonly State[]
  readonly state: State
  readonly subject: string | null
  readonly error: ErrorObject | null
  readonly receipt: string | null
  readonly dueAt: number | null
  readonly now: number
}

/** False when it has moved on along another edge meanwhile. */
export async function moveInstruction(
  tx: Tx,
  { bucket, id }: Pick<Instruction, 'bucket' | 'id'>,
  { from, state, subject, error, receipt, dueAt, now }: Change,
): Promise<boolean> {
  const rows = await tx.query(
    `update mobile_money_instruction set state = $4, subject = coalesce($5::uuid, subject),
       error = $6::jsonb, due_at = $7::int8, changed_at = greatest(changed_at, $8::int8),
       receipt = $9
     where bucket = $1 and id = $2 and state = any(string_to_array($3, ' ')) returning id`,
    [
      ...[bucket, id, from.join(' '), state, subject],
      ...[error && JSON.stringify(error), dueAt, now, receipt],
    ],
  )
  return rows.length === 1
}

/** The code with this hash, in whatever state. */
export async function findCode(
  reader: Reader,
  { bucket, mac }: { readonly bucket: number; readonly mac: string },
): Promise<Instruction | undefined> {
  const [row] = await reader.query<Row>(
    `select ${columns} from mobile_money_instruction where bucket = $1 and code_mac = $2`,
    [bucket, mac],
  )
  return row && toInstruction(row)
}

interface Made {
  readonly msisdn: string
  readonly clientId: string
  readonly limit: number
}

/** What this client made with this customer's token, newest first. */
export async function madeOf(
  reader: Reader,
  kind: 'authorisationcode' | 'billpay',
  { msisdn, clientId, limit }: Made,
): Promise<Instruction[]> {
  const rows = await reader.query<Row>(
    `select ${columns} from mobile_money_instruction
     where kind = '${kind}' and msisdn = $1 and client_id = $2 and state <> 'open'
     order by created_at desc, id desc limit $3`,
    [msisdn, clientId, limit],
  )
  return rows.map(toInstruction)
}

/** A code is used by one instruction, for ever; true also for the one that has it already. */
export async function useCode(
  tx: Tx,
  { bucket, id }: Pick<Instruction, 'bucket' | 'id'>,
  { by, now }: { readonly by: string; readonly now: number },
): Promise<boolean> {
  const rows = await tx.query(
    `update mobile_money_instruction set used_by = $3::uuid
     where bucket = $1 and id = $2 and withdrawn_at is null
       and (used_by = $3::uuid or used_by is null and due_at > $4::int8) returning id`,
    [bucket, id, by, now],
  )
  return rows.length === 1
}

/** What was refused has not used it. */
export async function giveCodeBack(
  tx: Tx,
  { bucket, id }: Pick<Instruction, 'bucket' | 'id'>,
  by: string,
): Promise<void> {
  await tx.query(
    `update mobile_money_instruction set used_by = null
     where bucket = $1 and id = $2 and used_by = $3::uuid`,
    [bucket, id, by],
  )
}

/** Taken back by its maker; false when it was used before. */
export async function withdraw(
  tx: Tx,
  { bucket, id }: Pick<Instruction, 'bucket' | 'id'>,
  now: number,
): Promise<boolean> {
  const rows = await tx.query(
    `update mobile_money_instruction set withdrawn_at = coalesce(withdrawn_at, $3::int8)
     where bucket = $1 and id = $2 and used_by is null returning id`,
    [bucket, id, now],
  )
  return rows.length === 1
}

/** Whether the database answers. */
export const canRead = async (reader: Reader): Promise<boolean> =>
  (await reader.query('select 1')).length === 1
