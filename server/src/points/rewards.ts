/** What the operator offers for points. A reward is never taken out of the table: it is offered no longer. */
import type { Tx } from '../db/index.ts'
import {
  accept,
  type FieldCipher,
  type Ids,
  type Result,
  refuse,
  type Secret,
} from '../kernel/index.ts'
import type { Reward } from './points.ts'
import { codePurpose } from './redeem.ts'
import {
  anyKnown,
  insertReward,
  insertStocking,
  insertVouchers,
  lockReward,
  lockVouchers,
  saveReward,
  stockingById,
} from './reward-store.ts'

export type CatalogueRefusal =
  | 'reward_unknown'
  | 'reward_period_malformed'
  | 'reward_without_codes'
  | 'voucher_known'
  | 'value_out_of_range'
  | 'exists_with_different_content'

export interface CatalogueTools {
  readonly ids: Ids
  readonly cipher: Pick<FieldCipher, 'seal' | 'mac'>
}

export const priceMax = 100_000_000n
/** At once; more come in several goes. */
export const vouchersMax = 1_000

export type NewReward = Omit<Reward, 'id' | 'stock' | 'remaining'>

export async function addReward(
  tx: Tx,
  { ids }: CatalogueTools,
  reward: NewReward,
  now: number,
): Promise<Result<Reward, CatalogueRefusal>> {
  if (reward.offeredFrom >= reward.offeredUntil) return refuse('reward_period_malformed')
  if (reward.price < 1n || reward.price > priceMax) return refuse('value_out_of_range')
  const made = { ...reward, id: ids.next(0, now), stock: 0n, remaining: 0n }
  await insertReward(tx, made)
  return accept(made)
}

export interface Stocking {
  /** Of the caller's making, one's own of the reward: said again it is the same stocking. */
  readonly id: string
  readonly rewardId: string
  /** So many pieces, or these codes. */
  readonly more: bigint | readonly Secret[]
}

export interface Stocked {
  /** As it stands now. */
  readonly reward: Reward
  /** How many this call has added: none when it was said before. */
  readonly added: bigint
}

export async function stockReward(
  tx: Tx,
  { cipher }: CatalogueTools,
  { id, rewardId, more }: Stocking,
  now: number,
): Promise<Result<Stocked, CatalogueRefusal>> {
  const reward = await lockReward(tx, rewardId)
  if (!reward) return refuse('reward_unknown')
  const isCounted = typeof more === 'bigint'
  const count = isCounted ? more : BigInt(more.length)
  const mac = (text: string) => cipher.mac(codePurpose, text)
  const digest = isCounted ? null : mac(JSON.stringify(more.map((code) => code.reveal())))
  const earlier = await stockingById(tx, { rewardId, id })
  if (earlier)
    return earlier.pieces === count && earlier.digest === digest
      ? accept({ reward, added: 0n })
      : refuse('exists_with_different_content')
  if (isCounted !== (reward.kind === 'stock')) return refuse('reward_without_codes')
  if (count < 1n || reward.stock + count > priceMax) return refuse('value_out_of_range')
  if (!isCounted) {
    const sealed = more.map((code) => ({
      code: cipher.seal(codePurpose, code),
      digest: mac(code.reveal()),
    }))
    if (new Set(sealed.map((one) => one.digest)).size < sealed.length)
      return refuse('voucher_known')
    await lockVouchers(tx)
    if (await anyKnown(tx, sealed)) return refuse('voucher_known')
    insertVouchers(tx, reward, sealed)
  }
  const [stock, remaining] = [reward.stock + count, reward.remaining + count]
  const after = { ...reward, stock, remaining }
  insertStocking(tx, { id, rewardId, pieces: count, digest, at: now })
  saveReward(tx, after)
  return accept({ reward: after, added: count })
}

/** Its price from now on, and until when it is offered. */
export async function changeReward(
  tx: Tx,
  { id, ...change }: { readonly id: string } & Partial<Pick<Reward, 'price' | 'offeredUntil'>>,
): Promise<Result<{ readonly before: Reward; readonly after: Reward }, CatalogueRefusal>> {
  const before = await lockReward(tx, id)
  if (!before) return refuse('reward_unknown')
  const after = { ...before, ...change }
  if (after.price < 1n || after.price > priceMax) return refuse('value_out_of_range')
  if (after.offeredFrom >= after.offeredUntil) return refuse('reward_period_malformed')
  saveReward(tx, after)
  return accept({ before, after })
}
