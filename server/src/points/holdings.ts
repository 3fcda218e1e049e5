/** What a wallet has of points today, and how they came and went: for its owner, a clerk and the operator. */
import type { Reader } from '../db/index.ts'
import { type BusinessTime, bucketOfId } from '../kernel/index.ts'
import { reasons } from '../ledger/index.ts'
import { type AdjustmentNote, adjustmentNotes } from './adjustment-store.ts'
import { linesOf, type PointsLine } from './line-store.ts'
import { openPocket } from './pocket.ts'
import { readPocket } from './pocket-store.ts'
import type { Lot } from './points.ts'
import { countUnseen } from './redemption-store.ts'

export interface PointsBalance {
  readonly points: bigint
  /** What ends first. */
  readonly expiring: Lot | null
  /** Goes off what is earned next. */
  readonly owed: bigint
  /** Rewards that were taken and whose code nobody has looked at: they end with the wallet. */
  readonly unseen: number
}

/** Of an adjustment, who made it and why. */
export interface ExplainedLine extends PointsLine {
  readonly adjustment: AdjustmentNote | null
}

export interface LinePage {
  readonly before: bigint | null
  readonly limit: number
}

const holderOf = (walletId: string) => ({ walletId, bucket: bucketOfId(walletId) ?? -1 })

export async function pointsOf(
  reader: Reader,
  time: BusinessTime,
  { walletId, now }: { readonly walletId: string; readonly now: number },
): Promise<PointsBalance> {
  const holder = holderOf(walletId)
  const [facts, unseen] = await Promise.all([
    readPocket(reader, holder),
    countUnseen(reader, holder),
  ])
  const today = time.dateOf(now)
  const expiring = facts.lots.find(({ expiresOn }) => expiresOn >= today) ?? null
  return { points: openPocket(facts).spendable(today), expiring, owed: facts.owed, unseen }
}

/** The newest first. */
export const pointsLines = (
  reader: Reader,
  walletId: string,
  page: LinePage,
): Promise<PointsLine[]> => linesOf(reader, holderOf(walletId), page)

export async function explainedLines(
  reader: Reader,
  walletId: string,
  page: LinePage,
): Promise<ExplainedLine[]> {
  const lines = await pointsLines(reader, walletId, page)
  const ids = lines.flatMap(({ reason, subject }) =>
    reason === reasons.pointsAdjusted ? [subject] : [],
  )
  const notes = await adjustmentNotes(reader, { bucket: holderOf(walletId).bucket, ids })
  return lines.map((line) => ({ ...line, adjustment: notes.get(line.subject) ?? null }))
}
