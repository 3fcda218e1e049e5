/**
 * Which bank a card number belongs to, by how it begins (ISO/IEC 7812-1), and on what terms that bank's
 * cards may be bound. It is a file that the operator replaces by the card network's own; a card that it does
 * not name is not taken, so it also says which cards carry the network's mark.
 */
import { z } from 'zod'
import { type Amount, accept, type Result, refuse, type Secret } from '../kernel/index.ts'
import type { CardKind } from './binding.ts'

const bankName = z.string().regex(/^[a-z][a-z0-9_]{1,31}$/, 'must be 2 to 32 of a-z, 0-9 and _')
const fen = z
  .string()
  .regex(/^\d{1,15}$/, 'must be fen as a string of digits')
  .transform(BigInt)
const cardLength = z.int().min(13, 'must be 13 to 19').max(19, 'must be 13 to 19')

const tableSchema = z.strictObject({
  banks: z.array(
    z.strictObject({
      name: bankName,
      zh: z.string().min(1),
      en: z.string().min(1),
      /** Whether cards may be bound; bound ones stay. */
      open: z.boolean().default(true),
      /** How region codes (GB/T 2260) of its regions begin; none for everywhere. */
      regions: z.array(z.string().regex(/^\d{2,6}$/, 'must be 2 to 6 digits')).default([]),
      /** What one card may pay a day; null for the bank's own limit alone. */
      dayLimit: z.strictObject({ debit: fen.nullable(), credit: fen.nullable() }),
    }),
  ),
  bins: z.array(
    z.strictObject({
      begins: z.string().regex(/^\d{6,10}$/, 'must be 6 to 10 digits'),
      lengths: z.array(cardLength).min(1),
      kind: z.enum(['debit', 'credit']),
      bank: bankName,
    }),
  ),
})

export interface BankTerms {
  readonly name: string
  readonly zh: string
  readonly en: string
  readonly open: boolean
  readonly regions: readonly string[]
  readonly dayLimit: Readonly<Record<CardKind, Amount | null>>
}

export interface Issuer {
  readonly bank: string
  readonly kind: CardKind
  /** As the vault keeps it. */
  readonly binLength: 6 | 8
}

export interface BinTable {
  /** Undefined for a number that no bank of the table has issued, or that is none. */
  issuerOf(pan: Secret): Issuer | undefined
  termsOf(bank: string): BankTerms | undefined
}

/** Refuses with what is wrong, a line each. */
export function parseBinTable(text: string): Result<BinTable, readonly string[]> {
  const json = readJson(text)
  if (json === undefined) return refuse(['the BIN table is not JSON'])
  const read = tableSchema.safeParse(json)
  if (!read.success)
    return refuse(
      read.error.issues.map(({ path, message }) => `BIN table, ${path.join('.')}: ${message}`),
    )
  const { banks, bins } = read.data
  const terms = new Map(banks.map((bank) => [bank.name, bank]))
  const issuers = new Map(bins.map((bin) => [bin.begins, bin]))
  const wrong = [
    ...(terms.size < banks.length ? ['BIN table: a bank is named twice'] : []),
    ...(issuers.size < bins.length ? ['BIN table: a beginning is named twice'] : []),
    ...bins.flatMap(({ begins, bank }) =>
      terms.has(bank) ? [] : [`BIN table: ${begins} is of ${bank}, which is not among the banks`],
    ),
  ]
  if (wrong.length > 0) return refuse(wrong)
  return accept({
    termsOf: (bank) => terms.get(bank),
    issuerOf(pan) {
      const digits = pan.reveal()
      // The longest beginning is the most exact.
      for (let length = beginsMax; length >= beginsMin; length -= 1) {
        const bin = issuers.get(digits.slice(0, length))
        if (bin === undefined) continue
        if (!bin.lengths.includes(digits.length)) return undefined
        return { bank: bin.bank, kind: bin.kind, binLength: length < 8 ? 6 : 8 }
      }
      return undefined
    },
  })
}

const beginsMin = 6
const beginsMax = 10

export const isOpenIn = ({ open, regions }: BankTerms, region: string): boolean =>
  open && (regions.length === 0 || regions.some((begin) => region.startsWith(begin)))

function readJson(text: string): unknown {
  try {
    return JSON.parse(text) ?? undefined
  } catch {
    return undefined
  }
}
