/**
 * A top-up voucher (充值卡): a serial number that anybody may read, and a code that is worth money to whoever brings
 * it. Nothing moves a batch or a voucher along an edge that is not in these tables.
 *
 *   batch    requested ──make──▶ made ──activate──▶ active        block: from each; expire: from made and active
 *   voucher  made ──activate──▶ active ──use──▶ used              expire, block: from made and active
 */
import type { Amount } from '../kernel/index.ts'

export const batchStates = ['requested', 'made', 'active', 'expired', 'blocked'] as const
export type BatchState = (typeof batchStates)[number]
export type BatchStep = 'make' | 'activate' | 'expire' | 'block'

export const batchSteps: Readonly<Record<BatchStep, Partial<Record<BatchState, BatchState>>>> = {
  make: { requested: 'made' },
  activate: { made: 'active', active: 'active' },
  expire: { made: 'expired', active: 'expired' },
  block: { requested: 'blocked', made: 'blocked', active: 'blocked' },
}

export const voucherStates = ['made', 'active', 'used', 'expired', 'blocked'] as const
export type VoucherState = (typeof voucherStates)[number]
export type VoucherStep = 'activate' | 'use' | 'expire' | 'block'

export const voucherSteps: Readonly<
  Record<VoucherStep, Partial<Record<VoucherState, VoucherState>>>
> = {
  activate: { made: 'active' },
  use: { active: 'used' },
  expire: { made: 'expired', active: 'expired' },
  block: { made: 'blocked', active: 'blocked' },
}

/** The states that a step leaves, and the one that it leads to. */
export function edgeOf(step: Exclude<VoucherStep, 'use'>): {
  readonly from: readonly string[]
  readonly to: VoucherState
} {
  const edges = Object.entries(voucherSteps[step])
  const to = { activate: 'active', expire: 'expired', block: 'blocked' } as const
  return { from: edges.map(([state]) => state), to: to[step] }
}

export interface Batch {
  readonly id: string
  readonly no: bigint
  readonly name: string
  readonly seller: string
  /** Of each voucher. */
  readonly amount: Amount
  readonly count: bigint
  /** From then on none of them can be used. */
  readonly validUntil: number
  readonly state: BatchState
  readonly askedBy: string
  readonly agreedBy: string
  readonly askedAt: number
  readonly madeAt: number | null
}

export interface TopUpVoucher {
  readonly bucket: number
  readonly codeMac: string
  readonly batchId: string
  readonly serial: bigint
  readonly amount: Amount
  readonly validUntil: number
  readonly state: VoucherState
}

/** What a voucher brought into a wallet. */
export interface Use {
  readonly bucket: number
  readonly id: string
  readonly walletId: string
  readonly key: string
  readonly codeMac: string
  readonly serial: bigint
  readonly amount: Amount
  readonly at: number
}

/** More go into another batch: one is made in one transaction. */
export const countMax = 100_000n
/** Whoever finds a card on the street finds no more than this. */
export const amountMax = 1_000_00n

export type BatchRefusal =
  | 'exists_with_different_content'
  | 'act_is_own'
  | 'value_out_of_range'
  | 'top_up_batch_unknown'
  | 'top_up_batch_made'
  | 'top_up_batch_not_made'
  | 'top_up_batch_ended'
  | 'top_up_batch_expired'
  | 'top_up_batch_still_valid'

export type UseRefusal =
  | 'exists_with_different_content'
  | 'wallet_not_found'
  | 'line_not_active'
  | 'frozen_in'
  | 'over_single_limit'
  | 'top_up_vouchers_locked'
  | 'top_up_voucher_mistyped'
  | 'top_up_voucher_unknown'
  /** From here on only whoever has a right code learns it. */
  | 'top_up_voucher_not_active'
  | 'top_up_voucher_used'
  | 'top_up_voucher_expired'
  | 'top_up_voucher_blocked'
