/**
 * What alphabet a message is written in. SMPP's data_coding (SMPP 3.4 §5.2.19) has sixteen values of
 * its own; above them come the groups of the GSM data coding scheme (3GPP TS 23.038 §4 and §5).
 */
import { decodeGsm7, encodeGsm7 } from './gsm7.ts'
import { latin1Text } from './octets.ts'
import { decodeUcs2, encodeUcs2 } from './ucs2.ts'

/** `binary` is not text; `unsupported` is text in an alphabet this library does not read. */
export type Alphabet = 'gsm7' | 'ia5' | 'latin1' | 'ucs2' | 'binary' | 'unsupported'

export const dataCodings = {
  gsm7: 0x00,
  ia5: 0x01,
  latin1: 0x03,
  binary: 0x04,
  ucs2: 0x08,
} as const

/** SMPP 3.4 §5.2.19, values 0x00 to 0x0F. JIS, Cyrillic, Hebrew, pictograms and Korean are not read. */
const smppValues: readonly Alphabet[] = [
  'gsm7',
  'ia5',
  'binary',
  'latin1',
  'binary',
  'unsupported',
  'unsupported',
  'unsupported',
  'ucs2',
]

/** TS 23.038 §4, bits 3 and 2 of the general group. */
const generalGroup: readonly Alphabet[] = ['gsm7', 'binary', 'ucs2', 'unsupported']

export function alphabetOf(dataCoding: number): Alphabet {
  const group = dataCoding >> 4
  if (group === 0) return smppValues[dataCoding] ?? 'unsupported'
  // Groups 00xx and 01xx: bit 5 says compressed text (TS 23.042), which nobody sends.
  if (group < 8)
    return group & 2 ? 'unsupported' : (generalGroup[(dataCoding >> 2) & 3] ?? 'unsupported')
  // 1100 and 1101 are message-waiting marks in the default alphabet, 1110 the same in UCS-2.
  if (group === 0xc || group === 0xd) return 'gsm7'
  if (group === 0xe) return 'ucs2'
  // 1111, message class: bit 2 chooses 8-bit data.
  if (group === 0xf) return dataCoding & 4 ? 'binary' : 'gsm7'
  return 'unsupported'
}

/** The text of a whole message, or undefined when it is binary or in an alphabet we do not read. */
export function decodeText(content: Uint8Array, dataCoding: number): string | undefined {
  switch (alphabetOf(dataCoding)) {
    case 'gsm7':
      return decodeGsm7(content)
    case 'ucs2':
      return decodeUcs2(content)
    case 'latin1':
      return latin1Text(content)
    case 'ia5':
      return latin1Text(content).replace(/[\u0080-\u00ff]/g, '\ufffd')
    default:
      return undefined
  }
}

export interface EncodedText {
  readonly alphabet: 'gsm7' | 'ucs2'
  readonly dataCoding: number
  /** Unpacked septets, or big-endian UTF-16. */
  readonly content: Uint8Array
}

/** The default alphabet when every character is in it, otherwise UCS-2. */
export function encodeText(text: string): EncodedText {
  const septets = encodeGsm7(text)
  return septets.ok
    ? { alphabet: 'gsm7', dataCoding: dataCodings.gsm7, content: septets.value }
    : { alphabet: 'ucs2', dataCoding: dataCodings.ucs2, content: encodeUcs2(text) }
}
