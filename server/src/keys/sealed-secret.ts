/** A secret that is text, under a key of the store: no clear octets are left behind on either way. */
import { Secret, SecretBytes } from '../kernel/index.ts'
import type { KeyStore } from './key-store.ts'

/** The name of the key, and the place that the text is sealed for: it opens nowhere else. */
export interface Seal {
  readonly name: string
  readonly context: string
}

export const sealSecret = (
  keys: Pick<KeyStore, 'seal'>,
  { name, context }: Seal,
  secret: Secret,
): string =>
  new SecretBytes(Buffer.from(secret.reveal())).spend((clear) =>
    keys.seal(name, new SecretBytes(clear), context),
  )

export const openSecret = (
  keys: Pick<KeyStore, 'open'>,
  { name, context }: Seal,
  sealed: string,
): Secret =>
  keys.open(name, sealed, context).spend((clear) => new Secret(Buffer.from(clear).toString()))
