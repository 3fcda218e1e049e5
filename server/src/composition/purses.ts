/** Wallets as payments see them: the rules by which money leaves a wallet, in the words of payments. */
import { billedWallets } from '../billers/index.ts'
import type { Reader } from '../db/index.ts'
import {
  type Purse,
  type PurseRefusal,
  type Purses,
  walletsOfOpenSales,
} from '../payments/index.ts'
import { coolOffUntil } from '../subscribers/index.ts'
import { tiedWallets } from '../transfers/index.ts'
import {
  countedPeriods,
  type OutReason,
  outRefusal,
  readPurses,
  type Purse as WalletPurse,
} from '../wallet/index.ts'

export const purses: Purses = {
  read: async (reader, names) => (await readPurses(reader, names)).map(payingPurse),
}

/** Wallets that cannot be closed, for money may still come back to them by itself. */
export async function tied(
  reader: Reader,
  walletIds: readonly string[],
): Promise<ReadonlySet<string>> {
  const [ofTransfers, ofBills, ofSales] = await Promise.all([
    tiedWallets(reader, walletIds),
    billedWallets(reader, walletIds),
    walletsOfOpenSales(reader, walletIds),
  ])
  return new Set([...ofTransfers, ...ofBills, ...ofSales])
}

const payingPurse = (purse: WalletPurse): Purse => {
  const { walletId, bucket, msisdn, state, releasedAt } = purse
  return {
    walletId,
    bucket,
    msisdn,
    counted: countedPeriods(purse),
    isCurrent: state !== 'closed' && releasedAt === null,
    isClosed: state === 'closed',
    refusal({ line, ...facts }, amount) {
      if (state !== 'open' || releasedAt !== null) return { refusal: 'wallet_unavailable' }
      const until = coolOffUntil(line, facts.policy)
      const refused = outRefusal(purse, { coolOffUntil: until, ...facts }, amount)
      if (refused === null) return null
      const { refusal, left } = refused
      return { refusal: words[refusal], ...(left !== undefined && { left }) }
    },
  }
}

const words: Readonly<Record<OutReason, PurseRefusal>> = {
  frozen_out: 'wallet_frozen',
  cooling_off: 'wallet_cooling_off',
  // Payments have a least amount of their own, which is more.
  amount_too_small: 'wallet_unavailable',
  over_single_limit: 'wallet_over_single_limit',
  over_day_limit: 'wallet_over_day_limit',
  over_class_limit: 'wallet_over_class_limit',
  low_balance: 'wallet_low_balance',
}
