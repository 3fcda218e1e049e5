/**
 * The numbers of the sandbox, one for every behaviour (docs/guides/camara.md). They exist for test
 * clients only: a real client does not find them, and a test client finds no others.
 */
import type { Msisdn } from '../../../kernel/index.ts'
import type { RefundRefusal, Refusal } from '../../../payments/index.ts'

export const sandboxNumbers = {
  /** Pays, is refunded, at once. */
  sync: '+8613900000001',
  /** The carrier does not answer for six seconds; then it goes well. */
  async: '+8613900000002',
  /** A two-step payment asks for a code even with a three-legged token. */
  code: '+8613900000003',
  /** The carrier refuses the charge. */
  denied: '+8613900000004',
  lowCredit: '+8613900000005',
  suspended: '+8613900000006',
  /** No such number. */
  unknown: '+8613900000007',
  /** The number exists, the service does not cover it. */
  unsupported: '+8613900000008',
  /** The door is closed for six seconds, then the carrier refuses. */
  asyncDenied: '+8613900000009',
  /** Reserved without trouble, refused when confirmed. */
  deniedAtConfirm: '+8613900000010',
  unsupportedAtConfirm: '+8613900000011',
  /** Paid, but the refund is refused. */
  refundDenied: '+8613900000012',
  /** The refund is not answered for six seconds, then goes well. */
  refundAsync: '+8613900000013',
  /** … then is refused. */
  refundAsyncDenied: '+8613900000014',
  /** Paid under terms that exclude a refund. */
  notRefundable: '+8613900000015',
  /** Has spent its limit. */
  overLimit: '+8613900000016',
  /** The charge is never answered: it stays `processing`. */
  silent: '+8613900000017',
} as const satisfies Record<string, Msisdn>

const all: ReadonlySet<string> = new Set(Object.values(sandboxNumbers))

export const isSandboxNumber = (msisdn: Msisdn): boolean => all.has(msisdn)

/** Numbers that every operation turns away, whatever it is about. */
export const sandboxNumberRefusal = (msisdn: Msisdn): Refusal | undefined => numberRefusals[msisdn]

const numberRefusals: Readonly<Record<string, Refusal>> = {
  [sandboxNumbers.unknown]: 'number_unknown',
  [sandboxNumbers.unsupported]: 'number_not_eligible',
}

/** A refusal that no carrier gives, so that the sandbox gives it itself. */
export const sandboxOrderRefusal = (msisdn: Msisdn): Refusal | undefined =>
  msisdn === sandboxNumbers.overLimit ? 'over_day_limit' : undefined

export const sandboxRefundRefusal = (msisdn: Msisdn): RefundRefusal | undefined =>
  msisdn === sandboxNumbers.notRefundable ? 'refund_period_over' : undefined
