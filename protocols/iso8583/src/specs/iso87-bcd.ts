/**
 * ISO 8583:1987 in octets: digits in BCD, right aligned, texts in ASCII, octets and bitmaps as they are. A
 * variable length is two digits in one octet or three in two. Chip data (55) are octets.
 */
import { deriveSpec } from '../spec/spec.ts'
import { attributes } from './iso87.ts'
import { iso87Ascii } from './iso87-ascii.ts'

export const iso87Bcd = deriveSpec(iso87Ascii, {
  name: 'iso87_bcd',
  style: { digits: 'bcd_right', text: 'ascii', octets: 'binary', prefix: 'bcd' },
  frame: { length: 'binary', lengthOctets: 2, countsItself: false, octetsMax: 9_999, idle: false },
  mti: 'bcd',
  bitmap: { encoding: 'binary', secondary: 'when_needed' },
  fields: { ...attributes, 55: 'b...255' },
})
