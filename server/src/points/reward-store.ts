/** The tables `points_reward`, `points_stocking` and `points_voucher`: all their SQL. */
import { int8s, type Reader, type Tx, texts } from '../db/index.ts'
import type { Reward } from './points.ts'

interface Row extends Pick<Reward, 'id' | 'price' | 'kind' | 'stock' | 'remaining'> {
  readonly name_zh: string
  readonly name_en: string
  readonly offered_from: bigint
  readonly offered_until: bigint
}

const columns = `id, name_zh, name_en, price, kind, stock, remaining, offered_from, offered_until`

const rewardOf = ({ id, price, kind, stock, remaining, ...row }: Row): Reward => ({
  ...{ id, price, kind, stock, remaining, name: { zh: row.name_zh, en: row.name_en } },
  offeredFrom: Number(row.offered_from),
  offeredUntil: Number(row.offered_until),
})

export async function insertReward(tx: Tx, reward: Reward): Promise<void> {
  const { id, name, price, kind, stock, remaining, offeredFrom, offeredUntil } = reward
  await tx.query(
    `insert into points_reward (${columns})
     values ($1, $2, $3, $4::int8, $5, $6::int8, $7::int8, $8::int8, $9::int8)`,
    [id, name.zh, name.en, price, kind, stock, remaining, offeredFrom, offeredUntil],
  )
}

/** The lock of the reward: of its vouchers too. */
export async function lockReward(tx: Tx, id: string): Promise<Reward | undefined> {
  const [row] = await tx.query<Row>(
    `select ${columns} from points_reward where id = $1 for update`,
    [id],
  )
  return row && rewardOf(row)
}

export const saveReward = (tx: Tx, { id, price, stock, remaining, offeredUntil }: Reward): void =>
  tx.write(
    `update points_reward set price = $2::int8, stock = $3::int8, remaining = $4::int8,
       offered_until = $5::int8 where id = $1`,
    [id, price, stock, remaining, offeredUntil],
  )

export async function rewardsByIds(reader: Reader, ids: readonly string[]): Promise<Reward[]> {
  const rows = await reader.query<Row>(
    `select ${columns} from points_reward where id = any($1::uuid[])`,
    [texts(ids)],
  )
  return rows.map(rewardOf)
}

/** Those that can be had at an instant, the cheapest first. */
export async function offeredRewards(
  reader: Reader,
  { at, limit }: { readonly at: number; readonly limit: number },
): Promise<Reward[]> {
  const rows = await reader.query<Row>(
    `select ${columns} from points_reward
     where offered_from <= $1::int8 and offered_until > $1::int8 and remaining > 0
     order by price, id desc limit $2`,
    [at, limit],
  )
  return rows.map(rewardOf)
}

/** All there ever were, the newest first. */
export async function listRewards(
  reader: Reader,
  { before, limit }: { readonly before: string | null; readonly limit: number },
): Promise<Reward[]> {
  const rows = await reader.query<Row>(
    `select ${columns} from points_reward
     where $1::uuid is null or id < $1::uuid order by id desc limit $2`,
    [before, limit],
  )
  return rows.map(rewardOf)
}

/** What was added to a reward at once. */
export interface KeptStocking {
  readonly id: string
  readonly rewardId: string
  readonly pieces: bigint
  /** Of the codes. */
  readonly digest: string | null
  readonly at: number
}

export async function stockingById(
  reader: Reader,
  { rewardId, id }: Pick<KeptStocking, 'rewardId' | 'id'>,
): Promise<Pick<KeptStocking, 'pieces' | 'digest'> | undefined> {
  const [row] = await reader.query<Pick<KeptStocking, 'pieces' | 'digest'>>(
    'select pieces, digest from points_stocking where reward_id = $1 and id = $2',
    [rewardId, id],
  )
  return row
}

export const insertStocking = (tx: Tx, { id, rewardId, pieces, digest, at }: KeptStocking): void =>
  tx.write(
    `insert into points_stocking (reward_id, id, pieces, digest, at)
     values ($1, $2, $3::int8, $4, $5::int8)`,
    [rewardId, id, pieces, digest, at],
  )

export interface Voucher {
  readonly code: string
  /** Of the code, so that none is loaded twice. */
  readonly digest: string
}

/** Codes are loaded by one at a time. */
export async function lockVouchers(tx: Tx): Promise<void> {
  await tx.query('lock table points_voucher in share update exclusive mode')
}

export async function anyKnown(tx: Tx, vouchers: readonly Voucher[]): Promise<boolean> {
  const [row] = await tx.query<{ known: boolean }>(
    `select exists (select from points_voucher where digest = any($1::text[])) as known`,
    [texts(vouchers.map(({ digest }) => digest))],
  )
  return row?.known === true
}

export const insertVouchers = (tx: Tx, { id, stock }: Reward, vouchers: readonly Voucher[]): void =>
  tx.write(
    `insert into points_voucher (reward_id, place, code, digest)
     select $1::uuid, * from unnest($2::int8[], $3::text[], $4::text[])`,
    [
      id,
      int8s(vouchers.map((_, n) => stock + BigInt(n))),
      texts(vouchers.map(({ code }) => code)),
      texts(vouchers.map(({ digest }) => digest)),
    ],
  )

/** The first that is free, sealed. The reward is locked. */
export async function takeVoucher(
  tx: Tx,
  rewardId: string,
  redemptionId: string,
): Promise<string | undefined> {
  const [row] = await tx.query<{ code: string }>(
    `update points_voucher set redemption_id = $2
     where reward_id = $1 and place = (
       select place from points_voucher where reward_id = $1 and redemption_id is null
       order by place limit 1
     ) returning code`,
    [rewardId, redemptionId],
  )
  return row?.code
}

export const freeVoucher = (tx: Tx, redemptionId: string): void =>
  tx.write('update points_voucher set redemption_id = null where redemption_id = $1', [
    redemptionId,
  ])
