// Words of top-up vouchers at the operator's, in English.
import type { Translated } from '../../names.ts'
import type { operatorVouchersZh } from './words-zh.ts'

export const operatorVouchersEn: Translated<typeof operatorVouchersZh> = {
  title: 'Top-up vouchers',
  add: 'Ask for a batch',
  none: 'There are no vouchers yet.',
  batch: '{{name}} (batch {{no}})',
  amount: 'Value',
  yuan: 'CNY {{amount}}',
  count: 'How many',
  seller: 'Seller',
  until: 'Valid until',
  people: 'Asked by, agreed by',
  vouchers: 'Now',
  counts:
    '{{made}} not sold, {{active}} usable, {{used}} used, {{expired}} expired, {{blocked}} blocked',
  act: { file: 'Make', activate: 'Activate', block: 'Block', expire: 'Give back expired' },
  will: {
    activate: 'They can be used from now on, and the seller owes for them.',
    block: 'Nobody can use them any more; the seller has back what was sold of them.',
    expire: 'The whole batch is over; the seller has back what was sold and not used.',
  },
  form: {
    name: 'Name',
    seller: 'Code of the seller',
    sellerHint: 'Small letters, digits and hyphens',
    amount: 'Value (CNY)',
    amountHint: '1 to 1000',
    count: 'How many',
    countHint: 'At most 100000',
    until: 'Last day',
    missing: 'This is needed.',
    action: 'Agree and ask',
    from: 'From number',
    to: 'To number',
    range: 'Give the first and last number of this batch.',
  },
  file: {
    key: 'Public key of the printer (RSA, PEM)',
    note: 'The codes leave now and once, encrypted for this key, and are kept nowhere. If the file is lost, block the batch and ask for another.',
    wrong: 'Paste the public key.',
    action: 'Make and download',
  },
}
