/** How much is charged for a request: exact fen, tax included. */
import type { Amount } from '../../kernel/index.ts'
import { fenOf } from './amount.ts'
import { amountTooFine, common, problem, type Row } from './problems.ts'
import type { ChargingInformation } from './requests.ts'

/**
 * The amount, with `taxAmount` on top unless it is included already: the customer agrees to and is
 * charged the whole. CNY only (400 INVALID_ARGUMENT, as the YAML's example of a wrong currency); a
 * third decimal that is not zero is an amount we cannot charge (422 UNAUTHORIZED_AMOUNT).
 */
export function chargedAmount(
  { amount, currency, isTaxIncluded = false, taxAmount = 0 }: ChargingInformation,
  tooFine: Row = amountTooFine,
): Amount {
  if (currency !== 'CNY')
    throw problem(common.invalidArgument, 'Currency is unknown or not authorized.')
  const net = fenOf(amount)
  const tax = fenOf(taxAmount)
  if (!net.ok || !tax.ok) throw problem(tooFine)
  return isTaxIncluded ? net.value : net.value + tax.value
}
