/** The journals of differences. A transfer has the id of the act that wrote it, so it can be written once. */
import { assert, type BusinessDate, bucketOfId } from '../kernel/index.ts'
import {
  type AccountRef,
  bankClearing,
  bankLongSuspense,
  bankShortSuspense,
  ownBank,
  type Reason,
  reasons,
  type TransferBetweenBuckets,
  userBalance,
} from '../ledger/index.ts'
import type { Act } from './act.ts'

interface Journal {
  readonly debit: AccountRef
  readonly credit: AccountRef
  readonly reason: Reason
}

/** Undefined of an act that moves no money. */
export function transferOf(
  act: Act,
  businessDate: BusinessDate,
): TransferBetweenBuckets | undefined {
  const journal = journalOf(act)
  if (!journal || act.amount === null) return undefined
  return {
    ...{ ...journal, kind: 'between_buckets', id: act.id, amount: act.amount, businessDate },
    subject: subjectOf(act),
  }
}

export const subjectOf = ({ differenceId }: Pick<Act, 'differenceId'>) =>
  `difference:${differenceId}`

function journalOf({ id, kind, bank, side, wallet }: Act): Journal | undefined {
  const bucket = bucketOfId(id)
  assert(bucket !== undefined, 'an act has an id of ours')
  const clearing = bankClearing(bucket, bank)
  const long = bankLongSuspense(bucket, bank)
  switch (kind) {
    case 'to_suspense':
      return side === 'long'
        ? { debit: clearing, credit: long, reason: reasons.differenceLong }
        : {
            debit: bankShortSuspense(bucket, bank),
            credit: clearing,
            reason: reasons.differenceShort,
          }
    case 'identified': {
      assert(wallet, 'somebody was identified')
      const credit = userBalance(wallet.bucket, wallet.id)
      return { debit: long, credit, reason: reasons.differenceIdentified }
    }
    case 'covered':
      return { debit: clearing, credit: ownBank(bucket), reason: reasons.differenceCovered }
    default:
      return undefined
  }
}
