/**
 * A biller in memory that does as it is told: what it has written off, and what the next calls answer. Without
 * orders it behaves well, under the rules of docs/reference/biller-http.md.
 */
import type {
  BillerAnswer,
  BillerFacts,
  BillerRefusal,
  Connected,
  Due,
  FileRow,
  Standing,
  WriteOff,
  WrittenOff,
} from '../../server/src/billers/index.ts'
import type { Clock } from '../../server/src/kernel/index.ts'

/** `silent` did nothing, `lost` did it and says nothing, `unsent` was not reached. */
export type Order = 'silent' | 'lost' | 'unsent' | BillerRefusal

export const powerFacts: BillerFacts = {
  code: 'power',
  kind: 'power',
  name: { zh: '江城供电', en: 'Jiangcheng Power' },
  city: { zh: '江城', en: 'Jiangcheng' },
  account: { zh: '户号', en: 'Customer no.', pattern: /^\d{10}$/ },
  bank: 'ABC',
}

export const usualDue: Due = {
  billNo: 'B1',
  holder: '*晚',
  items: [{ period: '2026-08', amount: '8640' }],
  due: 86_40n,
  min: 86_40n,
  max: 86_40n,
}

export function createScriptedBiller(clock: Clock, dateOf: (at: number) => string) {
  const paid = new Map<string, WrittenOff & { amount: bigint }>()
  /** Never taken any more. */
  const dead = new Set<string>()
  const orders: Order[] = []
  const calls: string[] = []
  let isAsleep = false
  let isNothingDue = false
  let due: Due = usualDue
  let fileRows: ((date: string) => readonly FileRow[] | null) | undefined

  async function say<Value>(
    verb: string,
    work: () => BillerAnswer<Value>,
  ): Promise<BillerAnswer<Value>> {
    calls.push(verb)
    if (isAsleep && verb !== 'file') return { outcome: 'unknown', detail: 'no_answer_in_time' }
    const order = orders.shift()
    switch (order) {
      case undefined:
        return work()
      case 'unsent':
        return { outcome: 'unsent', detail: 'econnrefused' }
      case 'lost':
        work()
        return { outcome: 'unknown', detail: 'no_answer_in_time' }
      case 'silent':
        return { outcome: 'unknown', detail: 'no_answer_in_time' }
      default:
        return { outcome: 'refused', reason: order }
    }
  }

  function take({ paymentNo, amount, notAfter }: WriteOff): BillerAnswer<WrittenOff> {
    const before = paid.get(paymentNo)
    if (before) return { outcome: 'done', value: before }
    if (dead.has(paymentNo) || clock.now() > notAfter)
      return { outcome: 'refused', reason: 'refused' }
    const value = { receiptNo: `R${paid.size + 1}`, date: dateOf(clock.now()), amount }
    paid.set(paymentNo, value)
    return { outcome: 'done', value }
  }

  const biller: Connected = {
    facts: powerFacts,
    inquire: () =>
      say('inquire', () =>
        isNothingDue
          ? { outcome: 'refused', reason: 'nothing_due' }
          : { outcome: 'done', value: due },
      ),
    pay: (writeOff) => say('pay', () => take(writeOff)),
    query: (paymentNo) =>
      say<Standing>('query', () => {
        const one = paid.get(paymentNo)
        if (one) return { outcome: 'done', value: { state: 'written_off', ...one } }
        const state = dead.has(paymentNo) ? 'not_written_off' : 'not_found'
        return { outcome: 'done', value: { state } }
      }),
    reverse: (paymentNo) =>
      say('reverse', () => {
        paid.delete(paymentNo)
        dead.add(paymentNo)
        return { outcome: 'done', value: { state: 'reversed' } }
      }),
    file: (date) =>
      say('file', () => {
        const own = [...paid].flatMap(([paymentNo, one]) =>
          one.date === date ? [{ paymentNo, amount: one.amount, receiptNo: one.receiptNo }] : [],
        )
        const rows = fileRows ? fileRows(date) : own
        return { outcome: 'done', value: rows && { date, rows } }
      }),
  }
  return {
    biller,
    paid,
    dead,
    calls,
    /** For the next calls, in this order. */
    order: (...all: readonly Order[]) => void orders.push(...all),
    forgetOrders: () => void orders.splice(0),
    /** Answers nothing and does nothing, but for its files. */
    asleep: (asleep: boolean) => {
      isAsleep = asleep
    },
    nothingDue: (nothing: boolean) => {
      isNothingDue = nothing
    },
    /** Says no to this payment, whenever it comes. */
    refuseAll: (paymentNo: string) => void dead.add(paymentNo),
    owes: (change: Partial<Due>) => {
      due = { ...usualDue, ...change }
    },
    /** Instead of what it knows itself. */
    files: (rows: ((date: string) => readonly FileRow[] | null) | null) => {
      fileRows = rows ?? undefined
    },
  }
}

export type ScriptedBiller = ReturnType<typeof createScriptedBiller>
