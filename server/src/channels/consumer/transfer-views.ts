/** Money between people, as one of them is shown it: numbers of others are masked. */
import { z } from 'zod'
import { type Msisdn, masked } from '../../kernel/index.ts'
import { type MoneyRequest, type Transfer, transferWords } from '../../transfers/index.ts'
import { filled } from '../../wallet/index.ts'
import { iso, isoOrNull, words } from './fields.ts'

export const transferView = z.object({
  id: z.string(),
  direction: z.enum(['in', 'out']),
  from: z.string(),
  to: z.string(),
  amount: z.string(),
  memo: z.string(),
  state: z.enum(['done', 'delayed', 'cancelled', 'waiting_claim', 'claimed', 'returned']),
  reason: z.enum(['by_payer', 'payer_frozen', 'payee_unable']).nullable(),
  requestedAt: z.string(),
  arrivesAt: z.string().nullable().describe('When a delayed one arrives'),
  returnsAt: z.string().nullable().describe('When one that nobody claimed goes back'),
  endedAt: z.string().nullable(),
})

export const viewOfTransfer = (
  transfer: Transfer,
  walletId: string | undefined,
): z.infer<typeof transferView> => ({
  id: transfer.id,
  state: transfer.state,
  reason: transfer.reason,
  memo: transfer.memo,
  direction: transfer.walletId === walletId ? 'out' : 'in',
  from: masked(transfer.msisdn),
  to: masked(transfer.payee),
  amount: transfer.amount.toString(),
  requestedAt: iso(transfer.requestedAt),
  arrivesAt: transfer.arrival === 'now' ? null : isoOrNull(transfer.dueAt),
  returnsAt: transfer.arrival === 'now' ? isoOrNull(transfer.dueAt) : null,
  endedAt: isoOrNull(transfer.endedAt),
})

export const requestView = z.object({
  id: z.string(),
  direction: z.enum(['in', 'out']).describe('`in`: somebody asks; `out`: one asks somebody'),
  by: z.string(),
  payer: z
    .string()
    .nullable()
    .describe('Null to who has read a code that is not paid: it says nothing of whose it was'),
  name: z
    .string()
    .nullable()
    .describe('Of the other, masked, where a code was read; of one request alone, not in lists'),
  byCode: z.boolean().describe('A payment code was read; the number was asked otherwise'),
  amount: z.string(),
  memo: z.string(),
  state: z.enum(['open', 'paid', 'declined', 'cancelled', 'expired', 'refused']),
  reason: words.nullable().describe('Why a code was not paid'),
  transferId: z.string().nullable(),
  askedAt: z.string(),
  expiresAt: z.string(),
  endedAt: z.string().nullable(),
})

export const viewOfRequest = (
  request: MoneyRequest,
  msisdn: Msisdn,
  name: string | null = null,
): z.infer<typeof requestView> => ({
  ...{ id: request.id, state: request.state, memo: request.memo, transferId: request.transferId },
  direction: request.msisdn === msisdn ? 'out' : 'in',
  by: masked(request.msisdn),
  payer: isPayerKnown(request, msisdn) ? masked(request.payer) : null,
  name: isPayerKnown(request, msisdn) ? name : null,
  byCode: request.codeAlias !== null,
  reason: reasonOf(request, msisdn),
  amount: request.amount.toString(),
  askedAt: iso(request.askedAt),
  expiresAt: iso(request.dueAt),
  endedAt: isoOrNull(request.endedAt),
})

/** Who has read a code hears whose it was when it has paid. */
const isPayerKnown = ({ codeAlias, state, payer }: MoneyRequest, msisdn: Msisdn): boolean =>
  codeAlias === null || state === 'paid' || payer === msisdn

/** What stands in the way of the payer is nobody else's business. */
function reasonOf({ reason, payer }: MoneyRequest, msisdn: Msisdn) {
  if (reason === null) return null
  const { zh, en } = filled(transferWords[payer === msisdn ? reason : 'payer_unable'], { now: 0 })
  return { zh, en }
}
