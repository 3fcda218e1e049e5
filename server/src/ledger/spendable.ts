/** What can be spent of an account: pending debits count as spent, pending credits do not count. */
import type { Balances } from './transfer.ts'

export const spendable = (account: Omit<Balances, 'creditsPending'> | undefined): bigint =>
  account ? account.creditsPosted - account.debitsPosted - account.debitsPending : 0n
