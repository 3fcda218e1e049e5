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
export const createReassembler = <Part extends MessagePart>(limits: {
  readonly groupsMax: number
  readonly ttlMs: number
}): Reassembler<Part> => new Groups(limits.groupsMax, limits.ttlMs)

class Groups<Part extends MessagePart> implements Reassembler<Part> {
  readonly #groupsMax: number
  readonly #ttlMs: number
  /** A Map keeps insertion order, and groups are inserted in order of time: the oldest come first. */
  readonly #groups = new Map<string, Group<Part>>()

  constructor(groupsMax: number, ttlMs: number) {
    this.#groupsMax = groupsMax
    this.#ttlMs = ttlMs
  }

  size() {
    return this.#groups.size
  }

  expire(now: number) {
    const lost: (readonly Part[])[] = []
    for (const [key, group] of this.#groups) {
      if (!this.#expired(group, now)) break
      this.#groups.delete(key)
      if (!group.complete) lost.push([...group.parts.values()])
    }
    return lost
  }

  add(part: Part, now: number): Reassembly<Part> {
    const key = keyOf(part)
    const group = this.#groups.get(key)
    if (!group || this.#expired(group, now)) {
      if (!group && !this.#makeRoom(now)) return { outcome: 'full' }
      return this.#begin(key, part, now)
    }
    const held = group.parts.get(part.concatenation.part)
    if (held && samePart(held, part)) return { outcome: 'duplicate' }
    const [any] = group.parts.values()
    if (!held && any?.dataCoding === part.dataCoding) {
      group.parts.set(part.concatenation.part, part)
      return settle(group, part.concatenation.total)
    }
    const dropped = group.complete ? [] : [...group.parts.values()]
    const begun = this.#begin(key, part, now)
    return begun.outcome === 'complete' ? begun : { outcome: 'replaced', dropped }
  }

  #expired(group: Group<Part>, now: number): boolean {
    return now - group.begunAt >= this.#ttlMs
  }

  #begin(key: string, part: Part, now: number): Reassembly<Part> {
    const parts = new Map([[part.concatenation.part, part]])
    const group = { begunAt: now, parts, complete: false }
    this.#groups.delete(key)
    this.#groups.set(key, group)
    return settle(group, part.concatenation.total)
  }

  /** A group that is complete, or too old, gives its place to a new one. */
  #makeRoom(now: number): boolean {
    if (this.#groups.size < this.#groupsMax) return true
    for (const [key, group] of this.#groups)
      if (group.complete || this.#expired(group, now)) return this.#groups.delete(key)
    return false
  }
}

function settle<Part extends MessagePart>(group: Group<Part>, total: number): Reassembly<Part> {
  if (group.parts.size < total) return { outcome: 'waiting', have: group.parts.size, total }
  group.complete = true
  const parts = [...group.parts.values()].sort(
    (left, right) => left.concatenation.part - right.concatenation.part,
  )
  return { outcome: 'complete', parts, content: concatOctets(...parts.map((it) => it.content)) }
}

const keyOf = ({ source, destination, concatenation: it }: MessagePart) =>
  JSON.stringify([source, destination, it.referenceBits, it.reference, it.total])

const samePart = (left: MessagePart, right: MessagePart) =>
  left.dataCoding === right.dataCoding && equalOctets(left.content, right.content)
