/**
 * The authorisation code (付款授权码) that a payer makes and shows to one who may then take an amount: twenty digits, two
 * of them the bucket of its row, 59 bits by chance. We keep a keyed hash to find it by, and itself under seal.
 */
import type { Ids } from '../../kernel/index.ts'

export const codePurpose = 'mobile money authorisation code'

const random = 10n ** 18n

export function newCode(bucket: number, ids: Pick<Ids, 'random'>): string {
  // 32 bytes make the remainder even to one part in 2^196.
  const digits = (BigInt(`0x${Buffer.from(ids.random(32)).toString('hex')}`) % random).toString()
  return `${String(bucket).padStart(2, '0')}${digits.padStart(18, '0')}`
}

/** Undefined for what can be no code. */
export const bucketOfCode = (code: string): number | undefined =>
  /^[0-6][0-9]{19}$/.test(code) ? Number.parseInt(code.slice(0, 2), 10) : undefined
