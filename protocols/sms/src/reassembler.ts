/**
 * Puts the parts of long messages together again. Parts may come in any order and more than once;
 * references are reused after 256 messages, so a group that never completes must go away by itself.
 * No clock and no timer: the caller passes the time, and asks what has expired.
 */
import { concatOctets, equalOctets } from './octets.ts'
import type { Concatenation } from './user-data-header.ts'

export interface MessagePart {
  readonly source: string
  readonly destination: string
  readonly concatenation: Concatenation
  readonly dataCoding: number
  /** Without the user data header. */
  readonly content: Uint8Array
}

/**
 * `complete`: here is the message. `waiting`: parts are missing. `duplicate`: seen before, change
 * nothing. `replaced`: another message reuses the reference, so the `dropped` parts of the old one
 * will never be a message, and this part begins a new group. `full`: there is no room; ask the network
 * to send it again later.
 */
export type Reassembly<Part extends MessagePart> =
  | { readonly outcome: 'complete'; readonly parts: readonly Part[]; readonly content: Uint8Array }
  | { readonly outcome: 'waiting'; readonly have: number; readonly total: number }
  | { readonly outcome: 'duplicate' }
  | { readonly outcome: 'replaced'; readonly dropped: readonly Part[] }
  | { readonly outcome: 'full' }

export interface Reassembler<Part extends MessagePart> {
  /** `now` in milliseconds. */
  add(part: Part, now: number): Reassembly<Part>
  /** Forgets groups older than the limit and returns those that never completed. */
  expire(now: number): readonly (readonly Part[])[]
  /** Groups held: the incomplete ones, and the complete ones remembered against duplicates. */
  size(): number
}

interface Group<Part> {
  readonly begunAt: number
  readonly parts: Map<number, Part>
  complete: boolean
}

/**
 * `groupsMax` bounds memory; `ttlMs` is how long a group waits for its parts, and how long a complete
 * one is remembered so that a part delivered again does not begin a new group.
 */
export function createReassembler<Part extends MessagePart>(limits: {
  readonly groupsMax: number
  readonly ttlMs: number
}): Reassembler<Part> {
  const groups = new Map<string, Group<Part>>()

  // A Map keeps insertion order, and groups are inserted in order of time: the oldest come first.
  const expire = (now: number) => {
    const lost: (readonly Part[])[] = []
    for (const [key, group] of groups) {
      if (now - group.begunAt < limits.ttlMs) break
      groups.delete(key)
      if (!group.complete) lost.push([...group.parts.values()])
    }
    return lost
  }

  const makeRoom = (now: number) => {
    if (groups.size < limits.groupsMax) return true
    for (const [key, group] of groups)
      if (group.complete || now - group.begunAt >= limits.ttlMs) return groups.delete(key)
    return false
  }

  const settle = (group: Group<Part>, total: number): Reassembly<Part> => {
    if (group.parts.size < total) return { outcome: 'waiting', have: group.parts.size, total }
    group.complete = true
    const parts = [...group.parts.values()].sort(
      (left, right) => left.concatenation.part - right.concatenation.part,
    )
    return { outcome: 'complete', parts, content: concatOctets(...parts.map((it) => it.content)) }
  }

  const begin = (key: string, part: Part, now: number): Group<Part> => {
    const group = {
      begunAt: now,
      parts: new Map([[part.concatenation.part, part]]),
      complete: false,
    }
    groups.delete(key)
    groups.set(key, group)
    return group
  }

  return {
    expire,
    size: () => groups.size,
    add(part, now) {
      const key = keyOf(part)
      const group = groups.get(key)
      const { total, part: number } = part.concatenation
      if (!group || now - group.begunAt >= limits.ttlMs) {
        if (!group && !makeRoom(now)) return { outcome: 'full' }
        return settle(begin(key, part, now), total)
      }
      const held = group.parts.get(number)
      if (held && samePart(held, part)) return { outcome: 'duplicate' }
      const stranger =
        held !== undefined ||
        [...group.parts.values()].some((it) => it.dataCoding !== part.dataCoding)
      if (!stranger) {
        group.parts.set(number, part)
        return settle(group, total)
      }
      const dropped = group.complete ? [] : [...group.parts.values()]
      const settled = settle(begin(key, part, now), total)
      return settled.outcome === 'complete' ? settled : { outcome: 'replaced', dropped }
    },
  }
}

const keyOf = ({ source, destination, concatenation: it }: MessagePart) =>
  JSON.stringify([source, destination, it.referenceBits, it.reference, it.total])

const samePart = (left: MessagePart, right: MessagePart) =>
  left.dataCoding === right.dataCoding && equalOctets(left.content, right.content)
