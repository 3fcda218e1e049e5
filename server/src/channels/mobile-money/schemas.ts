/**
 * What may be asked, and what is answered. Members of the standard that we have no use for are passed over and do not
 * come back. Answers are documentation here: tests hold them against the published YAML.
 */
import { z } from 'zod'
import { holdsCardNumber } from '../../kernel/index.ts'
import { amountOf, isAmount } from './amount.ts'
import type { ErrorName } from './errors.ts'
import type { NamedIssue } from './scope.ts'

const textMax = 256
const text = z.string().min(1).max(textMax)
/** Plain text of the client's: no number of a card is kept by accident. */
const words = (max: number) =>
  z
    .string()
    .max(max)
    .regex(/^[^\p{Cc}]*$/u, 'no control characters')
    .refine((value) => !holdsCardNumber(value), 'no card numbers')

const named = (mobileMoney: ErrorName, message: string) => ({
  code: 'custom' as const,
  message,
  params: { mobileMoney } satisfies NamedIssue,
})

export const amount = z
  .string()
  .superRefine((value, context) => {
    if (/^-/.test(value)) context.addIssue(named('negative', 'not below zero'))
    else if (value === '' || value.length > 23) context.addIssue(named('length', '1 to 23'))
    else if (!isAmount(value)) context.addIssue(named('format', 'a decimal, for example 15.21'))
    else if (amountOf(value) === undefined)
      context.addIssue(named('format', 'the yuan has two decimals'))
  })
  .meta({ example: '15.21' })

export const currency = z
  .string()
  .superRefine((value, context) => {
    if (!/^[A-Z]{3}$/.test(value)) context.addIssue(named('format', 'ISO 4217, for example CNY'))
    else if (value !== 'CNY') context.addIssue(named('currency', 'only CNY'))
  })
  .meta({ example: 'CNY' })

const party = z.object({ key: text, value: text })
export const parties = z.array(party).min(1).max(10)
const pairs = z.array(z.object({ key: text, value: words(textMax).min(1) })).max(20)
const instant = z.iso.datetime({ offset: true })
const date = z.iso.date()

const common = {
  requestDate: instant.optional(),
  customData: pairs.optional(),
  metadata: pairs.optional(),
}

export const transactionBody = z.object({
  amount,
  currency,
  debitParty: parties.optional(),
  creditParty: parties.optional(),
  subType: words(textMax).optional(),
  descriptionText: words(160).optional(),
  requestingOrganisationTransactionReference: words(textMax).optional(),
  servicingIdentity: words(textMax).optional(),
  oneTimeCode: z.string().max(textMax).optional(),
  ...common,
})

export const transactionType = z.enum([
  'billpay',
  'deposit',
  'disbursement',
  'transfer',
  'merchantpay',
  'inttransfer',
  'adjustment',
  'reversal',
  'withdrawal',
])

export const reversalBody = z.object({
  type: z.enum(['reversal', 'adjustment']),
  amount: amount.optional(),
  currency: currency.optional(),
  subType: words(textMax).optional(),
  descriptionText: words(160).optional(),
  requestingOrganisationTransactionReference: words(textMax).optional(),
  ...common,
})

export const quotationBody = z.object({
  debitParty: parties,
  creditParty: parties,
  requestAmount: amount,
  requestCurrency: currency,
  type: transactionType.optional(),
  subType: words(textMax).optional(),
  ...common,
})

export const billBody = z.object({
  amountPaid: amount,
  currency,
  requestingOrganisationTransactionReference: words(textMax).optional(),
  customerReference: words(textMax).optional(),
  requestingOrganisation: words(textMax).optional(),
  ...common,
})

export const mandateBody = z.object({
  payee: parties,
  amountLimit: amount,
  currency: currency.default('CNY'),
  startDate: date,
  endDate: date.optional(),
  frequencyType: z.enum(['weekly', 'monthspecificdate']).optional(),
  numberOfPayments: z
    .number()
    .refine(() => false, 'the limit is by time, not by count')
    .optional(),
  requestDate: instant.optional(),
  customData: pairs.optional(),
})

/** A day: longer is what mandates are for. */
const codeSecondsMax = 86_400

export const codeBody = z.object({
  amount,
  currency,
  amountType: z.enum(['exact', 'maximum']).default('exact'),
  codeLifetime: z.int().min(1).max(codeSecondsMax).optional(),
  holdFundsIndicator: z.literal(false, 'funds are not held').optional(),
  redemptionAccountIdentifiers: z.array(party).min(1).max(50).optional(),
  redemptionTransactionTypes: z
    .array(z.object({ transactionType: z.literal('merchantpay') }))
    .max(50)
    .optional(),
  ...common,
})

export const patchOf = <const Path extends string, const Value extends string>(
  path: Path,
  value: Value,
) =>
  z
    .array(
      z.object({
        op: z.literal('replace'),
        path: z.literal(path),
        value: z.literal(value),
      }),
    )
    .min(1)
    .max(10)

const paging = {
  limit: z.coerce.number().int().min(1).max(200).default(50),
  offset: z.coerce
    .number()
    .int()
    .superRefine((value, context) => {
      if (value < 0 || value > offsetMax) context.addIssue(named('offset', `0 to ${offsetMax}`))
    })
    .default(0),
  fromDateTime: instant.optional(),
  toDateTime: instant.optional(),
}

export const billsQuery = z.object(paging)

export const linesQuery = z.object({
  ...paging,
  transactionStatus: z.string().max(textMax).optional(),
  transactionType: transactionType.optional(),
  displayType: z.string().max(textMax).optional(),
})
/** Who wants older ones says from when to when. */
const offsetMax = 2_000

export const codesQuery = z.object({ codeState: z.enum(['active', 'expired', 'cancelled']) })

export const correlationId = z
  .string()
  .regex(/^[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}$/, 'a UUID')

const callbackUrlMax = 2_048

export const callbackUrl = z
  .string()
  .max(callbackUrlMax)
  .refine((value) => {
    const url = URL.canParse(value) ? new URL(value) : undefined
    return url?.protocol === 'https:' && url.username === '' && url.password === ''
  }, 'https, without a name or password')

export const reference = z.object({ reference: text })

const errorAnswer = z.object({
  errorCategory: z.string(),
  errorCode: z.string(),
  errordescription: z.string(),
  errorDateTime: instant,
  errorParameters: z.array(party).optional(),
})
const stateAnswer = z.object({
  serverCorrelationId: z.uuid(),
  status: z.enum(['pending', 'completed', 'failed']),
  notificationMethod: z.enum(['callback', 'polling']),
  objectReference: z.string().optional(),
  pendingReason: z.string().optional(),
  expiryTime: instant.optional(),
  error: errorAnswer.optional(),
})
/** In full in the standard's own document. */
const objectAnswer = z.object({}).loose()
const listAnswer = z.array(objectAnswer)
const errorAnswers = Object.fromEntries(
  [400, 401, 404, 500, 503].map((status) => [status, errorAnswer]),
)
export const read = { 200: objectAnswer, ...errorAnswers }
export const readList = { 200: listAnswer, ...errorAnswers }
export const readState = { 200: stateAnswer, ...errorAnswers }
export const made = { 201: objectAnswer, 202: stateAnswer, ...errorAnswers }
export const changed = { 204: z.null(), ...errorAnswers }
