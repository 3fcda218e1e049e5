/**
 * The daily file that tells the carrier what we charged (post-paid reconciliation):
 * `CHG_<carrier>_<yyyymmdd>_<nnn>.txt`, UTF-8, LF, fields parted by `|`, money in fen.
 *
 *     H|CHG|CMCC|20260912|001|1.0|20260913010500
 *     D|1|CH202609120000000001|BOSS88010001|13900010001|010|6021|150|02|1500|0|20260912101530|20260912101531|1
 *     T|1|1500|0|<SHA-256 of the lines above, with their line feeds>
 *
 * The same input gives the same bytes for ever. Layout: docs/reference/charging-file.md.
 */
import { createHash } from 'node:crypto'
import {
  type Amount,
  accept,
  type BusinessDate,
  type BusinessTime,
  type Msisdn,
  national,
  type Result,
  refuse,
} from '../../kernel/index.ts'

export interface ChargingRow {
  readonly chargeId: string
  /** The carrier's own number of the charge; null while it is unknown. */
  readonly carrierRef: string | null
  readonly msisdn: Msisdn
  /** Telephone area code, `010`, or null. */
  readonly areaCode: string | null
  readonly merchantId: string
  /** Product code, or `-`. */
  readonly goods: string
  readonly feeType: 'per_use' | 'monthly'
  readonly informationFee: Amount
  readonly communicationFee: Amount
  /** Milliseconds since 1970 UTC. */
  readonly requestedAt: number
  /** Null while the outcome is unknown. */
  readonly doneAt: number | null
  readonly state: 'charged' | 'reversed_same_day' | 'unknown'
}

export interface ChargingFile {
  readonly carrier: string
  readonly date: BusinessDate
  /** 1 to 999: the file's number within its date. */
  readonly number: number
  /** Milliseconds since 1970 UTC; stored with the file, so that it can be made again. */
  readonly madeAt: number
  /** In the order of the file. */
  readonly rows: readonly ChargingRow[]
}

/** `row` counts from 1; it is 0 for the head of the file. */
export interface ChargingFileProblem {
  readonly code: 'field_malformed' | 'field_missing' | 'charge_twice' | 'too_many_rows'
  readonly row: number
  readonly field: string
}

/** One file stays below 30 MB; a day with more charges makes more files. */
export const chargingRowMax = 200_000

const feeTypes = { per_use: '02', monthly: '03' } as const
const states = { charged: '1', reversed_same_day: '2', unknown: '9' } as const

/** `CHG_CMCC_20260912_001.txt` */
export const chargingFileName = (file: Pick<ChargingFile, 'carrier' | 'date' | 'number'>): string =>
  `CHG_${file.carrier}_${compact(file.date)}_${padded(file.number)}.txt`

/**
 * The bytes of the file; `time` gives the zone of its times. Refuses, naming the first bad field,
 * rather than change a value: a separator in a value must not shift money into another column.
 */
export function chargingFile(
  file: ChargingFile,
  time: BusinessTime,
): Result<Uint8Array, ChargingFileProblem> {
  const { carrier, date, number, rows } = file
  const problem = headProblem(file) ?? rowsProblem(rows)
  if (problem) return refuse(problem)
  const stamp = (at: number) => compact(time.localOf(at))
  const lines = [
    ['H', 'CHG', carrier, compact(date), padded(number), '1.0', stamp(file.madeAt)],
    ...rows.map((row, index) => fieldsOf(row, index + 1, stamp)),
  ]
  const above = lines.map((fields) => `${fields.join('|')}\n`).join('')
  const sum = createHash('sha256').update(above).digest('hex')
  const trailer = ['T', rows.length, total(rows, 'informationFee'), total(rows, 'communicationFee')]
  return accept(Buffer.from(`${above}${trailer.join('|')}|${sum}\n`))
}

const fieldsOf = (row: ChargingRow, seq: number, stamp: (at: number) => string): string[] => [
  'D',
  String(seq),
  row.chargeId,
  row.carrierRef ?? '-',
  national(row.msisdn),
  row.areaCode ?? '-',
  row.merchantId,
  row.goods,
  feeTypes[row.feeType],
  String(row.informationFee),
  String(row.communicationFee),
  stamp(row.requestedAt),
  row.doneAt === null ? '-' : stamp(row.doneAt),
  states[row.state],
]

const shapes = {
  chargeId: /^CH\d{18}$/,
  carrierRef: /^[A-Za-z0-9_.-]{1,40}$/,
  msisdn: /^\+861[3-9]\d{9}$/,
  areaCode: /^\d{2,4}$/,
  merchantId: /^\d{4}$/,
  goods: /^[^|\p{C}\p{Zl}\p{Zp}]{1,32}$/u,
} as const

function headProblem(file: ChargingFile): ChargingFileProblem | undefined {
  const bad = (field: string) => ({ code: 'field_malformed', row: 0, field }) as const
  if (!/^[A-Z0-9]{2,8}$/.test(file.carrier)) return bad('carrier')
  if (!/^\d{4}-\d\d-\d\d$/.test(file.date)) return bad('date')
  if (!Number.isInteger(file.number) || file.number < 1 || file.number > 999) return bad('number')
  if (!isInstant(file.madeAt)) return bad('madeAt')
  if (file.rows.length > chargingRowMax) return { code: 'too_many_rows', row: 0, field: 'rows' }
  return undefined
}

function rowsProblem(rows: readonly ChargingRow[]): ChargingFileProblem | undefined {
  const seen = new Set<string>()
  for (const [index, row] of rows.entries()) {
    const bad = rowProblem(row) ?? (seen.has(row.chargeId) ? twice : undefined)
    if (bad) return { ...bad, row: index + 1 }
    seen.add(row.chargeId)
  }
  return undefined
}
const twice = { code: 'charge_twice', field: 'chargeId' } as const

function rowProblem(row: ChargingRow): Omit<ChargingFileProblem, 'row'> | undefined {
  const bad = (field: keyof ChargingRow) => ({ code: 'field_malformed', field }) as const
  const names = Object.keys(shapes) as (keyof typeof shapes)[]
  const name = names.find((field) => {
    const value = row[field]
    return value !== null && !shapes[field].test(value)
  })
  if (name) return bad(name)
  if (row.informationFee < 0n) return bad('informationFee')
  if (row.communicationFee < 0n) return bad('communicationFee')
  if (!isInstant(row.requestedAt)) return bad('requestedAt')
  if (row.doneAt !== null && !isInstant(row.doneAt)) return bad('doneAt')
  // Only a charge whose outcome is unknown may lack the time at which it was done.
  if (row.state !== 'unknown' && row.doneAt === null)
    return { code: 'field_missing', field: 'doneAt' }
  return undefined
}

/** 9999-12-31: later years would not fit the fourteen digits. */
const isInstant = (at: number): boolean =>
  Number.isInteger(at) && at >= 0 && at < Date.UTC(9999, 11, 31)

const total = (rows: readonly ChargingRow[], fee: 'informationFee' | 'communicationFee'): Amount =>
  rows.reduce((sum, row) => sum + row[fee], 0n)

const compact = (text: string): string => text.replace(/[-T:]/g, '')
const padded = (number: number): string => String(number).padStart(3, '0')
