/**
 * The text of a code cut into data objects: two digits of id, two of length, so many characters (EMV QRCPS-MPM
 * 1.1 §3). Which ones are templates is known by their ids. What does not add up is refused, first come first.
 */
import { type Reason, type Refusal, refusalAt } from '../refusal.ts'
import { accept, type Result, refuse } from '../result.ts'
import { isTemplate } from './rules.ts'

export interface Node {
  readonly path: readonly string[]
  readonly id: string
  readonly value: string
  /** Characters from the beginning of the code to the id. */
  readonly at: number
  /** Of the value, in characters. */
  readonly length: number
  /** Of a template. */
  readonly children: readonly Node[]
}

const headLength = 4

/** All data objects of `characters` from one place to another, those of templates with what is in them. */
export function readTree(
  characters: readonly string[],
  {
    from,
    to,
    path,
  }: { readonly from: number; readonly to: number; readonly path: Node['path'] } = {
    from: 0,
    to: characters.length,
    path: [],
  },
): Result<readonly Node[], Refusal> {
  const nodes: Node[] = []
  for (let at = from; at < to; ) {
    const id = characters.slice(at, Math.min(at + 2, to)).join('')
    const digits = characters.slice(at + 2, Math.min(at + headLength, to)).join('')
    const length = Number(digits)
    const valueAt = at + headLength
    const own = [...path, id]
    const reason = faultOf({ id, digits, room: to - valueAt })
    if (reason !== undefined) return refuse(refusalAt(isId(id) ? own : path, reason, at))
    if (nodes.some((it) => it.id === id)) return refuse(refusalAt(own, 'duplicate', at))
    const inside = isTemplate(own)
      ? readTree(characters, { from: valueAt, to: valueAt + length, path: own })
      : accept([])
    if (!inside.ok) return inside
    const value = characters.slice(valueAt, valueAt + length).join('')
    nodes.push({ path: own, id, value, at, length, children: inside.value })
    at = valueAt + length
  }
  return accept(nodes)
}

const isId = (id: string) => /^[0-9]{2}$/.test(id)

function faultOf({
  id,
  digits,
  room,
}: {
  readonly id: string
  readonly digits: string
  readonly room: number
}): Reason | undefined {
  if (!isId(id)) return id.length < 2 ? 'cut_short' : 'bad_id'
  if (!/^[0-9]{2}$/.test(digits)) return digits.length < 2 ? 'cut_short' : 'bad_length'
  if (digits === '00') return 'empty'
  return Number(digits) > room ? 'cut_short' : undefined
}
