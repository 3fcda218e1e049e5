/**
 * A text message from a handset, read but not yet understood: what it means depends on what is
 * pending, and that only the purchase knows. The SMS channel fills this in (`channels/sms/reading.ts`).
 */
import type { Amount, Msisdn } from '../kernel/index.ts'

/** Every meaning the words can have; the purchase takes the first that fits (see `decide/text.ts`). */
export interface Reading {
  /** Normalised: half-width, trimmed, single spaces, upper case, no trailing punctuation. */
  readonly text: string
  /** `TD`, `退订`, `STOP` …: ends monthly plans; `0000`, `00000`, `11111` ask and stop. */
  readonly stop: boolean
  /** `QX` and `取消`, which cancel a pending purchase before they touch a plan. */
  readonly cancel: boolean
  readonly no: boolean
  /** A yes-word; `pick` is the 2 of `Y2`. */
  readonly yes: { readonly pick: number | null } | null
  /** Four to six digits: a payment code. */
  readonly code: string | null
  /** `G3`, `G3#account`, a keyword, a keyword and an account. */
  readonly product: { readonly word: string; readonly account: string | null } | null
  /** `0.1` to `30`, in fen. */
  readonly amount: Amount | null
}

export interface Incoming {
  readonly from: Msisdn
  /** The number the text was sent to, digits only. */
  readonly to: string
  readonly reading: Reading
  /** When the gateway handed it to us: an answer is in time or late by this instant. */
  readonly receivedAt: number
  /** The gateway and its message id when it gives one: the same message is taken once. */
  readonly gateway: string
  readonly messageId: string | null
}
