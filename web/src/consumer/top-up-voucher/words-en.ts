// Top-up vouchers in English.
import type { Translated } from '../../names.ts'
import type { topUpVoucherZh } from './words-zh.ts'

export const topUpVoucherEn: Translated<typeof topUpVoucherZh> = {
  from: 'Top up by',
  card: 'Bank card',
  voucher: 'Voucher',
  code: 'Code of the voucher',
  hint: 'Scratch the card and type its 16 digits',
  scan: 'Scan the code on the card',
  stopScan: 'Type it instead',
  notVoucher: 'This is not the code of a voucher.',
  action: 'Top up',
  lost: 'No answer came, and it may be done. Press again to ask about the same top-up; it is not done twice.',
  done: 'Topped up',
  at: 'Arrived',
  serial: 'Serial number',
  another: 'Use another one',
}
