/**
 * What a response code means for the verb it answers. The code is of an intact answer to this very exchange;
 * what is not is `unknown` before it comes here.
 *
 *     class   no money   debit      undo       credit
 *     A       done       done       done       done
 *     P       unknown    partial    unknown    unknown
 *     W       unknown    unknown    unknown    accepted
 *     U       unknown    unknown    unknown    unknown
 *     R¹      refused    refused    unknown    unknown      ¹ 91 and 92: the bank may have acted after all
 *     F R S I refused    refused    refused²   refused      ² of a reversal, R and S are unknown: it is repeated
 */
import type { BankAnswer, BankRefusal } from '../../bank-cards/index.ts'
import { ourCodeOf, ruleOf } from './response-codes.ts'

export type VerbKind =
  /** Card verification and balance. */
  | 'no_money'
  /** Purchase. */
  | 'debit'
  /** Reversal of a purchase, repeated until answered. */
  | 'reversal'
  /** Refund and void, under an exchange of their own. */
  | 'undo'
  /** Pay-out. */
  | 'credit'

export type Verdict =
  | { readonly outcome: 'done' | 'partial' }
  | { readonly outcome: 'accepted'; readonly code: string }
  | Exclude<BankAnswer<never>, { outcome: 'done' | 'unsent' }>

export function verdictOn(code: string, verb: VerbKind): Verdict {
  const rule = ruleOf(code)
  switch (rule.class) {
    case 'A':
      return { outcome: 'done' }
    case 'P':
      return verb === 'debit' ? { outcome: 'partial' } : unclear(code, { alarm: true })
    case 'W':
      return verb === 'credit' ? { outcome: 'accepted', code: ourCodeOf(code) } : unclear(code)
    case 'U':
      return unclear(code)
    default:
      return mayHaveActed(rule, verb)
        ? unclear(code)
        : { outcome: 'refused', refusal: { ...rule, code: ourCodeOf(code) } }
  }
}

/** Whether the bank may have done, or may still do, what it seems to refuse. */
function mayHaveActed(rule: Pick<BankRefusal, 'after' | 'class'>, verb: VerbKind): boolean {
  if (verb === 'reversal') return rule.class === 'R' || rule.class === 'S'
  return rule.after === 'reversal' && (verb === 'credit' || verb === 'undo')
}

const unclear = (code: string, { alarm } = { alarm: false }): Verdict => ({
  ...{ outcome: 'unknown', detail: `code_${code}`, code: ourCodeOf(code), alarm },
})
