/** Whether data objects make a merchant's code: what must be there, what each may hold, what goes with what. */
import { type Reason, type Refusal, refusalAt } from '../refusal.ts'
import { readAmount } from './amounts.ts'
import { charactersOf } from './characters.ts'
import { crcOf } from './crc.ts'
import { isAccount, mandatoryIn, type Rule, ruleOf } from './rules.ts'
import type { Node } from './tree.ts'

export interface Judgement {
  /** Why this is no code, the gravest first. */
  readonly faults: readonly Refusal[]
  /** Where it departs from the specification without harm: texts for people of another length. */
  readonly departures: readonly Refusal[]
}

/** `nodes` are those of the whole text. */
export function judge(text: string, nodes: readonly Node[]): Judgement {
  const leaves = nodes.flatMap(leavesOf)
  const lengths = leaves.flatMap(lengthFaults)
  const isForPeople = ({ path }: Refusal) => ruleOf(path).isForPeople === true
  return {
    faults: [
      ...frameFaults(text, nodes),
      ...missingFaults([], nodes, charactersOf(text).length),
      ...lengths.filter((it) => !isForPeople(it)),
      ...leaves.flatMap(contentFaults),
      ...amountFaults(nodes),
      ...tipFaults(nodes),
    ],
    departures: lengths.filter(isForPeople),
  }
}

const leavesOf = (node: Node): readonly Node[] =>
  node.children.length > 0 ? node.children.flatMap(leavesOf) : [node]

const nodeOf = (nodes: readonly Node[], id: string) => nodes.find((it) => it.id === id)

const about = (node: Node, reason: Reason) => refusalAt(node.path, reason, node.at)

/** The version first, the checksum last and right: without them nothing else is worth looking at. */
function frameFaults(text: string, nodes: readonly Node[]): readonly Refusal[] {
  const version = nodeOf(nodes, '00')
  const crc = nodeOf(nodes, '63')
  const faults: Refusal[] = []
  if (version !== undefined && version !== nodes[0]) faults.push(about(version, 'misplaced'))
  if (crc === undefined) return faults
  if (crc !== nodes.at(-1)) return [...faults, about(crc, 'misplaced')]
  const covered = text.slice(0, text.length - crc.value.length)
  return crcOf(covered) === crc.value ? faults : [...faults, about(crc, 'crc_differs')]
}

function missingFaults(path: Node['path'], nodes: readonly Node[], at: number): readonly Refusal[] {
  const needed = mandatoryIn(path)
  const missing = needed
    .filter((id) => nodeOf(nodes, id) === undefined)
    .map((id) => refusalAt([...path, id], 'missing', at))
  if (path.length === 0 && !nodes.some(({ id }) => isAccount(id)))
    missing.push(refusalAt(['02-51'], 'missing', at))
  const inside = nodes
    .filter((node) => node.children.length > 0)
    .flatMap((node) => missingFaults(node.path, node.children, node.at))
  return [...missing, ...inside]
}

function lengthFaults(node: Node): readonly Refusal[] {
  const { min, max } = ruleOf(node.path)
  if (node.length > max) return [about(node, 'too_long')]
  return node.length < min ? [about(node, 'too_short')] : []
}

const formats: Readonly<Record<Rule['format'], RegExp>> = {
  n: /^[0-9]*$/,
  ans: /^[ -~]*$/,
  s: /^/,
}

function contentFaults(node: Node): readonly Refusal[] {
  const { format, pattern = /^/ } = ruleOf(node.path)
  if (!formats[format].test(node.value)) return [about(node, 'bad_character')]
  return pattern.test(node.value) ? [] : [about(node, 'bad_value')]
}

/** Amounts are above nothing, and exact in their currency where it is known how exact that is. */
function amountFaults(nodes: readonly Node[]): readonly Refusal[] {
  const currency = nodeOf(nodes, '53')?.value ?? ''
  const faults = ['54', '56'].flatMap((id) => {
    const node = nodeOf(nodes, id)
    const read = node && readAmount(node.value, currency)
    if (read === undefined || read.ok) return []
    if (read.refusal === 'amount_inexact') return [about(node as Node, 'bad_precision')]
    return read.refusal === 'amount_not_positive' ? [about(node as Node, 'bad_value')] : []
  })
  const percentage = nodeOf(nodes, '57')
  const isZero = percentage !== undefined && !/[1-9]/.test(percentage.value)
  return isZero ? [...faults, about(percentage, 'bad_value')] : faults
}

/** 56 goes with 02 in 55, 57 with 03, and neither without. */
function tipFaults(nodes: readonly Node[]): readonly Refusal[] {
  const indicator = nodeOf(nodes, '55')
  return (
    [
      ['56', '02'],
      ['57', '03'],
    ] as const
  ).flatMap(([id, indicated]) => {
    const fee = nodeOf(nodes, id)
    const isDue = indicator?.value === indicated
    if (fee !== undefined) return isDue ? [] : [about(fee, 'unexpected')]
    return isDue ? [refusalAt([id], 'missing', indicator.at)] : []
  })
}
