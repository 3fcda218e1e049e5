/** What commands print for people: lines on standard output, complaints on standard error. */
import { DirectoryInUse, sqlStateOf } from '../db/index.ts'
import { KeyStoreRefused, KeyUnusable } from '../keys/index.ts'

export const say = (line: string): void => console.log(line)
export const complain = (line: string): void => console.error(`telepurse: ${line}`)

/** A reason to stop that the person at the keyboard can change: said in lines, without a stack. */
export class CannotGoOn extends Error {
  override readonly name = 'CannotGoOn'
  readonly lines: readonly string[]
  constructor(...lines: readonly string[]) {
    super(lines.join('\n'))
    this.lines = lines
  }
}

const saidInOneLine = [DirectoryInUse, KeyStoreRefused, KeyUnusable]

/** One line for what goes wrong outside the program; a stack for what goes wrong inside it. */
export function complainOf(error: unknown): void {
  if (error instanceof CannotGoOn) error.lines.forEach(complain)
  else if (saidInOneLine.some((kind) => error instanceof kind)) complain((error as Error).message)
  else
    complain(
      outsideReason(error) ?? (error instanceof Error ? error.stack : undefined) ?? String(error),
    )
}

const reasons: Readonly<Record<string, (error: Refusal) => string>> = {
  EADDRINUSE: ({ port }) => `port ${port} is in use: set PORT to another one`,
  EACCES: ({ path, port }) => `not allowed to use ${path ?? `port ${port}`}`,
  ECONNREFUSED: ({ address, port }) =>
    `nothing answers at ${address ?? ''}:${port}: is it running?`,
  ENOTFOUND: ({ hostname }) => `there is no host called ${hostname}`,
  ETIMEDOUT: ({ address, port }) => `no answer from ${address}:${port}`,
}

interface Refusal {
  readonly code?: string
  readonly address?: string
  readonly port?: number
  readonly path?: string
  readonly hostname?: string
  readonly message?: string
  readonly errors?: readonly Refusal[]
}

const noSuchTable = '42P01'

/** SQLSTATE classes that speak of access to a database, not of what was asked of it. */
const accessClasses = ['28', '3D', '42501', '53']

function outsideReason(error: unknown): string | undefined {
  const { errors = [], ...refusal } = Object(error) as Refusal
  // A name with several addresses fails with one error for each.
  const first = errors[0] ?? { ...refusal, message: String(Object(error).message) }
  const state = sqlStateOf(error)
  if (state === noSuchTable) return 'tables are missing: run telepurse migrate'
  if (state !== undefined)
    return accessClasses.some((known) => state.startsWith(known))
      ? `the database says: ${first.message}`
      : undefined
  return first.code === undefined ? undefined : reasons[first.code]?.(first)
}
