/**
 * What went wrong, in the standard's words: a category, which decides the HTTP status, and a code. Names are those of
 * the YAML, which its prose writes with capitals.
 */

export const statusOf = {
  businessRule: 400,
  validation: 400,
  authorisation: 401,
  identification: 404,
  internal: 500,
  serviceUnavailable: 503,
} as const
type Category = keyof typeof statusOf

export const errors = {
  businessRule: ['businessRule', 'genericError', 'This is not possible.'],
  dailyVolume: ['businessRule', 'dailyVolumeLimitExceeded', 'Too many transactions today.'],
  dailyValue: ['businessRule', 'dailyValueLimitExceeded', 'Over the limit of the day.'],
  weeklyVolume: ['businessRule', 'weeklyVolumeLimitExceeded', 'Too many transactions this week.'],
  weeklyValue: ['businessRule', 'weeklyValueLimitExceeded', 'Over the limit of the week.'],
  monthlyVolume: [
    'businessRule',
    'monthlyVolumeLimitExceeded',
    'Too many transactions this month.',
  ],
  monthlyValue: ['businessRule', 'monthlyValueLimitExceeded', 'Over the limit of the month.'],
  totalVolume: [
    'businessRule',
    'accountMaxTotalVolumeExceeded',
    'Too many transactions on this account.',
  ],
  totalValue: [
    'businessRule',
    'accountMaxTotalValueExceeded',
    'Over what this class of account may pay in all.',
  ],
  tooSmall: ['businessRule', 'lessThanTransactionMinValue', 'Less than the smallest amount.'],
  tooLarge: ['businessRule', 'greaterThanTransactionMaxValue', 'More than one transaction may be.'],
  maxBalance: ['businessRule', 'maxBalanceExceeded', 'More than the account may hold.'],
  sameParties: ['businessRule', 'samePartiesError', 'Payer and payee are the same.'],
  duplicate: [
    'businessRule',
    'duplicateRequest',
    'X-CorrelationID was used for another request. Nothing was done.',
  ],
  lowFunds: ['businessRule', 'insufficientFunds', 'Not enough is available.'],
  incorrectState: ['businessRule', 'incorrectState', 'Its state does not permit this.'],
  underPayment: ['businessRule', 'underPaymentNotAllowed', 'Less than what was agreed to.'],
  overPayment: ['businessRule', 'overPaymentNotAllowed', 'More than what was agreed to.'],
  rateLimit: ['businessRule', 'rateLimitError', 'Too many requests. Nothing was done.'],
  transactionType: ['businessRule', 'transactionTypeError', 'We do not do this type.'],
  noMandate: ['businessRule', 'noMandateAuthority', 'No mandate permits this.'],
  linkViolation: ['businessRule', 'linkViolation', 'The link does not permit this.'],
  originCountry: ['businessRule', 'countryofOriginNotPermitted', 'Not from this country.'],
  nationality: ['businessRule', 'nationalityNotPermitted', 'Not for this nationality.'],
  idDocument: ['businessRule', 'idDocumentNotSupported', 'Not with this document.'],
  issuingCountry: ['businessRule', 'issuingCountryNotSupported', 'Not issued there.'],
  quoteExpired: ['businessRule', 'quoteHasExpired', 'The quotation is too old.'],
  identifier: ['identification', 'identifierError', 'Nothing was found by this identifier.'],
  invalid: ['validation', 'genericError', 'The request is not valid.'],
  length: ['validation', 'lengthError', 'Too long or too short.'],
  format: ['validation', 'formatError', 'Not of the right form.'],
  negative: ['validation', 'negativeValue', 'An amount is not negative.'],
  currency: ['validation', 'currencyNotSupported', 'Only CNY.'],
  missing: ['validation', 'mandatoryValueNotSupplied', 'Something that is needed is missing.'],
  offset: ['validation', 'invalidOffset', 'There is nothing that far.'],
  client: ['authorisation', 'clientAuthorisationError', 'The access token is not valid.'],
  declined: ['authorisation', 'requestDeclined', 'The payer did not agree.'],
  servicingParty: [
    'authorisation',
    'servicingPartyAuthorisationError',
    'The servicing party may not do this.',
  ],
  requestingParty: [
    'authorisation',
    'requestingPartyAuthorisationError',
    'The right to do this was not shown.',
  ],
  internal: [
    'internal',
    'genericError',
    'The server failed. The same request may be sent again, under the same X-CorrelationID.',
  ],
  busy: [
    'serviceUnavailable',
    'genericError',
    'Not now. Send the same request again, under the same X-CorrelationID.',
  ],
} as const satisfies Readonly<Record<string, readonly [Category, string, string]>>

export type ErrorName = keyof typeof errors

/** As the YAML has it, small d and all. */
export interface ErrorObject {
  readonly errorCategory: Category
  readonly errorCode: string
  readonly errordescription: string
  readonly errorDateTime: string
  readonly errorParameters?: readonly { readonly key: string; readonly value: string }[]
}

export interface Fault {
  readonly name: ErrorName
  /** Instead of the usual words. */
  readonly words?: string
  /** Which field or header. */
  readonly field?: string
}

export function errorObject({ name, words, field }: Fault, now: number): ErrorObject {
  const [errorCategory, errorCode, usual] = errors[name]
  return {
    ...{ errorCategory, errorCode, errordescription: (words ?? usual).slice(0, textMax) },
    errorDateTime: new Date(now).toISOString(),
    ...(field !== undefined &&
      field !== '' && { errorParameters: [{ key: 'field', value: field.slice(0, textMax) }] }),
  }
}

const textMax = 256

/** Thrown by handlers, written by the error handler of `scope.ts`. */
export class MobileMoneyError extends Error {
  override readonly name = 'MobileMoneyError'
  readonly fault: Fault
  constructor(fault: Fault) {
    super(errors[fault.name][1])
    this.fault = fault
  }
}

export const fault = (name: ErrorName, more: Omit<Fault, 'name'> = {}): MobileMoneyError =>
  new MobileMoneyError({ name, ...more })
