/**
 * The front door of bills: what channels may ask. Whoever pays has had his PIN checked. A payment has a key: said
 * again with the same content it answers with what it came to then, as it is now.
 */

import type { Tx } from '../db/index.ts'
import type { Page } from '../db/table-store.ts'
import type { Amount, Msisdn, Result } from '../kernel/index.ts'
import type { BillAccount } from './account.ts'
import type { Bill, Channel } from './bill.ts'
import type { BillerFacts } from './biller.ts'
import type { Finding, FindingRefusal } from './command.ts'
import type { Refusal } from './words.ts'

/** What stands behind a refusal, for the text that tells it. */
export interface Detail {
  /** What is there or may be paid; of a range the least, with `most`. */
  readonly left?: Amount
  readonly most?: Amount
  readonly until?: number
}

export type Answer<Value> =
  | { readonly ok: true; readonly value: Value }
  | ({ readonly ok: false; readonly refusal: Refusal } & Detail)

export interface Inquiry {
  readonly msisdn: Msisdn
  readonly biller: string
  readonly accountNo: string
}

export interface Payment {
  readonly msisdn: Msisdn
  readonly billId: string
  /** Where the biller leaves it open; what is due without it. */
  readonly amount?: Amount
  readonly channel: Channel
  /** Of the caller's making and with its name in front, for example `web:<uuid>`. */
  readonly key: string
}

/** `replayed`: the key was used before, and nothing was done. */
export interface Paid {
  readonly bill: Bill
  readonly replayed: boolean
}

export interface Keep {
  readonly msisdn: Msisdn
  readonly biller: string
  readonly accountNo: string
  readonly label: string
  readonly remindDay: number | null
}

export interface Billers {
  list(): readonly BillerFacts[]
  /** Asks the biller what is due. The answer is good for ten minutes. */
  inquire(inquiry: Inquiry): Promise<Answer<Bill>>
  pay(payment: Payment): Promise<Answer<Paid>>
  bill(id: string): Promise<Bill | undefined>
  /** Those that were paid for, newest first. */
  bills(walletId: string, page: Page): Promise<readonly Bill[]>
  /** Waits until the biller has answered, at most so long. */
  settled(id: string, timeoutMs: number): Promise<Bill | undefined>
  /** Kept, or changed where it was kept already. */
  keep(keep: Keep): Promise<Answer<BillAccount>>
  forget(one: { readonly msisdn: Msisdn; readonly accountId: string }): Promise<Answer<BillAccount>>
  accounts(walletId: string): Promise<readonly BillAccount[]>
  /** What people have found out with the biller, in the transaction of whoever writes down who they were. */
  findOut(
    tx: Tx,
    found: { readonly billId: string; readonly finding: Finding; readonly now: number },
  ): Promise<Result<Bill, FindingRefusal>>
  /** The number is given up, in the transaction of that: nothing is remembered for its next owner. */
  release(tx: Tx, msisdn: Msisdn): Promise<void>
}
