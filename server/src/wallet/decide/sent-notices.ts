/** What the owner is told of money on its way to a card, by what it is. */
import type { EndReason, Movement } from '../movement.ts'
import type { Change, WalletNotice } from '../notice.ts'
import { cardIn, payeeIn } from './tell.ts'

interface SentNotices {
  paid(amount: string): WalletNotice
  unknown(amount: string): WalletNotice
  /** `amount` with the fee. */
  returned(change: Change & { readonly reason: EndReason }): WalletNotice
}

export function sentNotices(movement: Movement): SentNotices {
  if (movement.kind === 'card_transfer') {
    const to = payeeIn(movement)
    return {
      paid: (amount) => ({ id: 'wallet_card_transfer_paid', amount, ...to }),
      unknown: (amount) => ({ id: 'wallet_card_transfer_unknown', amount, ...to }),
      returned: (change) => ({ id: 'wallet_card_transfer_returned', ...change, ...to }),
    }
  }
  const to = cardIn(movement)
  const kind = movement.kind === 'repayment' ? 'repayment' : 'withdrawal'
  return {
    paid: (amount) => ({ id: `wallet_${kind}_paid`, amount, ...to }),
    unknown: (amount) => ({ id: `wallet_${kind}_unknown`, amount, ...to }),
    returned: (change) => ({ id: `wallet_${kind}_returned`, ...change, ...to }),
  }
}
