/**
 * UnionPay terminals (银联 POS): a two-octet length, a transport header (TPDU), six octets about the terminal,
 * then a message in BCD with one bitmap and at most 64 fields. Digits are left aligned, the card sequence
 * number (23) is not. Field 62 is octets, because a sign-on is answered with keys in it.
 */
import { defineSpec } from '../spec/spec.ts'

const digits = (count: number) =>
  ({ content: 'n', encoding: 'bcd_left', length: { fixed: count } }) as const

export const unionPayPos = defineSpec({
  name: 'unionpay_pos',
  style: { digits: 'bcd_left', text: 'ascii', octets: 'binary', prefix: 'bcd' },
  frame: { length: 'binary', lengthOctets: 2, countsItself: false, octetsMax: 4_096, idle: false },
  header: [
    { name: 'tpdu_id', ...digits(2), default: '60' },
    { name: 'tpdu_destination', ...digits(4) },
    { name: 'tpdu_origin', ...digits(4) },
    // Kind of application 2, software 2, state of the terminal 1, what it shall do 1, version 6.
    { name: 'application', ...digits(12) },
  ],
  mti: 'bcd',
  bitmap: { encoding: 'binary', secondary: 'never' },
  mac: { field: 64, form: 'hex', over: 'message' },
  fields: {
    2: 'n..19',
    3: 'n 6',
    4: 'n 12',
    11: 'n 6',
    12: 'n 6',
    13: 'n 4',
    14: 'n 4',
    15: 'n 4',
    22: 'n 3',
    23: ['n 3', { encoding: 'bcd_right' }],
    25: 'n 2',
    26: 'n 2',
    32: 'n..11',
    35: 'z..37',
    36: 'z...104',
    37: 'an 12',
    38: 'an 6',
    39: 'an 2',
    41: 'ans 8',
    42: 'ans 15',
    44: 'ans..25',
    48: 'n...322',
    49: 'an 3',
    52: 'b 64',
    53: 'n 16',
    54: 'an...120',
    55: 'b...255',
    58: 'ans...100',
    59: ['ans...999', { encoding: 'gbk' }],
    60: 'n...17',
    61: 'n...29',
    62: 'b...512',
    63: ['ans...163', { encoding: 'gbk' }],
    64: 'b 64',
  },
})
