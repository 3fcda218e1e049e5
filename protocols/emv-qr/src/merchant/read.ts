/** A merchant's code from its text. Any text is answered; nothing is thrown. */
import { type Refusal, refusalAt } from '../refusal.ts'
import { accept, type Result, refuse } from '../result.ts'
import { charactersOf, loneSurrogateIn, octetsOf } from './characters.ts'
import type { AdditionalData, DataObject, LocalName, MerchantCode, Template, Tip } from './code.ts'
import { judge } from './judge.ts'
import { additionalNames, initiations } from './names.ts'
import { isAccount, isOwned, isReserved } from './rules.ts'
import { type Node, readTree } from './tree.ts'

export interface ReadMerchantCode {
  readonly code: MerchantCode
  /** Texts for people that are longer or shorter than the specification has them. Nothing else is let pass. */
  readonly departures: readonly Refusal[]
}

/** The specification's 512 characters, which it asks to make fewer where they take more than one octet. */
const octetsMax = 512

/** Places count characters of Unicode from the beginning of the text. */
export function readMerchantCode(text: string): Result<ReadMerchantCode, Refusal> {
  // A text that is too long is not looked at.
  if (text.length > octetsMax) return refuse(refusalAt([], 'too_long', octetsMax))
  const characters = charactersOf(text)
  const lone = loneSurrogateIn(characters)
  if (lone !== undefined) return refuse(refusalAt([], 'bad_character', lone))
  if (octetsOf(text).length > octetsMax) return refuse(refusalAt([], 'too_long', characters.length))
  const tree = readTree(characters)
  if (!tree.ok) return tree
  const {
    faults: [fault],
    departures,
  } = judge(text, tree.value)
  return fault === undefined ? accept({ code: codeOf(tree.value), departures }) : refuse(fault)
}

function codeOf(nodes: readonly Node[]): MerchantCode {
  const value = (id: string) => nodes.find((it) => it.id === id)?.value
  const childrenOf = (id: string) => nodes.find((it) => it.id === id)?.children
  const additional = childrenOf('62')
  const local = childrenOf('64')
  return {
    ...some('initiation', initiations[value('01') as keyof typeof initiations]),
    accounts: nodes.filter(({ id }) => isAccount(id)).map(accountOf),
    categoryCode: value('52') ?? '',
    currency: value('53') ?? '',
    ...some('amount', value('54')),
    ...some('tip', tipOf(value)),
    country: value('58') ?? '',
    name: value('59') ?? '',
    city: value('60') ?? '',
    ...some('postalCode', value('61')),
    ...some('additional', additional && additionalOf(additional)),
    ...some('localName', local && localNameOf(local)),
    ...someOf('reserved', nodes.filter(({ id }) => isReserved(id)).map(objectOf)),
    ...someOf('templates', nodes.filter(({ id }) => id >= '80').map(templateOf)),
    ...orderOf(nodes.filter(({ id }) => id !== '63')),
  }
}

const objectOf = ({ id, value }: Node): DataObject => ({ id, value })
const templateOf = ({ id, children }: Node): Template => ({ id, objects: children.map(objectOf) })
const accountOf = (node: Node) => (isOwned(node.path) ? templateOf(node) : objectOf(node))

function tipOf(value: (id: string) => string | undefined): Tip | undefined {
  const indicator = value('55')
  if (indicator === undefined) return undefined
  if (indicator === '02') return { kind: 'fixed', fee: value('56') ?? '' }
  return indicator === '03'
    ? { kind: 'percentage', percentage: value('57') ?? '' }
    : { kind: 'asked' }
}

function additionalOf(nodes: readonly Node[]): AdditionalData {
  const isNamed = ({ id }: Node) => id in additionalNames
  const named = nodes
    .filter(isNamed)
    .map(({ id, value }) => [additionalNames[id as keyof typeof additionalNames], value])
  const others = nodes.filter((node) => !isNamed(node))
  return {
    ...Object.fromEntries(named),
    ...someOf('reserved', others.filter(({ path }) => !isOwned(path)).map(objectOf)),
    ...someOf('templates', others.filter(({ path }) => isOwned(path)).map(templateOf)),
    ...orderOf(nodes),
  }
}

function localNameOf(nodes: readonly Node[]): LocalName {
  const value = (id: string) => nodes.find((it) => it.id === id)?.value
  return {
    language: value('00') ?? '',
    name: value('01') ?? '',
    ...some('city', value('02')),
    ...someOf('reserved', nodes.filter(({ id }) => id > '02').map(objectOf)),
    ...orderOf(nodes),
  }
}

const some = <Key extends string, Value>(key: Key, value: Value | undefined) =>
  (value === undefined ? {} : { [key]: value }) as { [It in Key]?: Value }

const someOf = <Key extends string, Value>(key: Key, values: readonly Value[]) =>
  some(key, values.length > 0 ? values : undefined)

function orderOf(nodes: readonly Node[]): { order?: readonly string[] } {
  const order = nodes.map(({ id }) => id)
  const isAscending = order.every((id, at) => at === 0 || id > (order[at - 1] ?? ''))
  return some('order', isAscending ? undefined : order)
}
