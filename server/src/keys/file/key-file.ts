/**
 * The file of keys as text. One line a version of a key, its octets sealed; the line before says how the
 * master key is made and how often the file has changed; the line after holds a tag over all the others.
 *
 *   {"format":"telepurse-keys","version":1,"revision":7,"master":"…","derivation":{"kdf":"hkdf-sha256"}}
 *   {"name":"bank:icbc:zpk","version":2,…,"sealed":"…"}
 *   {"tag":"…"}
 *
 * A single line that is changed, left out, added or taken from an older file does not fit the tag. A whole
 * older file does: a running process does not go back to it, and the operator's log tells which keys there
 * should be.
 */
import { timingSafeEqual } from 'node:crypto'
import { z } from 'zod'
import type { KeyRecord } from '../key.ts'
import { keyRecordSchema } from '../key-record.ts'
import { KeyStoreRefused } from '../key-store.ts'
import type { Derivation, MasterKey } from './master-key.ts'
import { isSoundCost } from './master-key.ts'

/** The file is not used. */
export class KeyFileRefused extends KeyStoreRefused {
  override readonly name = 'KeyFileRefused'
}

export interface KeptKey extends KeyRecord {
  /** Nonce, ciphertext and tag (AES-256-GCM); null once the key is retired. */
  readonly sealed: string | null
}

export interface KeyFile {
  readonly revision: number
  readonly derivation: Derivation
  readonly keys: readonly KeptKey[]
}

const format = 'telepurse-keys'
const formatVersion = 1

const headSchema = z.object({
  format: z.literal(format),
  version: z.int().min(1),
  revision: z.int().min(1),
  master: z.string(),
  derivation: z.union([
    z.object({ kdf: z.literal('hkdf-sha256') }),
    z.object({
      kdf: z.literal('scrypt'),
      salt: z.string(),
      cost: z.number().refine(isSoundCost),
    }),
  ]),
})

const keySchema = keyRecordSchema.extend({ sealed: z.string().nullable() })

const tagSchema = z.object({ tag: z.string() })

export function writeKeyFile({ revision, derivation, keys }: KeyFile, master: MasterKey): string {
  const head = { format, version: formatVersion, revision, master: master.id, derivation }
  const text = [head, ...keys].map((line) => `${JSON.stringify(line)}\n`).join('')
  return `${text}${JSON.stringify({ tag: master.tagOf(text) })}\n`
}

/** Throws `KeyFileRefused`; `masterOf` makes the master key as the file says. */
export function readKeyFile(
  text: string,
  masterOf: (derivation: Derivation) => MasterKey,
): { readonly file: KeyFile; readonly master: MasterKey } {
  const lines = text.split('\n')
  // A file that ends before its last line ends, ends too early.
  if (lines.pop() !== '' || lines.length < 2) throw new KeyFileRefused('is cut short')
  const begun = jsonOf(lines[0])
  const newer = z.object({ format: z.literal(format), version: z.int() }).safeParse(begun)
  if (newer.success && newer.data.version > formatVersion)
    throw new KeyFileRefused(
      `was written by a newer program (form ${newer.data.version}): this one knows form ${formatVersion}`,
    )
  const head = headSchema.safeParse(begun)
  if (!head.success) throw new KeyFileRefused('does not begin like a file of keys')
  const { revision, derivation } = head.data
  const tag = tagSchema.safeParse(jsonOf(lines.at(-1)))
  if (!tag.success) throw new KeyFileRefused('is cut short')
  const master = masterOf(derivation)
  if (master.id !== head.data.master)
    throw new KeyFileRefused(
      'is sealed under another master key: start with the FIELD_KEY or passphrase it was made with',
    )
  const tagged = text.slice(0, text.lastIndexOf(lines.at(-1) ?? ''))
  if (!equal(tag.data.tag, master.tagOf(tagged)))
    throw new KeyFileRefused('was edited or is damaged: its tag does not fit')
  const keys = lines.slice(1, -1).map((line) => keySchema.parse(jsonOf(line)))
  return { file: { revision, derivation, keys }, master }
}

function jsonOf(line: string | undefined): unknown {
  try {
    return JSON.parse(line ?? '')
  } catch {
    return undefined
  }
}

function equal(given: string, right: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(right)]
  return a.length === b.length && timingSafeEqual(a, b)
}
