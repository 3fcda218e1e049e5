/** The table `bank_card`: all its SQL. */
import { int8s, type Reader, type Tx, texts, uuids } from '../db/index.ts'
import { bucketOf, bucketOfId, type Msisdn } from '../kernel/index.ts'
import { type CardBinding, holdingStates } from './binding.ts'

interface Row {
  readonly id: string
  readonly msisdn: string
  readonly identity_id: string
  readonly bank: string
  readonly kind: CardBinding['kind']
  readonly card_token: string
  readonly next_token: string | null
  readonly first6: string
  readonly last4: string
  readonly mobile: string
  readonly state: CardBinding['state']
  readonly reason: CardBinding['reason']
  readonly agreement_no: string | null
  readonly round: number
  readonly busy_until: bigint | null
  readonly code_sent_at: bigint | null
  readonly code_tries: number
  readonly wrong_pins: number
  readonly wrong_pins_since: bigint | null
  readonly locked_until: bigint | null
  readonly preferred_at: bigint | null
  readonly created_at: bigint
  readonly updated_at: bigint
  readonly bound_at: bigint | null
  readonly verified_at: bigint | null
  readonly ended_at: bigint | null
}

const columns = `id, msisdn, identity_id, bank, kind, card_token, next_token, first6, last4, mobile, state,
  reason, agreement_no, round, busy_until, code_sent_at, code_tries, wrong_pins, wrong_pins_since,
  locked_until, preferred_at, created_at, updated_at, bound_at, verified_at, ended_at`

const timeOf = (value: bigint | null) => (value === null ? null : Number(value))

const toBinding = (row: Row): CardBinding => ({
  id: row.id,
  msisdn: row.msisdn,
  identityId: row.identity_id,
  bank: row.bank,
  kind: row.kind,
  cardToken: row.card_token,
  nextToken: row.next_token,
  first6: row.first6,
  last4: row.last4,
  mobile: row.mobile,
  state: row.state,
  reason: row.reason,
  agreementNo: row.agreement_no,
  round: row.round,
  busyUntil: timeOf(row.busy_until),
  codeSentAt: timeOf(row.code_sent_at),
  codeTries: row.code_tries,
  wrongPins: row.wrong_pins,
  wrongPinsSince: timeOf(row.wrong_pins_since),
  lockedUntil: timeOf(row.locked_until),
  preferredAt: timeOf(row.preferred_at),
  createdAt: Number(row.created_at),
  updatedAt: Number(row.updated_at),
  boundAt: timeOf(row.bound_at),
  verifiedAt: timeOf(row.verified_at),
  endedAt: timeOf(row.ended_at),
})

/** What may change of a row, in the order of `changing`. */
const changesOf = (one: CardBinding) => [
  one.identityId,
  one.cardToken,
  one.nextToken,
  one.first6,
  one.last4,
  one.mobile,
  one.state,
  one.reason,
  one.agreementNo,
  one.round,
  one.busyUntil,
  one.codeSentAt,
  one.codeTries,
  one.wrongPins,
  one.wrongPinsSince,
  one.lockedUntil,
  one.preferredAt,
  one.updatedAt,
  one.boundAt,
  one.verifiedAt,
  one.endedAt,
]
const changing = [
  ...['identity_id', 'card_token', 'next_token', 'first6', 'last4', 'mobile', 'state', 'reason'],
  ...['agreement_no', 'round', 'busy_until', 'code_sent_at', 'code_tries', 'wrong_pins'],
  ...['wrong_pins_since', 'locked_until', 'preferred_at', 'updated_at', 'bound_at', 'verified_at'],
  'ended_at',
]

export async function readBinding(reader: Reader, id: string): Promise<CardBinding | undefined> {
  return one(reader, 'bank_card.read', id, '')
}

export async function lockBinding(tx: Tx, id: string): Promise<CardBinding | undefined> {
  return one(tx, 'bank_card.lock', id, ' for update')
}

async function one(reader: Reader, name: string, id: string, lock: string) {
  const bucket = bucketOfId(id)
  if (bucket === undefined) return undefined
  const [row] = await reader.query<Row>(
    { name, text: `select ${columns} from bank_card where bucket = $1 and id = $2${lock}` },
    [bucket, id],
  )
  return row && toBinding(row)
}

/** Those that are known, in one round trip. */
export async function readBindings(reader: Reader, ids: readonly string[]): Promise<CardBinding[]> {
  const known = ids.filter((id) => bucketOfId(id) !== undefined)
  const rows = await reader.query<Row>(
    {
      name: 'bank_card.read_many',
      text: `select ${columns} from bank_card where (bucket, id) in (
        select * from unnest($1::int2[], $2::uuid[])) order by id`,
    },
    [int8s(known.map((id) => bucketOfId(id) ?? 0)), uuids(known)],
  )
  return rows.map(toBinding)
}

const ofNumber = `from bank_card where bucket = $1 and msisdn = $2 and state <> 'unbound' order by id`

/** All that have not ended, oldest first. */
export async function bindingsOf(reader: Reader, msisdn: Msisdn): Promise<CardBinding[]> {
  const rows = await reader.query<Row>(
    { name: 'bank_card.of_number', text: `select ${columns} ${ofNumber}` },
    [bucketOf(msisdn), msisdn],
  )
  return rows.map(toBinding)
}

export async function lockBindingsOf(tx: Tx, msisdn: Msisdn): Promise<CardBinding[]> {
  const rows = await tx.query<Row>(
    { name: 'bank_card.lock_number', text: `select ${columns} ${ofNumber} for update` },
    [bucketOf(msisdn), msisdn],
  )
  return rows.map(toBinding)
}

/** Cards of a bank that a number holds, this binding not counted. */
export async function countHeld(
  reader: Reader,
  { msisdn, bank, besides }: { msisdn: Msisdn; bank: string; besides: string | null },
): Promise<number> {
  const [row] = await reader.query<{ held: bigint }>(
    {
      name: 'bank_card.held',
      text: `select count(*) as held from bank_card where bucket = $1 and msisdn = $2
        and bank = $3 and state = any($4::text[]) and id is distinct from $5::uuid`,
    },
    [bucketOf(msisdn), msisdn, bank, texts(holdingStates), besides],
  )
  return Number(row?.held ?? 0n)
}

export async function insertBinding(tx: Tx, binding: CardBinding): Promise<void> {
  const fixed = ['bucket', 'id', 'msisdn', 'bank', 'kind', 'created_at']
  const names = [...fixed, ...changing]
  await tx.query(
    {
      name: 'bank_card.insert',
      text: `insert into bank_card (${names.join(', ')})
        values (${names.map((_, index) => `$${index + 1}`).join(', ')})`,
    },
    [
      ...[bucketOf(binding.msisdn), binding.id, binding.msisdn, binding.bank, binding.kind],
      ...[binding.createdAt, ...changesOf(binding)],
    ],
  )
}

/** Writes a row whose lock the caller holds. */
export async function saveBinding(tx: Tx, binding: CardBinding): Promise<void> {
  await tx.query(
    {
      name: 'bank_card.save',
      text: `update bank_card set ${changing.map((name, index) => `${name} = $${index + 3}`).join(', ')}
        where bucket = $1 and id = $2`,
    },
    [bucketOf(binding.msisdn), binding.id, ...changesOf(binding)],
  )
}
