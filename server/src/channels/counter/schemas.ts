/** What the counter's app sends and is answered. */
import { z } from 'zod'
import { personView, sessionView } from '../staff-door/index.ts'
import {
  agreement,
  amount,
  card,
  cardNumber,
  cardPin,
  number,
  owner,
  positiveAmount,
  reason,
  securityCode,
  sixDigits,
  uuid,
  walletPin,
  words,
} from './fields.ts'

export const countsView = z.record(z.string(), z.int())

export const tillView = z.object({
  id: z.string(),
  desk: z.string(),
  person: personView,
  state: z.enum(['open', 'closed']),
  openedAt: z.string(),
  closedAt: z.string().nullable(),
  float: amount,
  balance: amount.describe('What must be in it'),
  held: amount.describe('Of that, promised to payouts under way'),
  cashIn: amount,
  cashOut: amount,
  entries: z.int(),
  counted: amount.nullable(),
  difference: z.string().nullable().describe('Counted less what had to be there, in fen'),
  reason: z.string().nullable(),
  banked: z
    .object({ amount: z.string().describe('Below zero it came from the bank'), slip: z.string() })
    .nullable()
    .describe('What of a closed till went to the bank'),
})

export const counterSessionView = sessionView.extend({
  till: tillView.nullable(),
  cashApprovalAbove: amount.describe('Cash above this needs a second person'),
  agreement: z.object({ version: z.string(), title: words, points: z.array(words) }),
})

export const ownerView = z.object({
  level: z.enum(['basic', 'verified']),
  maskedName: z.string(),
  maskedNumber: z.string(),
  since: z.string(),
})

export const cardView = z.object({
  id: z.string(),
  bank: z.string(),
  bankName: words,
  kind: z.enum(['debit', 'credit']),
  maskedNumber: z.string(),
  state: z.enum([
    'draft',
    'verifying',
    'code_sent',
    'active',
    'needs_rebinding',
    'suspended',
    'unbound',
  ]),
  boundAt: z.string().nullable(),
  isDefault: z.boolean(),
  bill: z
    .object({ left: amount, leastLeft: amount, dueOn: z.string() })
    .nullable()
    .describe('Of a credit card, as it is known: what is left of it'),
})

export const customerView = z.object({
  msisdn: z.string(),
  carrier: z.string(),
  brand: z.string(),
  billing: z.enum(['prepaid', 'postpaid']),
  region: z.string(),
  status: z.enum(['active', 'suspended', 'closed']),
  simKind: z.enum(['ordinary', 'wallet']),
  coolOffUntil: z.string().nullable().describe('No money goes out before, after a SIM change'),
  owner: ownerView.nullable(),
  pin: z
    .object({
      state: z.enum(['initial', 'active']),
      triesLeft: z.int(),
      initialUntil: z.string().nullable(),
      locked: z.boolean(),
    })
    .nullable(),
  cards: z.array(cardView),
  wallet: z
    .object({
      ...{ id: z.string(), state: z.enum(['open', 'closing', 'closed']), balance: amount },
      points: z.string().describe('Whole points; closing takes them'),
      unseenCodes: z
        .int()
        .describe('Rewards whose code the customer has not looked at; closing takes them'),
    })
    .nullable(),
})

export const findBody = z.strictObject({ msisdn: number })
export const ownerCheckBody = z.strictObject({ msisdn: number, owner })
export const ownerCheckView = z.object({
  registered: z.boolean(),
  same: z.boolean().describe('The document is that of the owner in the register'),
})

/** One row of the list that the clerk sees before the bank is asked. */
export const checkView = z.object({
  check: z.enum(['owner', 'card', 'free', 'room', 'open']),
  ok: z.boolean(),
  refusal: z.object({ code: z.string(), words }).nullable(),
})
export const cardCheckBody = z.strictObject({
  msisdn: number,
  owner,
  card,
  binding: uuid.nullable().default(null).describe('Where the card is bound again'),
})
export const cardCheckView = z.object({
  bank: z.string().nullable(),
  bankName: words.nullable(),
  kind: z.enum(['debit', 'credit']).nullable(),
  maskedNumber: z.string(),
  checks: z.array(checkView),
})

export const approvalState = z.enum([
  'asked',
  'approved',
  'declined',
  'withdrawn',
  'used',
  'expired',
])
export const approvalView = z.object({
  id: z.string(),
  kind: z.string(),
  state: approvalState,
  shown: z.record(z.string(), z.string()).describe('What is asked for, masked, as label and value'),
  reason: z.string(),
  askedBy: personView,
  askedAt: z.string(),
  expiresAt: z.string(),
  decidedBy: personView.nullable(),
  decidedAt: z.string().nullable(),
  note: z.string().nullable(),
})
export const approvalsView = z.object({ items: z.array(approvalView) })
export const approveBody = z.strictObject({
  code: sixDigits.describe('Of the authenticator of who approves, at this moment'),
})
export const declineBody = z.strictObject({ reason })

export const actKind = z.enum([
  'open',
  'bind',
  'rebind',
  'unbind',
  'pin_reset',
  'sim_change',
  'close',
  'cash_in',
  'cash_out',
])

export const actView = z.object({
  id: z.string(),
  kind: actKind,
  state: z.enum(['begun', 'done', 'refused']),
  waitsFor: z
    .enum(['answer', 'code'])
    .nullable()
    .describe('While begun: the bank’s answer, or the code that it has texted'),
  msisdn: z.string().describe('Masked'),
  amount: amount.nullable(),
  shown: z.record(z.string(), z.string()),
  voucher: z.string().nullable().describe('Its number, once the act is done'),
  refusal: z.object({ type: z.string(), code: z.string(), words }).nullable(),
  person: z.string(),
  beganAt: z.string(),
  endedAt: z.string().nullable(),
})

/** 200: done. 202: `act` is still begun, or `approval` is what a second person must decide first. */
export const actAnswer = z.object({
  act: actView.nullable(),
  approval: approvalView.nullable(),
})
export const actsView = z.object({ items: z.array(actView) })

/** What proves the holder to the bank, if it asks for it. */
const proof = {
  cardPin: cardPin.nullable().default(null).describe('From the PIN pad'),
  securityCode: securityCode.nullable().default(null).describe('Of a credit card'),
}

export const openBody = z.strictObject({ msisdn: number, owner, agreement })
export const bindBody = z.strictObject({
  msisdn: number,
  owner,
  card,
  mobileAtBank: number.nullable().default(null).describe('Where the bank knows another number'),
  ...proof,
  agreement,
})
export const rebindBody = z.strictObject({
  msisdn: number,
  owner,
  binding: uuid,
  card,
  ...proof,
})
export const unbindBody = z.strictObject({
  msisdn: number,
  owner,
  binding: uuid,
  card: cardNumber.nullable().default(null).describe('The card on the desk'),
  reason: reason.nullable().default(null).describe('Without the card: why, for a second person'),
})
export const withReasonBody = z.strictObject({ msisdn: number, owner, reason })
export const closeBody = z.strictObject({
  msisdn: number,
  owner,
  reason,
  payTo: uuid.nullable().default(null).describe('The bound card that what is left is paid out to'),
})
export const cashInBody = z.strictObject({
  msisdn: number,
  amount: positiveAmount,
  reason: reason.nullable().default(null),
})
export const cashOutBody = z.strictObject({
  msisdn: number,
  owner,
  amount: positiveAmount,
  walletPin,
  reason: reason.nullable().default(null),
})
export const codeBody = z.strictObject({ code: z.string().regex(/^\d{4,8}$/) })
export const retryBody = z.strictObject(proof)

export const voucherLine = z.object({ label: words, value: z.union([z.string(), words]) })
export const voucherView = z.object({
  number: z.string(),
  state: z.enum(['reserved', 'issued', 'void']),
  title: words.nullable(),
  lines: z.array(voucherLine),
  note: words.nullable(),
  issuedAt: z.string().nullable(),
  prints: z.int(),
})

export const wordsView = z.object({
  items: z.array(z.object({ type: z.string(), code: z.string(), words })),
})
