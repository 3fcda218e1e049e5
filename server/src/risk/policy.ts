/**
 * The operator's policy for carrier billing and wallets, as data (CB-6, CB-7, A-3, A-5, W-6). Amounts in
 * fen, times in ms unless the name says hours. The defaults for carrier billing are the published limits of the
 * first such service; each operator sets its own.
 */
export interface Policy {
  readonly amountMin: bigint
  readonly singleLimit: bigint
  readonly dayLimit: bigint
  readonly monthLimit: bigint
  /** Of one bound card: for one purchase, and for all of a day. A bank may allow less. */
  readonly cardSingleLimit: bigint
  readonly cardDayLimit: bigint
  /** Cash over a counter above this needs a second person. */
  readonly cashApprovalAbove: bigint
  /** Between the yes times of two payments of one number. */
  readonly intervalMs: number
  /** How long a question stays open, by channel. */
  readonly smsReplyMs: number
  readonly webReplyMs: number
  /** How long a reservation waits for the merchant; less than the carrier's own five minutes. */
  readonly reservationMs: number
  /** Shown before the purchase; the carrier charges it, not we (CB-13). */
  readonly smsTariff: bigint
  readonly smsOn: boolean
  readonly webOn: boolean
  readonly apiOn: boolean
  /** The most that one top-up, cash movement or same-day withdrawal moves. */
  readonly walletSingleLimit: bigint
  /** What may leave a wallet in a day, and by its class: ever, or in a year. */
  readonly walletDayLimit: bigint
  readonly classILimit: bigint
  readonly classIIYearLimit: bigint
  readonly classIIIYearLimit: bigint
  /** What is paid from the balance on the owner's own signed-in device without the PIN, at most. */
  readonly walletPinFreeLimit: bigint
  /** Paid by codes in a day from a card or a wallet: printed ones, and others without the PIN and with it. */
  readonly staticCodeDayLimit: bigint
  readonly oneFactorCodeDayLimit: bigint
  readonly twoFactorCodeDayLimit: bigint
  /** Above it the payee's name is asked for once. */
  readonly transferNameAbove: bigint
  /** From it on 24 h are offered first, where the payee's name was never given. */
  readonly transferDelayFrom: bigint
  readonly transferDayCount: number
  /** Of one bill that several people pay. */
  readonly splitTotalMax: bigint
  /** Whether who sent a red packet may open it too. */
  readonly packetOwnOn: boolean
  /** The fee of a same-day withdrawal, on top of it: its rate, the least, and what a wallet withdraws free, ever. */
  readonly withdrawalFeeBasisPoints: number
  readonly withdrawalFeeMin: bigint
  readonly withdrawalFreeEver: bigint
  /** After a change of SIM, for money out of a wallet. */
  readonly simCoolOffHours: number
  /** Wrong wallet PINs in a row, over all channels, that lock it. */
  readonly pinTriesMax: number
  /** How long an initial PIN can be changed into the owner's own. */
  readonly initialPinHours: number
}

export const defaultPolicy: Policy = {
  amountMin: 10n,
  singleLimit: 30_00n,
  dayLimit: 50_00n,
  monthLimit: 100_00n,
  cardSingleLimit: 1_000_00n,
  cardDayLimit: 5_000_00n,
  cashApprovalAbove: 5_000_00n,
  intervalMs: 60_000,
  smsReplyMs: 30 * 60_000,
  webReplyMs: 10 * 60_000,
  reservationMs: 4 * 60_000,
  smsTariff: 10n,
  smsOn: true,
  webOn: true,
  apiOn: true,
  walletSingleLimit: 50_000_00n,
  walletDayLimit: 50_000_00n,
  classILimit: 1_000_00n,
  classIIYearLimit: 100_000_00n,
  classIIIYearLimit: 200_000_00n,
  walletPinFreeLimit: 200_00n,
  staticCodeDayLimit: 500_00n,
  oneFactorCodeDayLimit: 1_000_00n,
  twoFactorCodeDayLimit: 5_000_00n,
  transferNameAbove: 1_000_00n,
  transferDelayFrom: 5_000_00n,
  transferDayCount: 100,
  splitTotalMax: 5_000_00n,
  packetOwnOn: true,
  withdrawalFeeBasisPoints: 10,
  withdrawalFeeMin: 10n,
  withdrawalFreeEver: 0n,
  simCoolOffHours: 72,
  pinTriesMax: 5,
  initialPinHours: 72,
}
