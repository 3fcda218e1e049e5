/** The octets of one key as they stand in the file: under the master key, and bound to what the key is. */
import { assert, type Ids, type SecretBytes } from '../../kernel/index.ts'
import { gcmNonceOctets, gcmOpen, gcmSeal } from '../ciphers.ts'
import type { KeyRecord } from '../key.ts'
import type { KeptKey } from './key-file.ts'
import { KeyFileRefused } from './key-file.ts'
import type { MasterKey } from './master-key.ts'

export function sealKey(
  master: MasterKey,
  record: KeyRecord,
  octets: SecretBytes,
  ids: Pick<Ids, 'random'>,
): KeptKey {
  const nonce = ids.random(gcmNonceOctets)
  const sealed = gcmSeal(master.sealing.reveal(), {
    nonce,
    context: boundTo(record),
    clear: octets.reveal(),
  })
  return { ...record, sealed: Buffer.concat([nonce, sealed]).toString('base64url') }
}

export function openKey(master: MasterKey, key: KeptKey): SecretBytes {
  assert(key.sealed !== null, 'a retired key is not used')
  const kept = Buffer.from(key.sealed, 'base64url')
  const opened = gcmOpen(master.sealing.reveal(), {
    nonce: kept.subarray(0, gcmNonceOctets),
    context: boundTo(key),
    sealed: kept.subarray(gcmNonceOctets),
  })
  if (!opened) throw new KeyFileRefused(`holds a damaged key: ${key.name} version ${key.version}`)
  return opened
}

/** Times change while the octets stay; the tag of the file guards them. */
const boundTo = ({ name, version, use, algorithm, exportable, checkValue }: KeyRecord) =>
  Buffer.from(JSON.stringify([name, version, use, algorithm, exportable, checkValue]))
