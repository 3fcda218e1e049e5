/**
 * Identifiers made here, not in the database: UUID version 7 (RFC 9562 §5.7), ordered by time, whose
 * last byte carries the bucket of the row, so that an id alone finds its row.
 */
import { randomFillSync } from 'node:crypto'
import { bucketCount } from './bucket.ts'

export interface Ids {
  /** A new UUIDv7 for a row of this bucket, stamped `now` (ms). */
  next(bucket: number, now: number): string
  /** `bytes` random bytes, for secrets and codes. */
  random(bytes: number): Uint8Array
}

const idBytes = 16

/** Ids from random bytes; `fill` can be replaced by a seeded generator. */
export function createIds(fill: (bytes: Uint8Array) => unknown = randomFillSync): Ids {
  // Asking for random bytes costs much more than the bytes do.
  const pool = new Uint8Array(idBytes * 256)
  let left = 0
  const take = () => {
    if (left === 0) {
      fill(pool)
      left = pool.length
    }
    left -= idBytes
    return pool.slice(left, left + idBytes)
  }
  let lastMs = 0
  let counter = 0
  return {
    next(bucket, now) {
      const bytes = take()
      // Within one millisecond a 12-bit counter keeps the order; when it runs out, borrow the next.
      if (now > lastMs) {
        lastMs = now
        counter = ((bytes[6] ?? 0) & 0x07) * 256 + (bytes[7] ?? 0)
      } else if (++counter > 0xfff) {
        lastMs += 1
        counter = 0
      }
      let ms = lastMs
      for (let i = 5; i >= 0; i -= 1) {
        bytes[i] = ms % 256
        ms = Math.floor(ms / 256)
      }
      bytes[6] = 0x70 | (counter >> 8)
      bytes[7] = counter & 0xff
      bytes[8] = 0x80 | ((bytes[8] ?? 0) & 0x3f)
      bytes[15] = ((bytes[15] ?? 0) & ~(bucketCount - 1)) | bucket
      const hex = Buffer.from(bytes).toString('hex')
      return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`
    },
    random(bytes) {
      const out = new Uint8Array(bytes)
      fill(out)
      return out
    },
  }
}

/** No id that was stamped at `at` (ms) or later sorts before it. */
export function earliestId(at: number): string {
  const hex = Math.max(0, at).toString(16).padStart(12, '0')
  return `${hex.slice(0, 8)}-${hex.slice(8)}-7000-8000-000000000000`
}

const shape = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/

/** The bucket an id made here belongs to, or undefined when the text is no such id. */
export function bucketOfId(id: string): number | undefined {
  return shape.test(id) ? Number.parseInt(id.slice(-2), 16) % bucketCount : undefined
}
