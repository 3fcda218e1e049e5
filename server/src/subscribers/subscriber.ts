/** A mobile number and what the carrier and its owner say of it. */
import type { Amount, Msisdn } from '../kernel/index.ts'

export interface Subscriber {
  readonly bucket: number
  readonly msisdn: Msisdn
  readonly carrier: string
  /** 全球通 / 神州行 / 动感地带, as the carrier names it. */
  readonly brand: string
  readonly billing: 'prepaid' | 'postpaid'
  /** GB/T 2260, six digits. */
  readonly region: string
  readonly language: 'zh' | 'en'
  readonly status: 'active' | 'suspended' | 'closed'
  readonly simKind: 'ordinary' | 'wallet'
  readonly handsetModel: string | null
  /** The owner's own switch for carrier billing, and own lower limits (null: the operator's). */
  readonly switchedOn: boolean
  readonly ownSingleLimit: Amount | null
  readonly ownDayLimit: Amount | null
  readonly ownMonthLimit: Amount | null
  readonly lastYesAt: number | null
  /** When the carrier last gave the number another SIM: whoever has it may be a thief. */
  readonly simChangedAt: number | null
}

const hourMs = 3_600_000

/** Until when no money leaves after a change of SIM; null when it never changed. */
export const coolOffUntil = (
  { simChangedAt }: Pick<Subscriber, 'simChangedAt'>,
  policy: { readonly simCoolOffHours: number },
): number | null => (simChangedAt === null ? null : simChangedAt + policy.simCoolOffHours * hourMs)
