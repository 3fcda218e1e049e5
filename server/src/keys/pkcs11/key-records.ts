/**
 * What is known of the keys lies beside them on the token, as private data objects that are never changed: a
 * new one is put there before the old one is taken away. A crash in between leaves both, and the one that
 * says more counts, since a version is activated once and retired once.
 */
import { z } from 'zod'
import { type KeyRecord, keyAlgorithms, keyUses, sameKey } from '../key.ts'
import { CKA, CKO, type Handle, TokenRefused } from './cryptoki.ts'
import { findObjects, labelOf } from './key-objects.ts'
import type { TokenSession } from './token.ts'

const application = 'telepurse'
const time = z.int().min(0)

const recordSchema = z.object({
  name: z.string(),
  version: z.int().min(1),
  use: z.enum(keyUses),
  algorithm: z.enum(keyAlgorithms),
  exportable: z.boolean(),
  checkValue: z.string(),
  createdAt: time,
  activatedAt: time.nullable(),
  retiredAt: time.nullable(),
})

export interface FoundRecords {
  readonly records: readonly KeyRecord[]
  /** Equal handles are equal records: an object has its handle to itself and is never changed. */
  readonly stamp: string
}

export function readRecords(open: TokenSession, seen: FoundRecords | undefined): FoundRecords {
  const handles = findObjects(open, [
    { type: CKA.CLASS, value: CKO.DATA },
    { type: CKA.APPLICATION, value: application },
  ])
  const stamp = `${open.generation} ${handles.map((handle) => handle.toString('hex')).toSorted()}`
  if (stamp === seen?.stamp) return seen
  let records: KeyRecord[] = []
  for (const handle of handles) {
    const record = readRecord(open, handle)
    const other = records.find((one) => sameKey(one, record))
    if (other) records = records.filter((one) => one !== other)
    records.push(other && told(other) > told(record) ? other : record)
  }
  return { records, stamp }
}

/** Puts a record in place of what there was of the version. */
export function putRecord(open: TokenSession, record: KeyRecord): void {
  const { cryptoki, session } = open
  const label = { type: CKA.LABEL, value: labelOf(record, 'whole') }
  const old = findObjects(open, [
    { type: CKA.CLASS, value: CKO.DATA },
    { type: CKA.APPLICATION, value: application },
    label,
  ])
  cryptoki.C_CreateObject(session, [
    { type: CKA.CLASS, value: CKO.DATA },
    { type: CKA.TOKEN, value: true },
    { type: CKA.PRIVATE, value: true },
    { type: CKA.MODIFIABLE, value: false },
    { type: CKA.APPLICATION, value: application },
    label,
    { type: CKA.VALUE, value: Buffer.from(JSON.stringify(record)) },
  ])
  for (const handle of old) cryptoki.C_DestroyObject(session, handle)
}

const told = ({ activatedAt, retiredAt }: KeyRecord) =>
  (activatedAt === null ? 0 : 1) + (retiredAt === null ? 0 : 2)

function readRecord({ cryptoki, session }: TokenSession, handle: Handle): KeyRecord {
  const [found] = cryptoki.C_GetAttributeValue(session, handle, [{ type: CKA.VALUE }])
  try {
    return recordSchema.parse(JSON.parse(found?.value.toString() ?? ''))
  } catch {
    throw new TokenRefused('the token holds a record of a key that cannot be read')
  }
}
