/**
 * Whose bill it is: the token's owner's, always. An address may name his account, the biller (`serviceprovider`) and
 * the number that the biller knows him by (`consumerno`). Where no bill is named the biller is asked, before anything
 * is written down, and what it says is what the instruction pays.
 */
import type { Bill } from '../../billers/index.ts'
import type { Caller } from '../oauth/index.ts'
import type { MobileMoneyDependencies } from './dependencies.ts'
import { fault } from './errors.ts'
import { type Found, type Party, partyValue } from './identifiers.ts'
import { type Asked, mustKnowPin, ownAccount, type Proof, type ShownPin } from './parties.ts'
import { billFault } from './refusals.ts'
import { sandboxBill } from './sandbox/bill.ts'

type Tools = Pick<MobileMoneyDependencies, 'billers' | 'clock' | 'inquiries' | 'pins' | 'wallet'>

export interface Billed {
  readonly owner: Found
  readonly biller: string | undefined
  readonly accountNo: string | undefined
}

const billerKeys: readonly string[] = ['serviceprovider', 'consumerno']

export async function billedBy(
  tools: Pick<Tools, 'wallet'>,
  caller: Caller,
  parties: readonly Party[],
): Promise<Billed> {
  const named = parties.filter(({ key }) => !billerKeys.includes(key))
  const own = named.length > 0 ? named : [{ key: 'msisdn', value: caller.msisdn ?? '' }]
  return {
    owner: await ownAccount(tools, caller, own),
    biller: partyValue(parties, 'serviceprovider'),
    accountNo: partyValue(parties, 'consumerno'),
  }
}

/** What the biller says is due; null when that is nothing. Counted by number: names are not for collecting. */
export async function dueAt(
  { billers, clock, inquiries }: Pick<Tools, 'billers' | 'clock' | 'inquiries'>,
  { owner: { msisdn }, biller, accountNo }: Billed,
): Promise<Bill | null> {
  if (biller === undefined) throw fault('missing', { field: 'serviceprovider' })
  if (accountNo === undefined) throw fault('missing', { field: 'consumerno' })
  if (inquiries.lockedMs(msisdn) > 0) throw fault('rateLimit')
  inquiries.wrong(msisdn)
  const asked = await billers.inquire({ msisdn, biller, accountNo })
  if (asked.ok) return asked.value
  if (asked.refusal === 'nothing_due') return null
  throw billFault(asked, clock.now())
}

export function mustBeSandboxBill(reference: string | undefined): void {
  if (reference !== undefined && reference !== sandboxBill.billReference)
    throw fault('identifier', { field: 'billReference' })
}

/** A bill of this wallet; what is another's does not exist. */
export async function ownBill(
  { billers }: Pick<Tools, 'billers'>,
  { walletId }: Pick<Found, 'walletId'>,
  id: string,
): Promise<Bill> {
  const bill = await billers.bill(id)
  if (!bill || bill.walletId !== walletId) throw fault('identifier', { field: 'billReference' })
  return bill
}

export interface BillAsked extends ShownPin {
  readonly parties: readonly Party[]
  /** Without it the biller is asked. */
  readonly billReference: string | undefined
}

/** A bill is paid by its payer's own token and PIN, and by nothing else. */
export async function billProof(tools: Tools, caller: Caller, asked: BillAsked): Promise<Proof> {
  const { parties, billReference } = asked
  const billed = await billedBy(tools, caller, parties)
  await mustKnowPin(tools, caller, asked)
  const billId = await billIdOf(tools, caller, billed, billReference)
  const { msisdn: payer, walletId } = billed.owner
  return { agreed: true, resolved: { payer, payee: '', walletId, billId } }
}

/** The transaction `billpay`: the payer's account, and at which biller it is for which of its customers. */
export async function billPayProof(
  tools: Tools,
  caller: Caller,
  { debitParty, creditParty, ...shown }: Asked,
): Promise<Proof> {
  if (debitParty.length === 0) throw fault('missing', { field: 'debitParty' })
  const parties = [...debitParty, ...creditParty]
  return billProof(tools, caller, { ...shown, parties, billReference: undefined })
}

async function billIdOf(
  tools: Tools,
  caller: Caller,
  billed: Billed,
  reference: string | undefined,
): Promise<string> {
  if (caller.test) {
    mustBeSandboxBill(reference)
    return sandboxBill.billReference
  }
  if (reference !== undefined) return (await ownBill(tools, billed.owner, reference)).id
  const bill = await dueAt(tools, billed)
  if (bill === null) throw fault('incorrectState', { words: 'Nothing is due.' })
  return bill.id
}
