/** Every rule that the rows must keep, of all modules: for `verify`, and for whoever checks the books. */
import { bindingInvariants, operationInvariants } from '../bank-cards/index.ts'
import { billerInvariants } from '../billers/index.ts'
import { cardInvariants } from '../card-vault/index.ts'
import { mobileMoneyInvariants } from '../channels/mobile-money/index.ts'
import { identityInvariants } from '../identities/index.ts'
import { betweenBucketsInvariants, type Invariant, ledgerInvariants } from '../ledger/index.ts'
import { paymentCodeInvariants } from '../payment-codes/index.ts'
import { paymentInvariants } from '../payments/index.ts'
import { pointsInvariants } from '../points/index.ts'
import { billerDifferenceInvariants, reconciliationInvariants } from '../reconciliation/index.ts'
import { scanInvariants } from '../scans/index.ts'
import { settlementInvariants } from '../settlement/index.ts'
import { signInInvariants } from '../sign-ins/index.ts'
import { staffInvariants, tillLedgerInvariants } from '../staff/index.ts'
import { topUpVoucherInvariants } from '../top-up-vouchers/index.ts'
import { transferInvariants } from '../transfers/index.ts'
import { walletInvariants } from '../wallet/index.ts'
import { pinInvariants } from '../wallet-pins/index.ts'
import { walletLimitInvariants } from '../wallet-statement/index.ts'

export const invariants: readonly Invariant[] = [
  ...ledgerInvariants,
  ...betweenBucketsInvariants,
  ...paymentInvariants,
  ...settlementInvariants,
  ...cardInvariants,
  ...bindingInvariants,
  ...walletInvariants,
  ...transferInvariants,
  ...billerInvariants,
  ...mobileMoneyInvariants,
  ...pointsInvariants,
  ...topUpVoucherInvariants,
  ...walletLimitInvariants,
  ...identityInvariants,
  ...pinInvariants,
  ...signInInvariants,
  ...paymentCodeInvariants,
  ...scanInvariants,
  ...operationInvariants,
  ...reconciliationInvariants,
  ...billerDifferenceInvariants,
  ...staffInvariants,
  ...tillLedgerInvariants,
]
