/**
 * Goes to the biller for what a bill needs, one trip a job. The intent was committed before, and everything a biller
 * is asked is idempotent under the bill's id, so a trip repeated after a crash does no harm. What became unknown is
 * only asked about, and taken back: it is not paid again.
 */
import type { Biller, BillerAnswer, Reversal, Standing, WrittenOff } from './biller.ts'
import type { Outcome } from './command.ts'
import type { KeptBill } from './rows.ts'
import { notAfterMs } from './waits.ts'

export async function tripFor(
  biller: Biller | undefined,
  bill: KeptBill,
  now: number,
): Promise<Outcome | null> {
  if (!biller) return { kind: 'unknown', detail: 'biller_not_configured' }
  switch (bill.state) {
    case 'writing_off':
      return pay(biller, bill, now)
    case 'write_off_unknown':
      return toldOf(await biller.query(bill.id), standing)
    case 'refunding':
      return toldOf(await biller.reverse(bill.id), reversal)
    default:
      return null
  }
}

async function pay(biller: Biller, bill: KeptBill, now: number): Promise<Outcome> {
  const { id, accountNo, billNo, amount, paidAt } = bill
  if (amount === null || paidAt === null) throw new Error('a bill is written off once it is paid')
  const notAfter = paidAt + notAfterMs
  if (now >= notAfter) return { kind: 'unknown', detail: 'too_late_to_send' }
  const writeOff = { paymentNo: id, accountNo, billNo, amount, notAfter }
  return outcomeOf(await biller.pay(writeOff), written)
}

const written = (value: WrittenOff): Outcome => ({ kind: 'written_off', ...value })

function standing(value: Standing): Outcome {
  if (value.state === 'written_off') return writtenOf(value)
  return value.state === 'not_found'
    ? { kind: 'not_found' }
    : { kind: 'not_written_off', reason: 'refused' }
}

const reversal = (value: Reversal): Outcome =>
  value.state === 'written_off'
    ? writtenOf(value)
    : { kind: 'not_written_off', reason: 'taken_back' }

const writtenOf = ({ receiptNo, date }: WrittenOff): Outcome => written({ receiptNo, date })

function outcomeOf<Value>(answer: BillerAnswer<Value>, read: (value: Value) => Outcome): Outcome {
  switch (answer.outcome) {
    case 'done':
      return read(answer.value)
    case 'refused':
      return { kind: 'not_written_off', reason: answer.reason }
    case 'unknown':
    case 'unsent':
      return { kind: answer.outcome, detail: answer.detail }
  }
}

/** A question that is refused leaves us where we were: only a payment can be. */
function toldOf<Value>(answer: BillerAnswer<Value>, read: (value: Value) => Outcome): Outcome {
  return answer.outcome === 'refused'
    ? { kind: 'unknown', detail: `question_${answer.reason}` }
    : outcomeOf(answer, read)
}
