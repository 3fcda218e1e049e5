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
  insertVouchers,
  lockReward,
  lockVouchers,
  saveReward,
} from './reward-store.ts'

export type CatalogueRefusal =
  | 'reward_unknown'
  | 'reward_period_malformed'
  | 'reward_without_codes'
  | 'voucher_known'
  | 'value_out_of_range'

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

/** More of it: so many pieces, or these codes. */
export async function stockReward(
  tx: Tx,
  { cipher }: CatalogueTools,
  { id, more }: { readonly id: string; readonly more: bigint | readonly Secret[] },
): Promise<Result<Reward, CatalogueRefusal>> {
  const reward = await lockReward(tx, id)
  if (!reward) return refuse('reward_unknown')
  const isCounted = typeof more === 'bigint'
  if (isCounted !== (reward.kind === 'stock')) return refuse('reward_without_codes')
  const count = isCounted ? more : BigInt(more.length)
  if (count < 1n || reward.stock + count > priceMax) return refuse('value_out_of_range')
  if (!isCounted) {
    const digest = (code: Secret) => cipher.mac(codePurpose, code.reveal())
    if (new Set(more.map(digest)).size < more.length) return refuse('voucher_known')
    const sealed = more.map((code) => ({
      code: cipher.seal(codePurpose, code),
      digest: digest(code),
    }))
    await lockVouchers(tx)
    if (await anyKnown(tx, sealed)) return refuse('voucher_known')
    insertVouchers(tx, reward, sealed)
  }
  const after = {
    ...reward,
    stock: reward.stock + count,
    remaining: reward.remaining + count,
  }
  saveReward(tx, after)
  return accept(after)
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
