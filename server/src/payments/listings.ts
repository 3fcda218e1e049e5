/** Which of these subjects (`number:…`, `goods:6021/100`) stand on which list now. */
import type { Reader } from '../db/index.ts'
import { listHits } from '../risk/index.ts'
import type { Listing } from './book.ts'

export async function listingsIn(
  reader: Reader,
  subjects: readonly string[],
  now: number,
): Promise<Map<string, Set<Listing>>> {
  const found = new Map<string, Set<Listing>>()
  for (const { name, entry } of await listHits(reader, subjects, now)) {
    const lists = found.get(name) ?? new Set()
    found.set(name, lists.add(entry.list))
  }
  return found
}
