/** Whose money may pay for what a page sells, and how much of it at once; the operator's word for everybody. */
import type { Amount } from '../../kernel/index.ts'
import type { Source } from '../../payments/index.ts'
import type { Policy } from '../../risk/index.ts'

export interface SourceTools {
  readonly policy: () => Policy
  /** Whether a bound card may pay on the page at all. */
  readonly acceptsCards: boolean
  /** The same of the balance of a wallet. */
  readonly acceptsWallets: boolean
}

export interface Limits {
  readonly single: Amount
  readonly day: Amount
  /** A card and a wallet have none. */
  readonly month: Amount | null
}

export type Offered = Readonly<Partial<Record<Source, Limits>>>

/** A source that cannot pay this amount at once is not offered; without any, nothing is for sale. */
export function sourcesFor(amount: Amount, tools: SourceTools): Offered {
  const { policy, acceptsCards, acceptsWallets } = tools
  const { singleLimit, dayLimit, monthLimit, cardSingleLimit, cardDayLimit } = policy()
  const { walletSingleLimit, walletDayLimit } = policy()
  return {
    ...(amount <= singleLimit && {
      phone_bill: { single: singleLimit, day: dayLimit, month: monthLimit },
    }),
    ...(acceptsCards &&
      amount <= cardSingleLimit && {
        card: { single: cardSingleLimit, day: cardDayLimit, month: null },
      }),
    ...(acceptsWallets &&
      amount <= walletSingleLimit && {
        wallet: { single: walletSingleLimit, day: walletDayLimit, month: null },
      }),
  }
}
