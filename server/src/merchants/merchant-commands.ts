/**
 * The life of a merchant (M-1): apply, review, contract, pause, close. Each command runs in a
 * transaction of the caller's and moves `catalogue_version`, under whose lock it looks and writes.
 *
 *     application ── approve ──▶ test ──▶ on ◀──▶ paused
 *                                 └───────┴────────┴──▶ closed
 */
import type { Tx } from '../db/index.ts'
import { accept, type Ids, type Result, refuse } from '../kernel/index.ts'
import type { Application } from './application.ts'
import { revokeClientsOf } from './client-store.ts'
import type { Merchant } from './merchant.ts'
import { checkTerms, type TermsRefusal } from './rules.ts'
import {
  insertApplication,
  insertMerchant,
  lockApplication,
  lowestFreeNumber,
  readMerchant,
  saveDecision,
  updateMerchant,
} from './store.ts'
import { moveVersion } from './version-store.ts'
import { isName } from './words.ts'

export type ApplicationContent = Pick<Application, 'name' | 'site' | 'helpTel' | 'contact'>

/** Takes an application; a person decides on it later. */
export async function apply(
  tx: Tx,
  content: ApplicationContent,
  { ids, now }: { readonly ids: Ids; readonly now: number },
): Promise<Result<Application, 'name_malformed'>> {
  if (!isName(content.name)) return refuse('name_malformed')
  const application: Application = {
    ...content,
    id: ids.next(0, now),
    status: 'waiting',
    merchantId: null,
    reason: null,
    createdAt: now,
    decidedAt: null,
  }
  await insertApplication(tx, application)
  return accept(application)
}

export type Terms = Pick<
  Merchant,
  | 'feeRate'
  | 'carrierShare'
  | 'settlementPeriod'
  | 'dailyCap'
  | 'refundDays'
  | 'directCharge'
  | 'openAmount'
>

export type ApprovalRefusal =
  | 'application_not_found'
  | 'already_decided'
  | 'number_malformed'
  | 'number_taken'
  | 'no_number_left'
  | TermsRefusal

/**
 * Makes a merchant of an application: in test mode, with the lowest free number or the `number` that
 * was agreed (1000-9999). The number of a closed merchant is never given again: books, statements
 * and late replies go by it.
 */
export async function approve(
  tx: Tx,
  command: { readonly applicationId: string; readonly terms: Terms; readonly number?: string },
  now: number,
): Promise<Result<Merchant, ApprovalRefusal>> {
  await moveVersion(tx)
  const application = await lockApplication(tx, command.applicationId)
  if (!application) return refuse('application_not_found')
  if (application.status !== 'waiting') return refuse('already_decided')
  const problem = checkTerms({ name: application.name, ...command.terms })
  if (problem) return refuse(problem)
  const number = await allot(tx, command.number)
  if (!number.ok) return number
  const { name, site, helpTel } = application
  const merchant: Merchant = {
    id: number.value,
    name,
    site,
    helpTel,
    status: 'test',
    ...command.terms,
  }
  await insertMerchant(tx, merchant, now)
  await saveDecision(tx, {
    ...application,
    status: 'approved',
    merchantId: merchant.id,
    decidedAt: now,
  })
  return accept(merchant)
}

async function allot(tx: Tx, wish: string | undefined) {
  if (wish === undefined) {
    const free = await lowestFreeNumber(tx)
    return free === undefined ? refuse('no_number_left') : accept(free)
  }
  if (!/^[1-9]\d{3}$/.test(wish)) return refuse('number_malformed')
  return (await readMerchant(tx, wish)) ? refuse('number_taken') : accept(wish)
}

/** Says no to an application, with a reason for the applicant. */
export async function refuseApplication(
  tx: Tx,
  command: { readonly applicationId: string; readonly reason: string },
  now: number,
): Promise<Result<Application, 'application_not_found' | 'already_decided'>> {
  const application = await lockApplication(tx, command.applicationId)
  if (!application) return refuse('application_not_found')
  if (application.status !== 'waiting') return refuse('already_decided')
  const decided = {
    ...application,
    status: 'refused',
    reason: command.reason,
    decidedAt: now,
  } as const
  await saveDecision(tx, decided)
  return accept(decided)
}

/** A change as it was and as it is, for whoever keeps a log of it. */
export interface Changed<Value> {
  readonly before: Value
  readonly after: Value
}

/** The only steps there are. A closed merchant stays closed. */
const steps: Readonly<Record<Merchant['status'], readonly Merchant['status'][]>> = {
  applied: [],
  test: ['on', 'paused', 'closed'],
  on: ['paused', 'closed'],
  paused: ['on', 'test', 'closed'],
  closed: [],
}

export type MerchantRefusal = 'merchant_not_found' | 'not_allowed_now' | TermsRefusal

/** Opens, pauses or closes a merchant. Closing also revokes its API clients. */
export async function setMerchantStatus(
  tx: Tx,
  command: { readonly merchantId: string; readonly status: Merchant['status'] },
  now: number,
): Promise<Result<Changed<Merchant>, MerchantRefusal>> {
  await moveVersion(tx)
  const before = await readMerchant(tx, command.merchantId)
  if (!before) return refuse('merchant_not_found')
  if (!steps[before.status].includes(command.status)) return refuse('not_allowed_now')
  const after = { ...before, status: command.status }
  await updateMerchant(tx, after, now)
  if (after.status === 'closed') await revokeClientsOf(tx, after.id, now)
  return accept({ before, after })
}

export type MerchantChanges = Partial<Omit<Merchant, 'id' | 'status'>>

/** Changes the contract, the open amount, or what customers are shown of a merchant. */
export async function changeMerchant(
  tx: Tx,
  command: { readonly merchantId: string; readonly changes: MerchantChanges },
  now: number,
): Promise<Result<Changed<Merchant>, MerchantRefusal>> {
  await moveVersion(tx)
  const before = await readMerchant(tx, command.merchantId)
  if (!before) return refuse('merchant_not_found')
  if (before.status === 'closed') return refuse('not_allowed_now')
  const after = { ...before, ...command.changes }
  const problem = checkTerms(after)
  if (problem) return refuse(problem)
  await updateMerchant(tx, after, now)
  return accept({ before, after })
}
