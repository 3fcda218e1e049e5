/**
 * A voucher becomes money in a wallet: once, whoever else tries at that instant, and with one answer however often
 * the same request comes. Wrong codes count against the number that sends them, and teach it nothing.
 */
import type { Tx } from '../db/index.ts'
import {
  accept,
  type FieldCipher,
  type Msisdn,
  type Result,
  refuse,
  type Secret,
} from '../kernel/index.ts'
import { countWrong, isLocked, lockGuards, type Policy, saveGuards } from '../risk/index.ts'
import { findSubscriber } from '../subscribers/index.ts'
import { isFrozen, lockOpenAccount, tellCredit } from '../wallet/index.ts'
import { macOf, readCode } from './code.ts'
import { postUsed, type Tools } from './postings.ts'
import { type TopUpVoucher, type Use, type UseRefusal, voucherSteps } from './top-up-voucher.ts'
import { insertUse, useByKey } from './use-store.ts'
import { lockVoucher, saveUsed } from './voucher-store.ts'

export interface UseTools extends Tools {
  readonly cipher: Pick<FieldCipher, 'mac'>
  readonly policy: () => Pick<Policy, 'walletSingleLimit'>
}

export interface Using {
  readonly msisdn: Msisdn
  /** As it was typed. */
  readonly code: Secret
  readonly key: string
}

export interface Used {
  readonly use: Use
  /** True when the key was used before: nothing was done. */
  readonly replayed: boolean
}

/** Commits either way: a wrong code counts. */
export async function useTopUpVoucher(
  tx: Tx,
  tools: UseTools,
  { msisdn, code: typed, key }: Using,
  now: number,
): Promise<Result<Used, UseRefusal>> {
  const code = readCode(typed)
  if (!code) return refuse('top_up_voucher_mistyped')
  const codeMac = macOf(tools.cipher, code)
  const account = await lockOpenAccount(tx, msisdn, now)
  if (!account) return refuse('wallet_not_found')
  const { bucket, id: walletId } = account
  const earlier = await useByKey(tx, { bucket, walletId, key })
  if (earlier)
    return earlier.codeMac === codeMac
      ? accept({ use: earlier, replayed: true })
      : refuse('exists_with_different_content')
  const line = await findSubscriber(tx, msisdn, now)
  if (line?.status !== 'active') return refuse('line_not_active')
  if (isFrozen(account, 'in')) return refuse('frozen_in')
  const guards = [...(await lockGuards(tx, [`top-up-voucher:${msisdn}`])).values()]
  if (guards.some((guard) => isLocked(guard, now))) return refuse('top_up_vouchers_locked')
  const voucher = await lockVoucher(tx, codeMac)
  if (!voucher) {
    saveGuards(
      tx,
      guards.map((guard) => countWrong(guard, now)),
    )
    return refuse('top_up_voucher_unknown')
  }
  const refusal = unusable(voucher, now)
  if (refusal) return refuse(refusal)
  if (voucher.amount > tools.policy().walletSingleLimit) return refuse('over_single_limit')
  // After this point it must succeed.
  const { serial, amount } = voucher
  const id = tools.ids.next(bucket, now)
  const use: Use = { bucket, id, walletId, key, codeMac, serial, amount, at: now }
  saveUsed(tx, voucher, use)
  insertUse(tx, use)
  const { time, ids } = tools
  await tellCredit(tx, account, { notice: 'wallet_top_up_voucher', amount, time, ids, now })
  await postUsed(tx, tools, { voucher, use })
  return accept({ use, replayed: false })
}

/** Why this voucher gives nothing now; null when it does. */
export function unusable(
  { state, validUntil }: Pick<TopUpVoucher, 'state' | 'validUntil'>,
  now: number,
): UseRefusal | null {
  if (voucherSteps.use[state] !== undefined)
    return now < validUntil ? null : 'top_up_voucher_expired'
  return state === 'made' ? 'top_up_voucher_not_active' : `top_up_voucher_${state as 'used'}`
}
