/** What can be spent of an account: pending debits count as spent, pending credits do not count. */
import type { Account } from './transfer.ts'

export const spendable = (account: Account | undefined): bigint =>
  account ? account.creditsPosted - account.debitsPosted - account.debitsPending : 0n
