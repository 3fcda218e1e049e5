/**
 * A consumer's code for people and logs, a line for each data object. It shows nothing that could be paid with: of
 * a card number six and four digits at most, of cryptograms and of what is not known nothing but the length.
 */
import { dots, maskedPan, withoutNumbers } from '../masking.ts'
import { type BerObject, hexOf } from './ber.ts'
import type { ConsumerCode } from './code.ts'
import { type ConsumerField, fieldOf, readField } from './data.ts'

/** For example `61 4F aid A000000333010102`, `61 5A pan 622424******0113`. Never throws. */
export const describeConsumerCode = ({ objects }: ConsumerCode): readonly string[] =>
  objects.flatMap((it) => linesOf(it, []))

function linesOf({ tag, value }: BerObject, path: readonly string[]): readonly string[] {
  const own = [...path, tag]
  if (!(value instanceof Uint8Array)) return value.flatMap((it) => linesOf(it, own))
  const name = path.length === 1 ? fieldOf(tag) : undefined
  const text = name && readField(name, value)
  const shown =
    name === undefined || text === undefined
      ? [harmless.has(tag) ? hexOf(value) : `(${value.length} octets)`]
      : [snakeCase(name), masks[name](text)]
  return [[...own, ...shown].join(' ')]
}

const asItIs = (text: string) => text
const notAtAll = () => dots

const masks: Readonly<Record<ConsumerField, (text: string) => string>> = {
  aid: asItIs,
  label: withoutNumbers,
  track2: (track) => `${maskedPan(track.split('=', 1)[0] ?? '')}${dots}`,
  pan: maskedPan,
  cardholderName: notAtAll,
  languages: asItIs,
  issuerUrl: withoutNumbers,
  applicationVersion: asItIs,
  tokenRequestorId: asItIs,
  paymentAccountReference: notAtAll,
  panLastDigits: asItIs,
}

/** Sequence number, interchange profile, kind of cryptogram, counter: they tell of a payment, not of a card. */
const harmless: ReadonlySet<string> = new Set(['5F34', '82', '9F27', '9F36'])

const snakeCase = (name: string) => name.replace(/[A-Z]/g, (it) => `_${it.toLowerCase()}`)
