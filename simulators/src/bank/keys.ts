/**
 * The zone keys of one bank: a PIN key and a MAC key, made by the bank and handed out under the zone
 * master key. The keys before the last exchange are taken for a minute longer, for messages on their way.
 */
import {
  type BlockCipher,
  cbcMac,
  type MacFunction,
  type PinZone,
  type Revealing,
  retailMac,
  Secret,
  wrapKey,
  writeSignOnKeys,
} from '@telepurse/iso8583'
import { desCipher } from '@telepurse/iso8583/node'

/** X9.9: a key of 8 octets. X9.19: one of 16. */
export type MacAlgorithm = 'x9.9' | 'x9.19'

/** How long keys are taken after they were replaced. */
const keyOverlapMs = 60_000

export interface WorkingKeys {
  readonly mac: MacFunction
  readonly pin: PinZone
}

export interface KeyRing {
  /** Makes new keys and gives them as field 48 carries them, behind `NK`. */
  renew(now: number): Uint8Array
  /** Newest first; empty before the first exchange. */
  keys(now: number): readonly WorkingKeys[]
  /** From now on one of the bank's keys is another than the platform's. */
  scramble(which: 'mac' | 'pin'): void
  forget(): void
}

export function createKeyRing(options: {
  readonly zoneMasterKey: Revealing<Uint8Array>
  readonly algorithm: MacAlgorithm
  readonly randomOctets: (count: number) => Uint8Array
}): KeyRing {
  const { algorithm, randomOctets } = options
  const master = desCipher(options.zoneMasterKey.reveal())
  const macOctets = algorithm === 'x9.9' ? 8 : 16
  let current: WorkingKeys | undefined
  let previous: { readonly keys: WorkingKeys; readonly until: number } | undefined
  return {
    renew(now) {
      const [pinKey, macKey] = [randomOctets(16), randomOctets(macOctets)]
      if (current) previous = { keys: current, until: now + keyOverlapMs }
      current = { mac: macFunction(algorithm, macKey), pin: pinZone(pinKey) }
      return writeSignOnKeys({
        pinKey: wrapKey(master, new Secret(pinKey), desCipher),
        macKey: wrapKey(master, new Secret(macKey), desCipher),
      })
    },
    keys: (now) => [
      ...(current ? [current] : []),
      ...(previous && now < previous.until ? [previous.keys] : []),
    ],
    scramble(which) {
      previous = undefined
      if (!current) return
      if (which === 'mac')
        current = { ...current, mac: macFunction(algorithm, randomOctets(macOctets)) }
      else current = { ...current, pin: pinZone(randomOctets(16)) }
    },
    forget() {
      current = undefined
      previous = undefined
    },
  }
}

const pinZone = (key: Uint8Array): PinZone => ({ format: 0, cipher: desCipher(key) })

/** The MAC of an algorithm under a key: what the platform computes too. */
export function macFunction(algorithm: MacAlgorithm, key: Uint8Array): MacFunction {
  if (algorithm === 'x9.9') {
    const cipher: BlockCipher = desCipher(key)
    return (block) => cbcMac(cipher, block, 1)
  }
  const halves = { left: desCipher(key.slice(0, 8)), right: desCipher(key.slice(8)) }
  return (block) => retailMac(halves, block, 1)
}
