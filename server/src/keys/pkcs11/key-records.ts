/**
 * What is known of the keys lies beside them on the token, as private data objects that are never changed: a
 * new one is put there before the old one is taken away. A crash in between leaves both, and the one that
 * says more counts, since a version is activated once and retired once.
 *
 * One more object, the marker, lives until the keys change. Searching a token is slow, asking for an object
 * is not: as long as the marker we saw is there, what we read with it holds. It is destroyed before a change
 * and made anew after it; while there is none, everything is read each time.
 */
import { type KeyRecord, sameKey } from '../key.ts'
import { keyRecordSchema } from '../key-record.ts'
import { answers, CKA, CKO, CKR, type Handle, TokenRefused } from './cryptoki.ts'
import { findObjects, labelOf } from './key-objects.ts'
import type { TokenSession } from './token.ts'

export interface FoundRecords {
  readonly records: readonly KeyRecord[]
  readonly generation: number
  readonly marker: Handle | undefined
}

export function readRecords(open: TokenSession, seen: FoundRecords | undefined): FoundRecords {
  if (seen?.marker && seen.generation === open.generation && isThere(open, seen.marker)) return seen
  // Before the records: what changes while they are read takes this marker away.
  const [marker] = findObjects(open, markerTemplate)
  let records: KeyRecord[] = []
  for (const handle of findObjects(open, recordTemplate)) {
    const record = readRecord(open, handle)
    const other = records.find((one) => sameKey(one, record))
    if (other) records = records.filter((one) => one !== other)
    records.push(other && told(other) > told(record) ? other : record)
  }
  return { records, marker, generation: open.generation }
}

/** Writes these records, with the marker away meanwhile. */
export function putRecords(open: TokenSession, records: readonly KeyRecord[]): void {
  const { cryptoki, session } = open
  for (const marker of findObjects(open, markerTemplate)) cryptoki.C_DestroyObject(session, marker)
  for (const record of records) putRecord(open, record)
  cryptoki.C_CreateObject(session, [...markerTemplate, ...kept])
}

const dataOf = (application: string) => [
  { type: CKA.CLASS, value: CKO.DATA },
  { type: CKA.APPLICATION, value: application },
]
const recordTemplate = dataOf('telepurse')
const markerTemplate = dataOf('telepurse marker')

const kept = [
  { type: CKA.TOKEN, value: true },
  { type: CKA.PRIVATE, value: true },
  { type: CKA.MODIFIABLE, value: false },
]

/** Puts a record in place of what there was of the version. */
function putRecord(open: TokenSession, record: KeyRecord): void {
  const { cryptoki, session } = open
  const label = { type: CKA.LABEL, value: labelOf(record, 'whole') }
  const old = findObjects(open, [...recordTemplate, label])
  const value = { type: CKA.VALUE, value: Buffer.from(JSON.stringify(record)) }
  cryptoki.C_CreateObject(session, [...recordTemplate, ...kept, label, value])
  for (const handle of old) cryptoki.C_DestroyObject(session, handle)
}

function isThere({ cryptoki, session }: TokenSession, object: Handle): boolean {
  try {
    cryptoki.C_GetAttributeValue(session, object, [{ type: CKA.CLASS }])
    return true
  } catch (error) {
    if (answers(error, CKR.OBJECT_HANDLE_INVALID)) return false
    throw error
  }
}

const told = ({ activatedAt, retiredAt }: KeyRecord) =>
  (activatedAt === null ? 0 : 1) + (retiredAt === null ? 0 : 2)

function readRecord({ cryptoki, session }: TokenSession, handle: Handle): KeyRecord {
  const [found] = cryptoki.C_GetAttributeValue(session, handle, [{ type: CKA.VALUE }])
  try {
    return keyRecordSchema.parse(JSON.parse(found?.value.toString() ?? ''))
  } catch {
    throw new TokenRefused('the token holds a record of a key that cannot be read')
  }
}
