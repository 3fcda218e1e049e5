/** Everything that hangs on a number and ends with it, for whoever has the number next. */
import type { Identities } from '../identities/index.ts'
import type { Release } from '../subscribers/index.ts'
import type { WalletPins } from '../wallet-pins/index.ts'

/** One after another, in the transaction that closes the number. */
export const releaseOf =
  (holders: {
    readonly identities: Pick<Identities, 'release'>
    readonly walletPins: Pick<WalletPins, 'release'>
  }): Release =>
  async (tx, msisdn, at) => {
    await holders.walletPins.release(tx, msisdn)
    await holders.identities.release(tx, msisdn, at)
  }
