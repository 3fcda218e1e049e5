/** What each data object of a merchant's code may hold (EMV QRCPS-MPM 1.1, tables 3.1 to 3.9). */

export interface Rule {
  /** Digits, ASCII from space to tilde, or any characters. */
  readonly format: 'n' | 'ans' | 's'
  /** In characters. */
  readonly min: number
  readonly max: number
  /** A text for people, whose length harms nobody: whatever it is, it is read, and told as a departure. */
  readonly isForPeople?: true
  /** What the values have in common, where that is more than the format. */
  readonly pattern?: RegExp
}

const of = (format: Rule['format'], min: number, max: number, pattern?: RegExp): Rule =>
  pattern === undefined ? { format, min, max } : { format, min, max, pattern }

const forPeople = (format: Rule['format'], max: number, min = 1): Rule => ({
  format,
  min,
  max,
  isForPeople: true,
})

const decimal = /^[0-9]+(\.[0-9]*)?$/
const letters = /^[A-Za-z]{2}$/
const anything = of('s', 1, 99)
const account = of('ans', 1, 99)

const root: Readonly<Record<string, Rule>> = {
  '00': of('n', 2, 2, /^01$/),
  '01': of('n', 2, 2, /^1[12]$/),
  52: of('n', 4, 4),
  53: of('n', 3, 3),
  54: of('ans', 1, 13, decimal),
  55: of('n', 2, 2, /^0[123]$/),
  56: of('ans', 1, 13, decimal),
  57: of('ans', 1, 5, /^[0-9]{1,2}(\.[0-9]{0,2})?$/),
  58: of('ans', 2, 2, letters),
  59: forPeople('ans', 25),
  60: forPeople('ans', 15),
  61: forPeople('ans', 10),
  63: of('ans', 4, 4, /^[0-9A-F]{4}$/),
}

const additional: Readonly<Record<string, Rule>> = {
  ...Object.fromEntries(
    ['01', '02', '03', '04', '05', '06', '07', '08'].map((id) => [id, forPeople('ans', 25)]),
  ),
  '09': of('ans', 1, 3, /^(?!.*(.).*\1)[AME]+$/),
  10: forPeople('ans', 20),
  11: forPeople('ans', 3, 3),
}

const local: Readonly<Record<string, Rule>> = {
  '00': of('ans', 2, 2, letters),
  '01': forPeople('s', 25),
  '02': forPeople('s', 15),
}

const globalId = of('ans', 1, 32)

export const isSchemeAccount = (id: string) => id >= '02' && id <= '25'
export const isAccount = (id: string) => id >= '02' && id <= '51'
export const isReserved = (id: string) => id >= '65' && id <= '79'

/** The ones whose id 00 says whose they are: accounts, unreserved ones, and those of payment systems in 62. */
export const isOwned = ([id = '', inner, deeper]: readonly string[]) =>
  inner === undefined
    ? (id >= '26' && id <= '51') || id >= '80'
    : id === '62' && inner >= '50' && deeper === undefined

export const isTemplate = (path: readonly string[]) =>
  isOwned(path) || (path.length === 1 && (path[0] === '62' || path[0] === '64'))

/** What must be there, in the code itself and in its templates. */
export function mandatoryIn(path: readonly string[]): readonly string[] {
  if (path.length === 0) return ['00', '52', '53', '58', '59', '60', '63']
  if (isOwned(path)) return ['00']
  return path[0] === '64' ? ['00', '01'] : []
}

export function ruleOf(path: readonly string[]): Rule {
  const [id = '', inner] = path
  if (path.length === 1) return root[id] ?? (isSchemeAccount(id) ? account : anything)
  if (isOwned(path.slice(0, -1))) return path.at(-1) === '00' ? globalId : anything
  return (id === '62' ? additional : local)[inner ?? ''] ?? anything
}
