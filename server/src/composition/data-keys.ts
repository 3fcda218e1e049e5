/** The keys that data is sealed and found with. A store in a file gets those it lacks; a token gets its by ceremony. */
import { pinKey as orderPinKey } from '../bank-cards/index.ts'
import { cardKeys } from '../card-vault/index.ts'
import type { Config } from '../config/index.ts'
import { identityKeys } from '../identities/index.ts'
import type { KeySpec, KeyStore } from '../keys/index.ts'
import { textKey } from '../payments/index.ts'
import { keptPinKey } from '../rails/cards/index.ts'
import { walletKeys } from '../wallet/index.ts'
import { pinKey as walletPinKey } from '../wallet-pins/index.ts'

const sealing = (name: string): KeySpec => ({ name, use: 'card-data', algorithm: 'aes-256' })
const finding = (name: string): KeySpec => ({ name, use: 'lookup', algorithm: 'hmac-256' })

export const dataKeys: readonly KeySpec[] = [
  sealing(cardKeys.pan),
  finding(cardKeys.lookup),
  sealing(identityKeys.data),
  finding(identityKeys.lookup),
  finding(walletPinKey),
  sealing(textKey),
  sealing(walletKeys.bankPin),
  sealing(orderPinKey),
  sealing(keptPinKey),
]

export async function makeDataKeys(
  { keyStore }: Pick<Config, 'keyStore'>,
  keys: Pick<KeyStore, 'readable' | 'generate'>,
): Promise<void> {
  if (keyStore !== 'file') return
  for (const spec of dataKeys) {
    if (keys.readable(spec.name).length > 0) continue
    const made = await keys.generate(spec)
    // Another process that starts at the same time may have been first.
    if (!made.ok && made.refusal !== 'exists')
      throw new Error(`the key ${spec.name} cannot be made: ${made.refusal}`)
  }
}
