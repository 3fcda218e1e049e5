/** The front door of wallets' statements: pages of lines, one line as a receipt, and files of a span of time. */
import type { Database } from '../db/index.ts'
import { type BusinessTime, bucketOfId, type Clock, masked } from '../kernel/index.ts'
import { readPurses } from '../wallet/index.ts'
import { csvOf } from './csv.ts'
import type { Line, LineFilter } from './line.ts'
import { readLines } from './line-store.ts'
import { pdfOf } from './pdf.ts'
import { filterText, type Language } from './words.ts'

/** So that an answer is read by people, and a file fits into memory. */
export const pageMax = 200
export const fileLinesMax = 10_000

export interface Span extends Pick<LineFilter, 'walletId' | 'kinds' | 'text'> {
  /** `from <= at < to`, in ms. */
  readonly from: number
  readonly to: number
  readonly language: Language
}

export interface WalletStatements {
  /** Newest first; none of what is no wallet. */
  lines(filter: LineFilter): Promise<Line[]>
  /** Undefined also where the line is another wallet's. */
  line(walletId: string, lineId: string): Promise<Line | undefined>
  /** The newest `fileLinesMax` of the span; a file that has older ones left out says so. */
  csv(span: Span): Promise<string>
  pdf(span: Span): Promise<Uint8Array>
}

export interface StatementTools {
  readonly db: Database
  readonly clock: Clock
  readonly time: BusinessTime
  /** Fewer than a file may have. */
  readonly linesMax?: number
}

export function createWalletStatements(tools: StatementTools): WalletStatements {
  const { db, clock, time, linesMax = fileLinesMax } = tools
  async function ownerOf(walletId: string): Promise<string | undefined> {
    if (bucketOfId(walletId) === undefined) return undefined
    const [purse] = await readPurses(db, { walletIds: [walletId] })
    return purse?.msisdn
  }
  async function read(filter: LineFilter & { readonly lineId?: string }): Promise<Line[]> {
    const msisdn = await ownerOf(filter.walletId)
    return msisdn === undefined ? [] : readLines(db, { ...filter, msisdn })
  }
  const timeOf = (at: number) => time.localOf(at).replace('T', ' ')
  async function fileOf({ language, ...filter }: Span) {
    // One more than fits tells whether there is one.
    const lines = await read({ ...filter, limit: linesMax + 1 })
    const isCut = lines.length > linesMax
    return { lines: lines.slice(0, linesMax), isCut, language, time: timeOf }
  }

  return {
    lines: (filter) => read({ ...filter, limit: Math.min(filter.limit, pageMax) }),
    async line(walletId, lineId) {
      if (bucketOfId(lineId) === undefined) return undefined
      return (await read({ walletId, lineId, limit: 1 }))[0]
    },
    async csv(span) {
      return csvOf(await fileOf(span))
    },
    async pdf(span) {
      const { walletId, from, to, language } = span
      const [file, msisdn] = await Promise.all([fileOf(span), ownerOf(walletId)])
      const whole = `${masked(msisdn ?? '')}  ${timeOf(from)} - ${timeOf(to)}`
      const heading = `${whole}  ${filterText(span, language)}`.trimEnd()
      return pdfOf({ ...file, heading, madeAt: clock.now() })
    },
  }
}
