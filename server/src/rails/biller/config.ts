/**
 * A biller as configuration: who it is, what its customers' numbers look like, where it is, and the secret that
 * both sides sign with. The file is for the server's eyes alone; nothing of its content stands in a complaint.
 */
import { z } from 'zod'
import { type BillerFacts, billerKinds } from '../../billers/index.ts'
import { accept, type Result, refuse, Secret } from '../../kernel/index.ts'

const text = z.string().min(1, 'must be a text').max(40, 'must be at most 40 characters')
const words = z.strictObject({ zh: text, en: text })
const milliseconds = z.int('must be a whole number').min(100).max(60_000)

const schema = z.strictObject({
  code: z.string().regex(/^[a-z][a-z0-9_]{1,31}$/, 'must be 2 to 32 of a-z, 0-9 and _'),
  kind: z.enum(billerKinds, `must be one of ${billerKinds.join(', ')}`),
  name: words,
  city: words,
  account: words.extend({ pattern: z.string().refine(isPattern, 'must be a pattern') }),
  bank: z.string().regex(/^[a-z][a-z0-9_]{1,31}$/, 'must be the name of a bank'),
  url: z.string().refine(isHttp, 'must be a URL'),
  secret: z
    .string()
    .min(32, 'must have at least 32 characters')
    .transform((given) => new Secret(given)),
  answerMs: milliseconds.default(8_000),
  connections: z.int('must be a whole number').min(1).max(64).default(8),
})

export interface BillerConfig {
  readonly facts: BillerFacts
  /** Without a slash at its end. */
  readonly url: string
  readonly secret: Secret
  readonly answerMs: number
  readonly connections: number
}

/** Reads the text of a file. Every problem is one line that names its place. */
export function parseBillerConfig(content: string): Result<BillerConfig, readonly string[]> {
  let json: unknown
  try {
    json = JSON.parse(content)
  } catch {
    return refuse(['the file is not JSON'])
  }
  const read = schema.safeParse(json)
  if (!read.success)
    return refuse(
      read.error.issues.map(({ path, message }) => `${path.join('.') || 'biller'} ${message}`),
    )
  const { code, kind, name, city, account, bank, url, ...rest } = read.data
  const pattern = wholePattern(account.pattern)
  return accept({
    facts: { code, kind, name, city, account: { ...account, pattern }, bank },
    url: url.replace(/\/+$/, ''),
    ...rest,
  })
}

/** All of a number, and nothing that a line or a path could be broken with. */
const wholePattern = (pattern: string) => new RegExp(`^(?=[A-Za-z0-9]{1,32}$)(?:${pattern})$`)

function isPattern(pattern: string): boolean {
  try {
    return wholePattern(pattern) !== undefined
  } catch {
    return false
  }
}

function isHttp(given: string): boolean {
  if (!URL.canParse(given)) return false
  const { protocol, search, hash } = new URL(given)
  return (protocol === 'http:' || protocol === 'https:') && search === '' && hash === ''
}
