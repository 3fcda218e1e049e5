/** Everything that hangs on a number and ends with it, for whoever has the number next. */
import type { CardBindings } from '../bank-cards/index.ts'
import type { Billers } from '../billers/index.ts'
import type { Identities } from '../identities/index.ts'
import type { SignIns } from '../sign-ins/index.ts'
import type { Release } from '../subscribers/index.ts'
import type { Transfers } from '../transfers/index.ts'
import type { Wallet } from '../wallet/index.ts'
import type { WalletPins } from '../wallet-pins/index.ts'

/** One after another, in the transaction that closes the number. */
export const releaseOf =
  (holders: {
    readonly identities: Pick<Identities, 'release'>
    readonly walletPins: Pick<WalletPins, 'release'>
    readonly bindings: Pick<CardBindings, 'release'>
    readonly wallet: Pick<Wallet, 'release'>
    readonly transfers: Pick<Transfers, 'release'>
    readonly billers: Pick<Billers, 'release'>
    readonly signIns: Pick<SignIns, 'release'>
  }): Release =>
  async (tx, msisdn, at) => {
    await holders.transfers.release(tx, msisdn)
    await holders.billers.release(tx, msisdn)
    await holders.bindings.release(tx, msisdn)
    await holders.wallet.release(tx, msisdn)
    await holders.signIns.release(tx, msisdn)
    await holders.walletPins.release(tx, msisdn)
    await holders.identities.release(tx, msisdn, at)
  }
