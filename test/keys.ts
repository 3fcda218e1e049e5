/** A key store of a test, in a folder of its own, with the keys that the test names. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Clock, type Ids, Secret } from '../server/src/kernel/index.ts'
import { createKeyStore, type KeyStore, openKeyFile } from '../server/src/keys/index.ts'

const secret = new Secret('a field key for tests, 32 characters or more')

export interface TestKeys {
  readonly keys: KeyStore
  close(): void
}

/** `sealing` are keys for `seal`, `hashing` for `hmac`. */
export async function testKeys(
  tools: { readonly clock: Clock; readonly ids: Ids },
  names: { readonly sealing?: readonly string[]; readonly hashing?: readonly string[] },
): Promise<TestKeys> {
  const folder = mkdtempSync(join(tmpdir(), 'telepurse-keys-'))
  const master = { from: 'field-key', secret } as const
  const keys = createKeyStore(openKeyFile({ folder, ids: tools.ids, master }), tools)
  for (const name of names.sealing ?? [])
    await keys.generate({ name, use: 'card-data', algorithm: 'aes-256' })
  for (const name of names.hashing ?? [])
    await keys.generate({ name, use: 'lookup', algorithm: 'hmac-256' })
  return {
    keys,
    close() {
      keys.close()
      rmSync(folder, { recursive: true })
    },
  }
}
