/**
 * The daily file of a bank, in a format of our own: UTF-8, every line ended by a line feed, fields parted by
 * `|`, money in minor units.
 *
 *     H|first_bank|2026-02-05|2|12300|5000
 *     020510224137689900014842763|purchase|12300|12|settled|
 *     020511000037690100014842763|refund|5000|0|settled|020510224137689900014842763
 *     T|<SHA-256 of everything above, as 64 digits 0-9 a-f>
 *
 * Header: bank, day, number of rows, sum of what was taken from cards (purchases), sum of what was given to
 * them (everything else). Rows: key (transmission time 10, trace number 6, acquirer 11), kind, amount, fee,
 * state, key of the original for refund, void and reversal. No number has a sign but a fee, or zeros in
 * front, so that one content has one form.
 */
import type {
  BankFileKind,
  BankFileRow,
  BankFileSummary,
  Exchange,
  Totals,
} from '../../bank-cards/index.ts'

export type FileHeader = Omit<BankFileSummary, 'totals'>

const kinds: readonly BankFileKind[] = ['purchase', 'credit', 'refund', 'void', 'reversal']
const states: readonly BankFileRow['state'][] = ['settled', 'pending', 'returned']

/** A day has less; a longer file is no file of ours. */
export const fileRowsMax = 1_000_000

/** How a file names an exchange. */
export const fileKeyOf = ({ transmittedAt, stan, acquirer }: Exchange): string =>
  `${transmittedAt}${String(stan).padStart(6, '0')}${acquirer.padStart(11, '0')}`

const keyShape = /^\d{27}$/
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
  ['H', bank, date, count, debit, credit].join('|')

export function readHeader(line: string): FileHeader | string {
  const fields = line.split('|')
  const [mark, bank = '', date = '', count = '', debit = '', credit = ''] = fields
  if (mark !== 'H' || fields.length !== 6) return 'header_missing'
  if (!/^[a-z][a-z0-9_]{1,31}$/.test(bank)) return 'bank_malformed'
  if (!isDate(date)) return 'date_malformed'
  if (!/^(0|[1-9]\d{0,6})$/.test(count) || Number(count) > fileRowsMax) return 'count_malformed'
  if (![debit, credit].every((sum) => /^(0|[1-9]\d{0,20})$/.test(sum))) return 'sum_malformed'
  return { bank, date, count: Number(count), debit: BigInt(debit), credit: BigInt(credit) }
}

const isDate = (text: string) => {
  const at = Date.parse(`${text}T00:00:00Z`)
  return !Number.isNaN(at) && new Date(at).toISOString().slice(0, 10) === text
}

export interface Tally {
  add(row: Pick<BankFileRow, 'kind' | 'amount'>): void
  summary(): Omit<BankFileSummary, 'bank' | 'date'>
}

/** Adds rows up. */
export function createTally(): Tally {
  const totals = Object.fromEntries(
    kinds.map((kind) => [kind, { count: 0, amount: 0n }]),
  ) as Record<BankFileKind, { count: number; amount: bigint }>
  return {
    add({ kind, amount }) {
      totals[kind].count += 1
      totals[kind].amount += amount
    },
    summary() {
      const all = Object.values(totals)
      const debit = totals.purchase.amount
      return {
        count: all.reduce((sum, { count }) => sum + count, 0),
        debit,
        credit: all.reduce((sum, { amount }) => sum + amount, -debit),
        totals: totals satisfies Totals,
      }
    },
  }
}
