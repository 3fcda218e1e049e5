/** What the lines of the ledger and the counters of wallets must agree on, as one statement over the rows alone. */
import { type Invariant, invariant, type Reason, reasons } from '../ledger/index.ts'

const quoted = (all: readonly Reason[]) => all.map((reason) => `'${reason}'`).join(', ')
const counted = quoted([
  ...[reasons.payment, reasons.transfer, reasons.transferHold],
  ...[reasons.faceToFace, reasons.transferUnclaimed, reasons.packet, reasons.bill],
  reasons.cardTransfer,
])
const givenBack = quoted([
  ...[reasons.refund, reasons.transferBack, reasons.transferReturn, reasons.packetReturn],
  reasons.billReturn,
  reasons.cardTransferReturn,
])

export const walletLimitInvariants: readonly Invariant[] = [
  invariant(
    'wallet_limits_count_what_left',
    'No wallet has used less of its years than it paid and sent, less what came back.',
    `with moved as (
       select substr(debit_account, 14) as wallet, amount from transfer
         where kind = 'transfer' and debit_account like 'user-balance:%' and reason in (${counted})
       union all
       select substr(credit_account, 14), -amount from transfer
         where kind = 'transfer' and credit_account like 'user-balance:%' and reason in (${givenBack})
           -- A fee was never counted.
           and debit_account <> 'withdrawal-fee-income'
     ), expected as (
       select wallet, sum(amount) as used from moved group by wallet
     ), actual as (
       select substr(subject, 8) as wallet, sum(used) as used from limit_counter
         where subject like 'wallet:%' and period like 'Y%' group by 1
     )
     select format('wallet %s: %s used, %s counted', wallet, e.used, a.used) as example
     from expected e left join actual a using (wallet)
     -- What comes back in another year gives nothing back: then more is counted.
     where e.used > coalesce(a.used, 0)`,
  ),
]
