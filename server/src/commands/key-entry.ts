/** The components of a key, entered by as many people (ANSI X9.24-1:2017: dual control, split knowledge). */
import { SecretBytes } from '../kernel/index.ts'
import { checkValueOf, type KeyAlgorithm, type KeyComponent, traits } from '../keys/index.ts'
import { CannotGoOn } from './output.ts'
import type { Prompt } from './prompt.ts'

/** Each custodian enters one component, alone at the keyboard, and compares its check value. */
export async function askComponents(prompt: Prompt, algorithm: KeyAlgorithm, count: number) {
  const components: KeyComponent[] = []
  const custodians: string[] = []
  for (let at = 1; at <= count; at += 1) {
    const custodian = await prompt.ask(`Custodian of component ${at}, your name: `)
    if (custodian === '' || custodians.includes(custodian))
      throw new CannotGoOn('each component is entered by another person')
    const octets = octetsOf(await prompt.askHidden(`Component ${at} in hexadecimal (not shown): `))
    if (octets.length !== traits[algorithm].octets)
      throw new CannotGoOn(
        `a component of ${algorithm} has ${traits[algorithm].octets * 2} hexadecimal digits`,
      )
    const own = checkValueOf(algorithm, octets.reveal())
    const checkValue = await prompt.ask(`Check value on your sheet (entered: ${own}): `)
    components.push({ octets, checkValue })
    custodians.push(custodian)
  }
  const checkValue = await prompt.ask('Check value of the whole key: ')
  return { components, custodians, checkValue }
}

/** Digits as they were typed, spaces apart; anything else makes it too short. */
function octetsOf(typed: SecretBytes): SecretBytes {
  return typed.spend((characters) => {
    const digits = characters.filter((character) => character !== 0x20)
    const octets = new Uint8Array(digits.length >> 1)
    for (const [at] of octets.entries()) {
      const pair = String.fromCharCode(digits[at * 2] ?? 0, digits[at * 2 + 1] ?? 0)
      if (!/^[0-9A-Fa-f]{2}$/.test(pair)) return new SecretBytes(new Uint8Array())
      octets[at] = Number.parseInt(pair, 16)
    }
    const isWhole = digits.length % 2 === 0
    digits.fill(0)
    return new SecretBytes(isWhole ? octets : new Uint8Array())
  })
}
