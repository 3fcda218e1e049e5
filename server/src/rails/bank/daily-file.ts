/**
 * The daily file of a bank, in a format of our own: UTF-8, every line ended by a line feed, fields parted by
 * `|`, money in minor units.
 *
 *     H|first_bank|20260205|3|12300|5000
 *     37689902051022410001484276300014427900|purchase|12300|12|done|
 *     37690102051100000001484276300014427900|refund|5000|0|done|37689902051022410001484276300014427900
 *     37690202051100070001484276300014427900|credit|700|0|accepted|
 *     T|3|<SHA-256 of everything above, as 64 digits 0-9 a-f>
 *
 * Header: bank, day, number of rows, what was taken from customers (purchases, reversals of voids), what was
 * given to them (everything else); only rows that are done count. Rows: key (trace number 6, transmission time
 * 10, acquirer and forwarder 11 each, as field 90 has them), kind, amount, fee, state, key of the original for
 * refund, void and reversal. A void stands before its reversal. No number has zeros in front, and none but a
 * fee has a sign, so that one content has one form.
 */
import type {
  BankFileKind,
  BankFileRow,
  BankFileSummary,
  DayTotals,
} from '../../bank-cards/index.ts'
import { isBusinessDate } from '../../kernel/index.ts'

export type FileHeader = Omit<BankFileSummary, 'totals'>

const kinds: readonly BankFileKind[] = ['purchase', 'credit', 'refund', 'void', 'reversal']
const states: readonly BankFileRow['state'][] = ['done', 'accepted', 'refused']

/** A day has less; a longer file is no file of ours. */
export const fileRowsMax = 1_000_000

const keyShape = /^\d{38}$/
const amountShape = /^(0|[1-9]\d{0,14})$/
const feeShape = /^(0|-?[1-9]\d{0,14})$/

/** The first field that is not as it must be. */
export function rowProblem({ key, amount, fee, kind, original }: BankFileRow): string | undefined {
  if (!keyShape.test(key)) return 'key_malformed'
  if (!amountShape.test(String(amount))) return 'amount_malformed'
  if (!feeShape.test(String(fee))) return 'fee_malformed'
  if (needsOriginal(kind) !== (original !== undefined)) return 'original_malformed'
  return original === undefined || keyShape.test(original) ? undefined : 'original_malformed'
}

const needsOriginal = (kind: BankFileKind) => kind !== 'purchase' && kind !== 'credit'

export const rowLine = ({ key, kind, amount, fee, state, original = '' }: BankFileRow): string =>
  [key, kind, amount, fee, state, original].join('|')

/** A row, or what is wrong with it. */
export function readRow(line: string): BankFileRow | string {
  const fields = line.split('|')
  const [key = '', kindText = '', amount = '', fee = '', stateText = '', original = ''] = fields
  const kind = kinds.find((it) => it === kindText)
  const state = states.find((it) => it === stateText)
  if (fields.length !== 6) return 'fields_not_six'
  if (!kind) return 'kind_unknown'
  if (!state) return 'state_unknown'
  if (!amountShape.test(amount)) return 'amount_malformed'
  if (!feeShape.test(fee)) return 'fee_malformed'
  const row: BankFileRow = {
    ...{ key, kind, amount: BigInt(amount), fee: BigInt(fee), state },
    ...(original !== '' && { original }),
  }
  return rowProblem(row) ?? row
}

export const headerLine = ({ bank, date, count, debit, credit }: FileHeader): string =>
  ['H', bank, date.replaceAll('-', ''), count, debit, credit].join('|')

export function readHeader(line: string): FileHeader | string {
  const fields = line.split('|')
  const [mark, bank = '', day = '', count = '', debit = '', credit = ''] = fields
  if (mark !== 'H' || fields.length !== 6) return 'header_missing'
  if (!/^[a-z][a-z0-9_]{1,31}$/.test(bank)) return 'bank_malformed'
  const date = day.replace(/^(\d{4})(\d\d)(\d\d)$/, '$1-$2-$3')
  if (!isBusinessDate(date)) return 'date_malformed'
  if (!/^(0|[1-9]\d{0,6})$/.test(count) || Number(count) > fileRowsMax) return 'count_malformed'
  if (![debit, credit].every((sum) => /^(0|[1-9]\d{0,20})$/.test(sum))) return 'sum_malformed'
  return { bank, date, count: Number(count), debit: BigInt(debit), credit: BigInt(credit) }
}

export interface Tally {
  /** Rows so far. */
  readonly count: number
  has(key: string): boolean
  add(row: BankFileRow): void
  summary(): Omit<BankFileSummary, 'bank' | 'date'>
}

/** Adds rows up, and remembers their keys. */
export function createTally(): Tally {
  const kindOf = new Map<string, BankFileKind>()
  const sum = () => ({ count: 0, amount: 0n })
  const totals = {
    ...{ debits: sum(), debitReversals: sum() },
    ...{ credits: sum(), creditReversals: sum() },
  } satisfies DayTotals
  const placeOf = ({ kind, original = '' }: BankFileRow): keyof DayTotals => {
    if (kind === 'purchase') return 'debits'
    if (kind !== 'reversal') return 'credits'
    return kindOf.get(original) === 'void' ? 'creditReversals' : 'debitReversals'
  }
  return {
    get count() {
      return kindOf.size
    },
    has: (key) => kindOf.has(key),
    add(row) {
      kindOf.set(row.key, row.kind)
      if (row.state !== 'done') return
      const place = totals[placeOf(row)]
      place.count += 1
      place.amount += row.amount
    },
    summary: () => ({
      count: kindOf.size,
      debit: totals.debits.amount + totals.creditReversals.amount,
      credit: totals.credits.amount + totals.debitReversals.amount,
      totals,
    }),
  }
}
