/**
 * What a bank's file makes of an operation that is open. Pure. A file that was read to its end and adds up to
 * what the bank told decides; where it told nothing, only what stands in the file does.
 *
 *     row                debit                         credit, refund
 *     done               unknown ▸ done, or reversed   unknown, accepted ▸ done
 *     reversal, done     reversing, unknown ▸ reversed
 *     accepted                                         unknown ▸ accepted
 *     refused                                          unknown, accepted ▸ refused
 *     none               reversing, unknown ▸ reversed unknown ▸ refused
 *
 * A debit of which another purchase may stand goes on being reversed, and a no decides nothing while another
 * message may have been done.
 */
import type { BankFileRow } from '../bank-file.ts'
import type { Settlement, Situation } from './settle.ts'
import { lateRefusal, saidNo } from './settle-late.ts'

export interface Filed {
  readonly row: Pick<BankFileRow, 'kind' | 'amount' | 'state'>
  /** Whether the file has a reversal of it. */
  readonly isReversed: boolean
}

/** Undefined when it decides nothing: then what differs is listed. */
export function settleByFile(situation: Situation, filed: Filed): Settlement | undefined {
  const { operation, sent } = situation
  const { row, isReversed } = filed
  const { kind, state } = operation
  if (row.kind !== sent.kind || row.amount !== sent.amount) return undefined
  if (situation.othersStand && (kind === 'debit' || row.state === 'refused')) return undefined
  if (kind === 'debit') {
    const isBack = row.kind === 'reversal' || isReversed
    if (row.state !== 'done') return undefined
    if (isBack && (state === 'reversing' || state === 'unknown')) return to('reversed', 'approved')
    return state === 'unknown' ? yes('done', sent) : undefined
  }
  if (state !== 'unknown' && state !== 'accepted') return undefined
  if (row.state === 'done') return yes('done', sent)
  if (row.state === 'refused') return refused('file_refused')
  return state === 'unknown' ? yes('accepted', sent) : undefined
}

/** Of a message that is in no file of the days it can be in. */
export function settleByAbsence(situation: Situation): Settlement | undefined {
  const { operation, sent } = situation
  const { kind, state } = operation
  if (sent.state === 'begun' || situation.othersStand) return undefined
  if (kind === 'debit')
    return state === 'reversing' || state === 'unknown' ? to('reversed', sent.state) : undefined
  return state === 'unknown' ? refused('file_absent') : undefined
}

/** A code that is not in the bank's table: the file has no codes. */
const refused = (detail: string): Settlement => ({
  sent: { state: 'refused' },
  operation: { state: 'refused', refusal: lateRefusal('BR-99'), detail },
})

const yes = (state: 'done' | 'accepted', sent: Situation['sent']): Settlement => ({
  ...to(state, state === 'done' ? 'approved' : state),
  ...(saidNo(sent) && { alarm: `filed_after_${sent.state}` }),
})

const to = (
  state: 'done' | 'reversed' | 'accepted',
  sent: Situation['sent']['state'],
): Settlement => ({
  sent: { state: sent },
  operation: { state, detail: `file_${state}`, sealedPin: null },
})
