/**
 * Field 54: up to six amounts beside that of the transaction, balances for example. Each has twenty characters:
 * account type 2, amount type 2, currency 3, C or D, twelve digits (ISO 8583:1987 §4).
 */
import { accept, type Result, refuse } from './result.ts'

export interface AdditionalAmount {
  /** Two digits as in the processing code: 30 is a credit card account. */
  readonly accountType: string
  /** 01 ledger balance, 02 available balance; others as agreed. */
  readonly amountType: string
  /** ISO 4217, three digits. */
  readonly currency: string
  /** Minor units; what the customer owes is negative (D). */
  readonly amount: bigint
}

const pattern = /(\d{2})(\d{2})(\d{3})([CD])(\d{12})/y
const entriesMax = 6

/** The amounts in field 54, in order. */
export function readAdditionalAmounts(
  text: string,
): Result<readonly AdditionalAmount[], 'additional_amounts_invalid'> {
  const amounts: AdditionalAmount[] = []
  pattern.lastIndex = 0
  for (let at = 0; at < text.length; at = pattern.lastIndex) {
    const [, accountType, amountType, currency, sign, digits] = pattern.exec(text) ?? []
    const isComplete =
      accountType !== undefined && amountType !== undefined && currency !== undefined
    if (!isComplete || digits === undefined || amounts.length === entriesMax)
      return refuse('additional_amounts_invalid')
    const amount = sign === 'D' ? -BigInt(digits) : BigInt(digits)
    amounts.push({ accountType, amountType, currency, amount })
  }
  return accept(amounts)
}

/** Field 54 of up to six amounts. Throws RangeError for what does not fit. */
export function writeAdditionalAmounts(amounts: readonly AdditionalAmount[]): string {
  const text = amounts
    .map(({ accountType, amountType, currency, amount }) => {
      const digits = (amount < 0n ? -amount : amount).toString().padStart(12, '0')
      return `${accountType}${amountType}${currency}${amount < 0n ? 'D' : 'C'}${digits}`
    })
    .join('')
  if (!readAdditionalAmounts(text).ok || text.length !== amounts.length * 20)
    throw new RangeError('these amounts do not go into field 54')
  return text
}
