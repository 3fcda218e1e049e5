/** The message of each verb, as values. What a bank wants besides stands in its configuration. */
import { type MessageSpec, type OutgoingMessage, originalDataOf } from '@telepurse/iso8583'
import type {
  BalanceInquiry,
  BankCard,
  CardCredit,
  CardPurchase,
  CardRefund,
  Exchange,
  Reversal,
  Verification,
} from '../../bank-cards/index.ts'
import type { Amount } from '../../kernel/index.ts'
import type { BankConfig } from './config.ts'
import type { VerbName } from './config-schema.ts'
import { identityFields } from './wire.ts'

type Fields = Record<number, string | Uint8Array>

export interface RequestWriter {
  verify(verification: Verification, identification: string, pin: Fields): OutgoingMessage
  balance(inquiry: BalanceInquiry, pin: Fields): OutgoingMessage
  purchase(purchase: CardPurchase, pin: Fields): OutgoingMessage
  credit(credit: CardCredit, payee: string | undefined): OutgoingMessage
  reverse(reversal: Reversal): OutgoingMessage
  voidPurchase(refund: CardRefund): OutgoingMessage
  refund(refund: CardRefund): OutgoingMessage
}

/** Field 3: the kind of transaction; the accounts are the bank's to choose. */
const processing = {
  ...{ purchase: '000000', verify: '890000', balance: '300000' },
  ...{ credit: '290000', undo: '200000' },
} as const

export function createRequestWriter(config: BankConfig, spec: MessageSpec): RequestWriter {
  const { acceptor, currency, messages } = config
  const write = (
    mti: string,
    verb: VerbName,
    { exchange, card }: { readonly exchange: Exchange; readonly card: BankCard },
    fields: Fields,
  ): OutgoingMessage => ({
    header: messages.header,
    mti,
    fields: {
      2: card.pan.reveal(),
      ...identityFields(exchange),
      12: exchange.transmittedAt.slice(4),
      13: exchange.transmittedAt.slice(0, 4),
      ...(card.expiry && { 14: card.expiry.reveal() }),
      18: acceptor.category,
      22: 52 in fields ? keyedWithPin : keyed,
      25: '00',
      41: acceptor.terminal.padEnd(8),
      42: acceptor.id.padEnd(15),
      43: acceptor.name,
      49: currency,
      ...messages.constants.all,
      ...messages.constants[verb],
      ...fields,
    },
  })
  const undo = (verb: 'void' | 'refund', mti: string, refund: CardRefund) => {
    const { retrievalReference, authorization } = refund.trace
    return write(mti, verb, refund, {
      3: processing.undo,
      4: amountField(refund.amount),
      ...(retrievalReference !== undefined && { 37: retrievalReference }),
      ...(authorization !== undefined && { 38: authorization }),
      90: originalField(refund.original),
    })
  }
  return {
    verify: (verification, identification, pin) =>
      write('0100', 'verify', verification, {
        3: processing.verify,
        61: identification,
        ...(verification.code && { 48: additional(spec, 'SM', verification.code.reveal()) }),
        ...pin,
      }),
    balance: (inquiry, pin) => write('0200', 'balance', inquiry, { 3: processing.balance, ...pin }),
    purchase: (purchase, pin) =>
      write('0200', 'purchase', purchase, {
        3: processing.purchase,
        4: amountField(purchase.amount),
        ...(purchase.orderNo !== undefined && {
          48: additional(spec, 'ON', purchase.orderNo.padEnd(40)),
        }),
        ...pin,
      }),
    credit: (credit, payee) =>
      write('0200', 'credit', credit, {
        3: processing.credit,
        4: amountField(credit.amount),
        ...(payee !== undefined && { 61: payee }),
      }),
    reverse: (reversal) =>
      write(reversal.repeat ? '0421' : '0420', 'reverse', reversal, {
        3: processing.purchase,
        4: amountField(reversal.amount),
        90: originalField(reversal.original),
      }),
    voidPurchase: (refund) => undo('void', '0200', refund),
    refund: (refund) => undo('refund', '0220', refund),
  }
}

/** Field 22: entered by hand; the third digit says whether a PIN came with it. */
const keyed = '012'
const keyedWithPin = '011'

export const amountMax = 999_999_999_999n

const amountField = (amount: Amount) => amount.toString().padStart(12, '0')

function originalField(original: Exchange): string {
  const written = originalDataOf({ mti: '0200', fields: identityFields(original) })
  if (!written.ok) throw new Error(written.refusal)
  return written.value
}

/** Field 48, usage AS: a tag of two characters, three digits with the length, the value. */
function additional(spec: MessageSpec, tag: string, value: string): string | Uint8Array {
  const text = `AS${tag}${String(value.length).padStart(3, '0')}${value}`
  return spec.fields[48]?.content === 'b' ? new Uint8Array(Buffer.from(text, 'latin1')) : text
}
