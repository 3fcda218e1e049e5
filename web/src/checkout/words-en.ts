// The checkout in English.
import type { Translated } from '../names.ts'
import type { checkoutZh } from './words-zh.ts'

export const checkoutEn: Translated<typeof checkoutZh> = {
  title: 'Pay · {{merchant}}',
  titlePlain: 'Pay',
  secure: 'Secure',
  footer: 'No reply, no charge · Help <n>{{tel}}</n>',
  footerPlain: 'No reply, no charge',
  loading: 'Opening the payment page',
  offline: 'No connection to the server; trying again. The text message tells the result.',
  lost: 'The connection is lost, reconnecting. The result is also sent by text.',
  again: ' Pressing again never charges twice.',
  summary: 'What you pay for',
  goods: 'Goods',
  orderNo: 'Order',
  validUntil: 'Valid until',
  feeLine: 'Text message',
  feeValue: 'CNY {{fee}} each, extra',
  collected: 'Collected by Telepurse. Your number is used for this payment only.',
  steps: { label: 'Steps', number: 'Your number', reply: 'Reply', result: 'Result' },
  source: { label: 'Pay with', phone_bill: 'Phone bill', wallet: 'Wallet', card: 'Bank card' },
  enter: {
    phone_bill: {
      title: 'Pay ¥{{amount}} from your phone bill',
      lead: 'No sign-up. Enter your number, reply to one text, done.',
      limits:
        'Phone-bill limits: <n>{{single}}</n> each, <n>{{day}}</n> a day, <n>{{month}}</n> a month',
      total: 'On your phone bill',
    },
    wallet: {
      title: 'Pay ¥{{amount}} from the wallet',
      lead: 'Enter the number of your wallet and reply to the text with your PIN. This page never asks for the PIN.',
      limits:
        'Wallet limits: <n>{{single}}</n> each, <n>{{day}}</n> a day; less for some classes of account',
      total: 'From your wallet',
    },
    card: {
      title: 'Pay ¥{{amount}} by bank card',
      lead: 'Enter the number your card is bound to and reply to the text with your PIN. This page never asks for the PIN.',
      limits: 'Card limits: <n>{{single}}</n> each, <n>{{day}}</n> a day; your bank may allow less',
      total: 'From your bank card',
    },
    number: 'Phone number',
    wrong: 'Enter a mobile number of 11 digits.',
    captcha: 'To be sure: {{question}}',
    captchaEmpty: 'Enter the answer.',
    fee: 'Text message, 1 reply',
    submit: 'Text me to confirm',
    submitting: 'Sending',
    app: 'Pay in the wallet app',
    refused: 'This number cannot pay here',
  },
  waiting: {
    title: 'Reply to the text we sent',
    lead: 'Sent to <n>{{msisdn}}</n> from <n>{{from}}</n>',
    text: 'The text as sent',
    aboutText: 'How to reply to the text',
    reply: 'Waiting for your reply: {{word}}',
    pin: '6-digit PIN',
    pinText: {
      wallet:
        'The text names the merchant and the amount, to be paid from your wallet. If they are right, reply with your <m>{{pin}}</m>.',
      card: 'The text names the merchant, the amount and the bank card. If they are right, reply with your <m>{{pin}}</m>.',
    },
    pinSafe: 'The PIN goes only into your reply from the phone. No page and no agent asks for it.',
    by: 'Valid until {{time}}. This page updates by itself. You may also close it.',
    over: 'Time is up; waiting for the last word.',
    none: 'No text?',
    resendIn: 'Send again in {{n}} s',
    resend: 'Send again',
    resent: 'Sent again, please look at your phone.',
    change: 'Change number',
    cancel: 'Cancel',
    cancelTitle: 'Cancel this payment?',
    cancelText: 'Nothing is charged, and a later reply will not be charged either.',
  },
  processing: {
    phone_bill: {
      title: 'Charging your phone bill',
      lead: 'We have your reply; your carrier is working on it. The result appears here by itself.',
    },
    wallet: {
      title: 'Paying from the wallet',
      lead: 'We have your reply. The result appears here by itself.',
    },
    card: {
      title: 'Charging your bank card',
      lead: 'We have your reply; your bank is working on it. The result appears here by itself.',
    },
  },
  paid: {
    title: 'Paid',
    phone_bill: {
      lead: 'Charged to the phone bill of <n>{{msisdn}}</n>, and {{merchant}} has been told.',
      charged: 'From phone bill',
    },
    wallet: {
      lead: 'Paid from the wallet of <n>{{msisdn}}</n>, and {{merchant}} has been told.',
      charged: 'From the wallet',
    },
    card: {
      lead: 'Charged to the bank card bound to <n>{{msisdn}}</n>, and {{merchant}} has been told.',
      charged: 'From bank card',
    },
    at: 'Paid at',
    paymentNo: 'Payment no.',
    copyLabel: 'Copy the payment number',
    fee: 'Text message',
    feeExtra: '{{fee}} (extra)',
    receipt: 'Receipt sent by text.',
  },
  unknown: {
    phone_bill: {
      title: 'Checking with your carrier',
      whereText:
        'You confirmed; your carrier has not answered yet. If it was not charged, it will not be. If it was and the order is cancelled, it goes back to your bill.',
    },
    wallet: {
      title: 'Checking',
      whereText:
        'You confirmed; there is no result yet. If it was not paid, it will not be. If it was and the order is cancelled, it goes back to your wallet.',
    },
    card: {
      title: 'Checking with your bank',
      whereText:
        'You confirmed; your bank has not answered yet. If it was not charged, it will not be. If it was and the order is cancelled, it goes back to your card.',
    },
    where: 'Where is the money',
    when: 'When will I know',
    whenText:
      'Mostly within 10 min, at the latest <n>{{time}}</n>. We will text <n>{{msisdn}}</n>.',
    whenPlain: 'Mostly within 10 min, at the latest in 24 hours. We will text <n>{{msisdn}}</n>.',
    what: 'What should I do',
    whatText: 'Nothing. <b>Please do not pay again another way.</b>',
    close: 'You may close this page.',
    closeNo: 'You may close this page. Payment no. {{no}}',
  },
  declined: {
    title: 'This number cannot pay here',
    lead: 'Nothing was charged. You can go back to {{merchant}} and pay another way.',
  },
  expired: {
    title: 'Expired, not charged',
    lead: 'No reply came in time. A later reply will not be charged. To buy, go back to {{merchant}} and order again.',
  },
  cancelled: {
    title: 'Cancelled, not charged',
    lead: 'A later reply to the text will not be charged either.',
  },
  notFound: {
    title: 'There is no such payment',
    lead: 'The address may be incomplete, or the payment was removed. This page charges nothing. Please open it again from the merchant.',
  },
  back: 'Back to {{merchant}}',
}
