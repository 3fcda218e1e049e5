/**
 * The operator's lists (CB-9). Black refuses; grey halves the limits; white need not wait between two
 * payments, but never passes a limit. An entry names one subject, who put it there, why, until when.
 *
 * A subject is written `kind:value`:
 *   number:+8613800138000   prefix:1700 (a 号段, 3, 4 or 7 digits)   merchant:6021
 *   goods:6021/100          account:player7     device:<id>           ip:203.0.113.9
 */
import { isIP } from 'node:net'
import { accept, national, parseMsisdn, type Result, refuse } from '../kernel/index.ts'

export type Listing = 'black' | 'grey' | 'white'

export const subjectKinds = [
  'number',
  'prefix',
  'merchant',
  'goods',
  'device',
  'ip',
  'account',
] as const
export type SubjectKind = (typeof subjectKinds)[number]

export interface Subject {
  readonly kind: SubjectKind
  readonly value: string
}

export interface ListEntry {
  readonly id: string
  readonly list: Listing
  readonly subject: Subject
  readonly reason: string
  readonly author: string
  readonly createdAt: number
  /** The first instant at which it no longer counts; null is for ever. */
  readonly expiresAt: number | null
  readonly removedAt: number | null
  readonly removedBy: string | null
}

/** An entry that holds for something that was asked about. */
export interface ListHit {
  /** As asked, `kind:value`. */
  readonly name: string
  readonly entry: ListEntry
}

export const nameOf = (subject: Subject): string => `${subject.kind}:${subject.value}`

/** Prefixes have these lengths only, so that a number has few to look for. */
const prefixLengths = [3, 4, 7]

const shapes: Record<Exclude<SubjectKind, 'number' | 'ip'>, RegExp> = {
  prefix: /^1[3-9](\d{1,2}|\d{5})$/,
  merchant: /^[1-9]\d{3}$/,
  goods: /^[1-9]\d{3}\/(\d{3}|-)$/,
  device: /^[!-~]{1,128}$/,
  account: /^[^\p{C}]{1,64}$/u,
}

/** Reads a subject as a person writes it, into the one form in which it is compared. */
export function parseSubject(
  kind: SubjectKind,
  text: string,
): Result<Subject, 'subject_malformed'> {
  const value = text.trim()
  if (kind === 'number') {
    const msisdn = parseMsisdn(value)
    return msisdn.ok ? accept({ kind, value: msisdn.value }) : refuse('subject_malformed')
  }
  if (kind === 'ip') {
    if (isIP(value) === 0) return refuse('subject_malformed')
    return accept({ kind, value: isIP(value) === 4 ? value : canonicalV6(value) })
  }
  return shapes[kind].test(value) ? accept({ kind, value }) : refuse('subject_malformed')
}

/** One address has many spellings; the URL parser has one. */
const canonicalV6 = (text: string) => {
  const [address = text] = text.split('%')
  return new URL(`http://[${address}]/`).hostname.slice(1, -1)
}

/** What to look up for these names: each name itself, and of a number also its prefixes. */
export function lookups(names: readonly string[]): Map<string, Subject & { askedAs: string[] }> {
  const found = new Map<string, Subject & { askedAs: string[] }>()
  const add = (kind: SubjectKind, value: string, name: string) => {
    const key = `${kind}:${value}`
    const known = found.get(key)
    if (known) known.askedAs.push(name)
    else found.set(key, { kind, value, askedAs: [name] })
  }
  for (const name of new Set(names)) {
    const at = name.indexOf(':')
    const kind = name.slice(0, at)
    const value = name.slice(at + 1)
    if (!isKind(kind)) continue
    add(kind, value, name)
    if (kind !== 'number') continue
    for (const length of prefixLengths) add('prefix', national(value).slice(0, length), name)
  }
  return found
}

const isKind = (text: string): text is SubjectKind =>
  (subjectKinds as readonly string[]).includes(text)

/** The lists each asked name is on. A name on no list has no entry. */
export function listingsOf(hits: readonly ListHit[]): Map<string, Set<Listing>> {
  const listings = new Map<string, Set<Listing>>()
  for (const { name, entry } of hits) {
    const lists = listings.get(name)
    if (lists) lists.add(entry.list)
    else listings.set(name, new Set([entry.list]))
  }
  return listings
}
