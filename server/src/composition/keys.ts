/** The key store that the settings name. Nothing is read before the first use. */
import { readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import type { Config } from '../config/index.ts'
import { type Clock, type Ids, Secret } from '../kernel/index.ts'
import {
  createKeyStore,
  type KeyStore,
  KeyStoreRefused,
  openKeyFile,
  openPkcs11,
} from '../keys/index.ts'

export function openKeys(
  config: Config,
  tools: { readonly fieldKey: Secret; readonly clock: Clock; readonly ids: Ids },
): KeyStore {
  const folder = config.keyFolder ?? join(config.dataDir, 'keys')
  if (config.keyStore === 'file') {
    const { keyPassphraseFile: file } = config
    const master =
      file === null
        ? ({ from: 'field-key', secret: tools.fieldKey } as const)
        : ({ from: 'passphrase', secret: secretIn(file, 'KEY_PASSPHRASE_FILE') } as const)
    return createKeyStore(openKeyFile({ folder, master, ids: tools.ids }), tools)
  }
  const { pkcs11Module: modulePath, pkcs11Token: label, pkcs11PinFile: pinFile } = config
  if (modulePath === null || label === null || pinFile === null)
    throw new KeyStoreRefused(
      'KEY_STORE=pkcs11 needs PKCS11_MODULE, PKCS11_TOKEN and PKCS11_PIN_FILE',
    )
  const pin = secretIn(pinFile, 'PKCS11_PIN_FILE')
  return createKeyStore(openPkcs11({ folder, modulePath, label, pin }), tools)
}

const others = 0o077

function secretIn(path: string, setting: string): Secret {
  const found = statSync(path, { throwIfNoEntry: false })
  if (!found) throw new KeyStoreRefused(`${setting} names ${path}, which is not there`)
  if ((found.mode & others) !== 0)
    throw new KeyStoreRefused(`${path} can be read by others: chmod 600 ${path}`)
  const [line = ''] = readFileSync(path, 'utf8').split('\n')
  if (line.trim() === '')
    throw new KeyStoreRefused(`${path} is empty: its first line is the secret`)
  return new Secret(line.trim())
}
