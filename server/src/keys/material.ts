/** The octets of a key before a store has them: parity, weak keys, and components that are put together. */
import { accept, type Result, refuse, SecretBytes } from '../kernel/index.ts'
import { checkValueOf, checkValuesAgree } from './check-value.ts'
import { isDes, type KeyAlgorithm, traits } from './key.ts'

/** What one custodian enters: octets of the key's length, and the check value on the custodian's sheet. */
export interface KeyComponent {
  readonly octets: SecretBytes
  readonly checkValue: string
}

export type ComponentRefusal =
  | 'components_must_be_two_or_three'
  | 'component_length_invalid'
  | 'component_check_value_differs'

/** Who has fewer than all components knows nothing of the key: each is as long as it, and they are added. */
export function joinComponents(
  algorithm: KeyAlgorithm,
  components: readonly KeyComponent[],
): Result<SecretBytes, ComponentRefusal> {
  if (components.length < 2 || components.length > 3)
    return refuse('components_must_be_two_or_three')
  const { octets } = traits[algorithm]
  if (components.some((component) => component.octets.length !== octets))
    return refuse('component_length_invalid')
  for (const component of components)
    if (!checkValuesAgree(component.checkValue, checkValueOf(algorithm, component.octets.reveal())))
      return refuse('component_check_value_differs')
  const key = new Uint8Array(octets)
  for (const component of components)
    for (const [at, octet] of component.octets.reveal().entries()) key[at] = (key[at] ?? 0) ^ octet
  return accept(new SecretBytes(key))
}

/** Each octet of a DES key has an odd number of ones (FIPS 46-3); tokens insist, encryption does not care. */
export function setOddParity(algorithm: KeyAlgorithm, key: Uint8Array): void {
  if (!isDes(algorithm)) return
  for (const [at, octet] of key.entries()) {
    let ones = 0
    for (let bits = octet >> 1; bits > 0; bits >>= 1) ones += bits & 1
    key[at] = (octet & 0xfe) | (ones % 2 === 0 ? 1 : 0)
  }
}

/** TDES whose neighbouring keys are equal is single DES (NIST SP 800-67 §3.3.2); zeros are no key at all. */
export function isWeak(algorithm: KeyAlgorithm, key: Uint8Array): boolean {
  if (key.every((octet) => (isDes(algorithm) ? octet >> 1 : octet) === 0)) return true
  const parts = isDes(algorithm) ? key.length / 8 : 1
  for (let at = 1; at < parts; at += 1)
    if (sameParts(key.subarray(at * 8 - 8, at * 8), key.subarray(at * 8, at * 8 + 8))) return true
  return false
}

const sameParts = (a: Uint8Array, b: Uint8Array) =>
  a.every((octet, at) => octet >> 1 === (b[at] ?? 0) >> 1)
