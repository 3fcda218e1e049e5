/** The table `staff_approval`: all its SQL. */
import type { Reader, Tx } from '../db/index.ts'
import type { Approval, ApprovalState } from './approval.ts'

interface Row {
  readonly id: string
  readonly office: string
  readonly kind: string
  readonly content_mac: string
  readonly shown: Readonly<Record<string, string>>
  readonly reason: string
  readonly state: ApprovalState
  readonly asked_by: string
  readonly asked_at: bigint
  readonly expires_at: bigint
  readonly decided_by: string | null
  readonly decided_at: bigint | null
  readonly note: string | null
}

const columns = `id, office, kind, content_mac, shown, reason, state, asked_by, asked_at, expires_at,
  decided_by, decided_at, note`

const approvalOf = (row: Row): Approval => ({
  ...{ id: row.id, office: row.office, kind: row.kind, contentMac: row.content_mac },
  ...{ shown: row.shown, reason: row.reason, state: row.state, askedBy: row.asked_by },
  askedAt: Number(row.asked_at),
  expiresAt: Number(row.expires_at),
  decidedBy: row.decided_by,
  decidedAt: row.decided_at === null ? null : Number(row.decided_at),
  note: row.note,
})

export async function insertApproval(tx: Tx, approval: Approval): Promise<void> {
  await tx.query(
    `insert into staff_approval (id, office, kind, content_mac, shown, reason, state, asked_by,
       asked_at, expires_at)
     values ($1, $2, $3, $4, $5::jsonb, $6, $7, $8, $9::int8, $10::int8)`,
    [
      ...[approval.id, approval.office, approval.kind, approval.contentMac],
      ...[JSON.stringify(approval.shown), approval.reason, approval.state, approval.askedBy],
      ...[approval.askedAt, approval.expiresAt],
    ],
  )
}

export async function lockApproval(tx: Tx, id: string): Promise<Approval | undefined> {
  const [row] = await tx.query<Row>(
    `select ${columns} from staff_approval where id = $1 for update`,
    [id],
  )
  return row && approvalOf(row)
}

/** The newest one that this person asked for with this content. */
export async function lockAsked(
  tx: Tx,
  asked: { readonly by: string; readonly contentMac: string },
): Promise<Approval | undefined> {
  const [row] = await tx.query<Row>(
    `select ${columns} from staff_approval where asked_by = $1 and content_mac = $2
     order by asked_at desc, id desc limit 1 for update`,
    [asked.by, asked.contentMac],
  )
  return row && approvalOf(row)
}

/** The caller holds the row's lock. */
export async function saveApproval(tx: Tx, approval: Approval, now: number): Promise<void> {
  await tx.query(
    `update staff_approval set state = $2, decided_by = $3, decided_at = $4::int8, note = $5,
       used_at = case when $2 = 'used' then $6::int8 end
     where id = $1`,
    [...[approval.id, approval.state, approval.decidedBy, approval.decidedAt, approval.note, now]],
  )
}

export async function readApproval(reader: Reader, id: string): Promise<Approval | undefined> {
  const [row] = await reader.query<Row>(`select ${columns} from staff_approval where id = $1`, [id])
  return row && approvalOf(row)
}

/** What waits in an office, oldest first. */
export async function openApprovals(
  reader: Reader,
  given: { readonly office: string; readonly now: number; readonly limit: number },
): Promise<Approval[]> {
  const rows = await reader.query<Row>(
    `select ${columns} from staff_approval
     where office = $1 and state in ('asked', 'approved') and expires_at > $2::int8
     order by asked_at, id limit $3`,
    [given.office, given.now, given.limit],
  )
  return rows.map(approvalOf)
}
