/** The work that movements leave behind, by topic. */
export const topics = {
  /** The next step at the bank for a movement; payload `{msisdn, walletId}`. */
  drive: 'wallet.drive',
  /** A top-up that the bank made after it was given up: taken back until the bank says so. */
  undo: 'wallet.undo',
} as const
