/** Instructions and mandates as the standard shows them. Of what the client sent, what we understood comes back. */
import type { FieldCipher } from '../../kernel/index.ts'
import type { Mandate } from '../../transfers/index.ts'
import { fields } from '../http/index.ts'
import { amountText } from './amount.ts'
import { rhythms } from './effects/standing.ts'
import { partiesIn, textOf } from './fields.ts'
import type { Party } from './identifiers.ts'
import type { Instruction } from './instruction.ts'
import { codePurpose } from './payer-code.ts'

export interface PresentTools {
  readonly cipher: Pick<FieldCipher, 'open'>
  readonly now: number
}

export function present(
  instruction: Instruction,
  tools: PresentTools,
): Readonly<Record<string, unknown>> {
  switch (instruction.kind) {
    case 'debitmandate':
      return madeMandate(instruction)
    case 'authorisationcode':
      return code(instruction, tools)
    case 'quotation':
      return quotation(instruction)
    case 'billpay':
      return isTransaction(instruction) ? transaction(instruction) : billPayment(instruction)
    case 'reversal':
      return {
        ...transaction(instruction),
        originalTransactionReference: instruction.body.original,
      }
    default:
      return transaction(instruction)
  }
}

const echoed = [
  'subType',
  'amount',
  'currency',
  'descriptionText',
  'requestingOrganisationTransactionReference',
  'requestDate',
  'servicingIdentity',
  'customData',
  'metadata',
] as const

const echo = ({ body }: Instruction, names: readonly string[]) =>
  Object.fromEntries(
    names.flatMap((name) => (body[name] === undefined ? [] : [[name, body[name]]])),
  )

const dates = ({ createdAt, changedAt }: Instruction) => ({
  creationDate: fields.iso(createdAt),
  modificationDate: fields.iso(changedAt),
})

const statuses = { open: 'pending', waiting: 'pending', completed: 'completed', failed: 'failed' }

/** A payment of a bill can be looked at as a transaction too, however it was made. */
export function transaction(instruction: Instruction) {
  const { id, kind, state, merchantId, receipt } = instruction
  const debitParty = partiesIn(instruction, 'debitParty')
  const given = partiesIn(instruction, 'creditParty')
  const merchant: readonly Party[] = [{ key: 'organisationid', value: merchantId }]
  const creditParty = kind === 'merchantpay' && given.length === 0 ? merchant : given
  return {
    ...{ transactionReference: id, type: kind, transactionStatus: statuses[state] },
    ...echo(instruction, echoed),
    ...(debitParty.length > 0 && { debitParty }),
    ...(creditParty.length > 0 && { creditParty }),
    ...(receipt !== null && { transactionReceipt: receipt }),
    ...dates(instruction),
  }
}

/** A bill may be paid as such, or as a transaction with parties. */
const isTransaction = (instruction: Instruction) => partiesIn(instruction, 'debitParty').length > 0

export function billPayment(instruction: Instruction) {
  const { state, receipt, body } = instruction
  const named = [
    ...['currency', 'customerReference', 'requestingOrganisation', 'requestDate', 'customData'],
    ...['requestingOrganisationTransactionReference', 'metadata'],
  ]
  return {
    ...{ billPaymentStatus: statuses[state], amountPaid: body.amount },
    ...echo(instruction, named),
    ...(receipt !== null && { serviceProviderPaymentReference: receipt }),
    ...dates(instruction),
  }
}

function quotation(instruction: Instruction) {
  const { id, dueAt } = instruction
  const [amount, currency] = [
    textOf(instruction, 'requestAmount'),
    textOf(instruction, 'requestCurrency'),
  ]
  const named = ['type', 'subType', 'requestDate', 'customData', 'metadata']
  return {
    ...{ quotationReference: id, quotationStatus: 'completed' },
    ...{ requestAmount: amount, requestCurrency: currency, ...echo(instruction, named) },
    debitParty: partiesIn(instruction, 'debitParty'),
    creditParty: partiesIn(instruction, 'creditParty'),
    // From wallet to wallet costs nothing, and what leaves arrives.
    quotes: [
      {
        ...{ quoteId: id, receivingAmount: amount, receivingCurrency: currency },
        ...{ sendingAmount: amount, sendingCurrency: currency },
        ...{ deliveryMethod: 'directtoaccount', receivingServiceProvider: 'telepurse' },
        ...(dueAt !== null && { quoteExpiryTime: fields.iso(dueAt) }),
      },
    ],
    ...dates(instruction),
  }
}

/** Used up is over too: the standard has no third word. */
export const codeStateOf = (
  { withdrawnAt, usedBy, dueAt }: Pick<Instruction, 'withdrawnAt' | 'usedBy' | 'dueAt'>,
  now: number,
) => {
  if (withdrawnAt !== null) return 'cancelled'
  return usedBy !== null || (dueAt ?? 0) <= now ? 'expired' : 'active'
}

export const openedCode = ({ sealedCode }: Instruction, cipher: PresentTools['cipher']): string =>
  cipher.open(codePurpose, sealedCode ?? '').reveal()

function code(instruction: Instruction, { cipher, now }: PresentTools) {
  const named = [
    ...['amount', 'currency', 'amountType', 'codeLifetime', 'redemptionAccountIdentifiers'],
    ...['redemptionTransactionTypes', 'requestDate', 'customData', 'metadata'],
  ]
  return {
    authorisationCode: openedCode(instruction, cipher),
    codeState: codeStateOf(instruction, now),
    ...echo(instruction, named),
    holdFundsIndicator: false,
    ...dates(instruction),
  }
}

/** As it was made; in the sandbox also as it is. */
function madeMandate(instruction: Instruction) {
  const { id, subject, test, withdrawnAt } = instruction
  const named = ['amountLimit', 'currency', 'startDate', 'endDate', 'frequencyType', 'customData']
  return {
    mandateReference: test ? id : subject,
    mandateStatus: withdrawnAt === null ? 'active' : 'inactive',
    payee: partiesIn(instruction, 'payee'),
    ...echo(instruction, named),
    ...dates(instruction),
  }
}

export function presentMandate(mandate: Mandate): Readonly<Record<string, unknown>> {
  const { id, payee, state, cap, startsOn, endsOn, every, madeAt, endedAt } = mandate
  const frequencyType = Object.keys(rhythms).find((name) => rhythms[name] === every)
  return {
    ...{ mandateReference: id, payee: [{ key: 'msisdn', value: payee }], startDate: startsOn },
    mandateStatus: state === 'active' ? 'active' : 'inactive',
    ...{ amountLimit: amountText(cap), currency: 'CNY' },
    ...(endsOn !== null && { endDate: endsOn }),
    ...(frequencyType !== undefined && { frequencyType }),
    ...{ creationDate: fields.iso(madeAt), modificationDate: fields.iso(endedAt ?? madeAt) },
  }
}

/** Of one that is not decided yet, and of one that was. */
export function requestState(instruction: Instruction): Readonly<Record<string, unknown>> {
  const { id, state, subject, callbackUrl, dueAt, error, kind } = instruction
  const isAsked = kind === 'transfer' || kind === 'merchantpay'
  const isPending = state === 'open' || state === 'waiting'
  return {
    ...{ serverCorrelationId: id, status: statuses[state] },
    notificationMethod: callbackUrl === null ? 'polling' : 'callback',
    ...(subject !== null && state !== 'failed' && { objectReference: id }),
    ...(isPending && {
      pendingReason: isAsked ? 'The payer is asked.' : 'The outcome is not known yet.',
    }),
    ...(state === 'waiting' && dueAt !== null && { expiryTime: fields.iso(dueAt) }),
    ...(error !== null && { error }),
  }
}
