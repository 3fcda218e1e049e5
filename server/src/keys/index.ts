export { blockCipher, type KeptBlockCipher } from './block-cipher.ts'
export { checkValueOf } from './check-value.ts'
export { createKeyStore } from './create-key-store.ts'
export { openKeyFile } from './file/file-module.ts'
export {
  isKeyName,
  type KeyAlgorithm,
  type KeyInfo,
  type KeyState,
  type KeyUse,
  keyAlgorithms,
  keyUses,
  traits,
} from './key.ts'
export {
  type KeyRef,
  type KeySpec,
  type KeyStore,
  KeyStoreRefused,
  KeyUnusable,
} from './key-store.ts'
export type { KeyComponent } from './material.ts'
export { missingPackage } from './pkcs11/cryptoki.ts'
export { openPkcs11 } from './pkcs11/pkcs11-module.ts'
export { openSecret, type Seal, sealSecret } from './sealed-secret.ts'
