/**
 * The text of a merchant's code. It is read again before it is given out, so that nothing is made that a reader
 * would refuse or call a departure.
 */
import { type Refusal, refusalAt } from '../refusal.ts'
import { accept, type Result, refuse } from '../result.ts'
import { charactersOf } from './characters.ts'
import type { AdditionalData, DataObject, LocalName, MerchantCode, Template } from './code.ts'
import { crcOf } from './crc.ts'
import { additionalNames, initiations } from './names.ts'
import { readMerchantCode } from './read.ts'
import { isAccount, isOwned, isReserved } from './rules.ts'

/** Something on its way into the text: with its place, and whether an object with that id belongs there. */
interface Part {
  readonly path: readonly string[]
  readonly content: string | readonly Part[]
  readonly belongs: boolean
}

/** Places count characters of the text that was nearly made; the path of a refusal says more. */
export function makeMerchantCode(code: MerchantCode): Result<string, Refusal> {
  const body = written(ordered(partsOf(code), code.order))
  if (!body.ok) return body
  const covered = `${body.value}6304`
  const text = `${covered}${crcOf(covered)}`
  const read = readMerchantCode(text)
  if (!read.ok) return read
  const [departure] = read.value.departures
  return departure === undefined ? accept(text) : refuse(departure)
}

function partsOf(code: MerchantCode): readonly Part[] {
  const { tip, additional, localName } = code
  const initiation = Object.entries(initiations).find(([, name]) => name === code.initiation)?.[0]
  const tipIndicator = tip && { asked: '01', fixed: '02', percentage: '03' }[tip.kind]
  return [
    leaf(['00'], '01'),
    ...optional(['01'], initiation),
    ...code.accounts.map(accountPart),
    leaf(['52'], code.categoryCode),
    leaf(['53'], code.currency),
    ...optional(['54'], code.amount),
    ...optional(['55'], tipIndicator),
    ...optional(['56'], tip?.kind === 'fixed' ? tip.fee : undefined),
    ...optional(['57'], tip?.kind === 'percentage' ? tip.percentage : undefined),
    leaf(['58'], code.country),
    leaf(['59'], code.name),
    leaf(['60'], code.city),
    ...optional(['61'], code.postalCode),
    ...(additional ? [additionalPart(additional)] : []),
    ...(localName ? [localPart(localName)] : []),
    ...(code.reserved ?? []).map(({ id, value }) => leaf([id], value, isReserved(id))),
    ...(code.templates ?? []).map((it) => templatePart([it.id], it, it.id >= '80')),
  ]
}

const leaf = (path: Part['path'], content: string, belongs = true): Part => ({
  path,
  content,
  belongs,
})

const optional = (path: Part['path'], value: string | undefined): readonly Part[] =>
  value === undefined ? [] : [leaf(path, value)]

const templatePart = (path: Part['path'], { objects }: Template, belongs: boolean): Part => ({
  path,
  content: objects.map(({ id, value }) => leaf([...path, id], value)),
  belongs,
})

function accountPart(account: DataObject | Template): Part {
  const path = [account.id]
  const isKnown = isAccount(account.id)
  return 'objects' in account
    ? templatePart(path, account, isKnown && isOwned(path))
    : leaf(path, account.value, isKnown && !isOwned(path))
}

function additionalPart(data: AdditionalData): Part {
  const named = Object.entries(additionalNames).flatMap(([id, name]) =>
    optional(['62', id], data[name]),
  )
  const reserved = (data.reserved ?? []).map(({ id, value }) =>
    leaf(['62', id], value, !(id in additionalNames) && !isOwned(['62', id])),
  )
  const templates = (data.templates ?? []).map((it) =>
    templatePart(['62', it.id], it, isOwned(['62', it.id])),
  )
  return {
    path: ['62'],
    content: ordered([...named, ...reserved, ...templates], data.order),
    belongs: true,
  }
}

function localPart({ language, name, city, reserved = [], order }: LocalName): Part {
  const parts = [
    leaf(['64', '00'], language),
    leaf(['64', '01'], name),
    ...optional(['64', '02'], city),
    ...reserved.map(({ id, value }) => leaf(['64', id], value, id > '02')),
  ]
  return { path: ['64'], content: ordered(parts, order), belongs: true }
}

const idOf = ({ path }: Part) => path.at(-1) ?? ''

/** As `order` has them, then by their ids: what it does not name comes behind what it names. */
function ordered(parts: readonly Part[], order: readonly string[] = []): readonly Part[] {
  const rank = (part: Part) =>
    order.includes(idOf(part)) ? order.indexOf(idOf(part)) : order.length
  return parts.toSorted((a, b) => rank(a) - rank(b) || (idOf(a) < idOf(b) ? -1 : 1))
}

/** Refuses what has no place in the text, before it could pass for something else there. */
function written(parts: readonly Part[], from = 0): Result<string, Refusal> {
  let text = ''
  for (const part of parts) {
    const at = from + charactersOf(text).length
    const id = idOf(part)
    if (!/^[0-9]{2}$/.test(id)) return refuse(refusalAt(part.path.slice(0, -1), 'bad_id', at))
    if (!part.belongs) return refuse(refusalAt(part.path, 'unexpected', at))
    const { content } = part
    const value = typeof content === 'string' ? accept(content) : written(content, at + 4)
    if (!value.ok) return value
    const length = charactersOf(value.value).length
    if (length === 0) return refuse(refusalAt(part.path, 'empty', at))
    if (length > 99) return refuse(refusalAt(part.path, 'too_long', at))
    text += `${id}${String(length).padStart(2, '0')}${value.value}`
  }
  return accept(text)
}
