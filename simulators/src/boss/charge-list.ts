/**
 * Many charges in one request, each with an answer of its own, and each struck by faults of its own:
 * an answer that is lost is missing in the list, one that is late delays the list, and one that cuts
 * the link or breaks the server leaves the charges after it undone.
 */
import { type Answer, answer, failure, writeCharge } from './answer.ts'
import type { Billing } from './billing.ts'
import { attempt, broken, type Call, lateMsOf, sendText, withForeignIds } from './delivery.ts'
import type { Fault, FaultKind } from './fault.ts'
import { isChargeId, isObject, readContent } from './request.ts'

/** How many charges one request may have. */
export const listMax = 100

export interface ListedCharge {
  readonly chargeId: string
  /** Does the charge and gives its answer. */
  readonly work: () => Answer
}

type ListCall = Pick<Call, 'reply' | 'requestId' | 'later'>

/** The charges of a body, or undefined when it is no list of them: then nothing is done. */
export function readList(
  billing: Pick<Billing, 'charge'>,
  body: unknown,
): ListedCharge[] | undefined {
  const charges = isObject(body) ? body.charges : undefined
  if (!Array.isArray(charges) || charges.length === 0 || charges.length > listMax) return undefined
  const listed = charges.flatMap((one: unknown): ListedCharge[] => {
    if (!isObject(one) || !isChargeId(one.chargeId)) return []
    const { chargeId } = one
    const content = readContent(one)
    const work = () =>
      content
        ? answer(billing.charge(chargeId, content), { chargeId }, writeCharge)
        : failure('bad_request', { chargeId })
    return [{ chargeId, work: () => attempt(work) }]
  })
  return listed.length === charges.length ? listed : undefined
}

/** What is done with a list, one charge after another. */
interface Progress {
  readonly call: ListCall
  readonly answers: unknown[]
  lateMs: number
  /** Set when the charges after this one are not done any more. */
  ending: 'cut' | 'broken' | undefined
}

/** Does the charges and answers them all at once. `take` gives the fault that strikes the next one. */
export function deliverList(
  call: ListCall,
  charges: readonly ListedCharge[],
  take: () => Fault | undefined,
): void {
  call.reply.hijack()
  const progress: Progress = { call, answers: [], lateMs: 0, ending: undefined }
  for (const charge of charges) {
    const fault = take()
    if (fault) strikes[fault.kind](progress, charge, fault)
    else progress.answers.push(charge.work().body)
    if (progress.ending) break
  }
  const answerAll = () => {
    if (progress.ending === 'cut') call.reply.raw.socket?.destroy()
    else if (progress.ending === 'broken')
      sendText(call, broken.status, JSON.stringify(broken.body))
    else sendText(call, 200, JSON.stringify({ charges: progress.answers }))
  }
  if (progress.lateMs > 0) call.later(progress.lateMs, answerAll)
  else answerAll()
}

type Strike = (progress: Progress, charge: ListedCharge, fault: Fault) => void

const strikes: Readonly<Record<FaultKind, Strike>> = {
  away: ({ answers }, { work }) => void answers.push(work().body),
  lost_request: () => {},
  lost_answer: (_progress, { work }) => void work(),
  answers_late(progress, { work }, fault) {
    progress.answers.push(work().body)
    progress.lateMs = Math.max(progress.lateMs, lateMsOf(fault))
  },
  works_late(progress, { work }, fault) {
    const ms = lateMsOf(fault)
    progress.lateMs = Math.max(progress.lateMs, ms)
    // Registered before the answer to the list, so it is done before that leaves.
    progress.call.later(ms, () => void progress.answers.push(work().body))
  },
  answers_twice({ answers }, { work }) {
    const { body } = work()
    answers.push(body, body)
  },
  commits_and_drops_link(progress, { work }) {
    work()
    progress.ending = 'cut'
  },
  drops_link(progress) {
    progress.ending = 'cut'
  },
  http_500(progress) {
    progress.ending = 'broken'
  },
  http_500_after(progress, { work }) {
    work()
    progress.ending = 'broken'
  },
  garbled_answer({ answers }, { work }) {
    work()
    answers.push('???')
  },
  foreign_answer: ({ answers }, { work }) => void answers.push(withForeignIds(work()).body),
  refuse: ({ answers }, { chargeId }, { reason }) =>
    void answers.push(failure(reason ?? 'low_credit', { chargeId }).body),
}
