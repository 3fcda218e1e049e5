/** Who pays whom, as it was found when the instruction came, and the names under which it is done. */
import { assert, type Msisdn } from '../../kernel/index.ts'
import type { BusinessKey } from '../../payments/index.ts'
import type { Instruction } from './instruction.ts'

export interface Resolved {
  readonly payer: Msisdn
  readonly payee: Msisdn
  /** The payer's. */
  readonly walletId: string | null
  readonly mandateId?: string
  /** The instruction that made the code. */
  readonly codeId?: string
  /** Whose biller was asked already. */
  readonly billId?: string
}

export function resolvedIn({ body }: Pick<Instruction, 'body'>): Resolved {
  const { resolved } = body
  assert(typeof resolved === 'object' && resolved !== null, 'the parties were found')
  return resolved as Resolved
}

/** In front of every name that our own modules know an instruction by. */
export const namePrefix = 'mobile-money:'

/** What our own modules know it by: unique for ever. */
export const keyOf = ({ id }: Pick<Instruction, 'id'>): string => `${namePrefix}${id}`

/** As payments and refunds bear it; never the bare id, which other channels list by. */
export const clientOf = ({ clientId }: Pick<Instruction, 'clientId'>): string =>
  `${namePrefix}${clientId}`

export const businessKeyOf = ({ id, clientId, contentHash }: Instruction): BusinessKey => ({
  ...{ scope: `${namePrefix}${clientId}`, key: id, contentHash },
})
