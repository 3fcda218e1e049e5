/** Settings of where keys are kept. The secrets themselves are in files, so that no environment shows them. */
import { z } from 'zod'
import { setting } from './setting.ts'

export const keyStores = ['file', 'pkcs11'] as const

export const keySettings = {
  keyStore: setting({
    name: 'KEY_STORE',
    group: 'Keys',
    type: 'file or pkcs11',
    default: 'file',
    help: 'Where keys of banks and cards are kept: in a sealed file, or on a token (HSM). See docs/operating/keys.md.',
    schema: z.enum(keyStores, 'must be file or pkcs11'),
  }),
  keyFolder: setting({
    name: 'KEY_FOLDER',
    group: 'Keys',
    type: 'directory',
    default: null,
    help: 'The folder of the key file, and of the lock under which keys change, for all processes. Without it, keys in TELEPURSE_DATA.',
    schema: z.string(),
  }),
  keyPassphraseFile: setting({
    name: 'KEY_PASSPHRASE_FILE',
    group: 'Keys',
    type: 'file',
    default: null,
    help: 'Its first line seals the key file instead of FIELD_KEY. Only its owner may read it.',
    schema: z.string(),
  }),
  pkcs11Module: setting({
    name: 'PKCS11_MODULE',
    group: 'Keys',
    type: 'file',
    default: null,
    help: 'The library of the token, for example /usr/lib/softhsm/libsofthsm2.so.',
    schema: z.string(),
  }),
  pkcs11Token: setting({
    name: 'PKCS11_TOKEN',
    group: 'Keys',
    type: 'label',
    default: null,
    help: 'The label of the token; numbers of slots change.',
    schema: z.string(),
  }),
  pkcs11PinFile: setting({
    name: 'PKCS11_PIN_FILE',
    group: 'Keys',
    type: 'file',
    default: null,
    help: 'Its first line is the user PIN of the token. Only its owner may read it.',
    schema: z.string(),
  }),
} as const
