/** ISO 8583:1987 in characters: digits and texts in ASCII, octets and bitmaps as hexadecimal digits. */
import { defineSpec } from '../spec/spec.ts'
import { attributes } from './iso87.ts'

export const iso87Ascii = defineSpec({
  name: 'iso87_ascii',
  style: { digits: 'ascii', text: 'ascii', octets: 'hex', prefix: 'ascii' },
  frame: { length: 'ascii', lengthOctets: 4, countsItself: false, octetsMax: 9_999, idle: false },
  header: [],
  mti: 'ascii',
  bitmap: { encoding: 'hex', secondary: 'when_needed' },
  mac: { field: 'last', form: 'octets', over: 'message' },
  fields: attributes,
})
