/** The start of a binding: what we can tell ourselves before a bank is asked. */

import type { Card } from '../card-vault/index.ts'
import type { Tx } from '../db/index.ts'
import {
  accept,
  assert,
  bucketOf,
  bucketOfId,
  isCardNumber,
  type Msisdn,
  type Result,
  refuse,
  type Secret,
} from '../kernel/index.ts'
import { lockSubscribers } from '../subscribers/index.ts'
import type { Consent } from './agreement.ts'
import { insertAgreement } from './agreement-store.ts'
import { type Issuer, isOpenIn } from './bin-table.ts'
import type { CardBinding } from './binding.ts'
import { keepTimer, step } from './binding-steps.ts'
import { bindingsOf, countHeld, insertBinding, lockBinding, readBinding } from './binding-store.ts'
import type { BindingTools, LinkedBank } from './binding-tools.ts'
import { orNothing } from './or-nothing.ts'
import { holderOf } from './verification-store.ts'
import type { BindingRefusal } from './words.ts'

export interface GivenCard {
  readonly pan: Secret
  /** YYMM. A credit card needs it. */
  readonly expiry?: Secret
  /** The number reserved at the bank, where it is another than the one that is bound. */
  readonly mobile?: Msisdn
}

export interface GivenHolder {
  readonly name: Secret
  /** 01 is the resident identity card, and the only kind that is taken. */
  readonly document: { readonly kind: string; readonly number: Secret }
}

export interface NewBinding extends GivenCard, GivenHolder {
  readonly msisdn: Msisdn
  readonly consent: Consent
}

export interface Rebinding extends GivenCard, GivenHolder {
  readonly id: string
  /** Where the customer has agreed anew. */
  readonly consent?: Consent
}

/** A draft, or the binding of this card to this number that is not active yet. */
export async function begin(
  tools: BindingTools,
  given: NewBinding,
): Promise<Result<CardBinding, BindingRefusal>> {
  const issuer = checkGiven(tools, given)
  if (!issuer.ok) return issuer
  const { msisdn, consent } = given
  return orNothing(tools.db, async (tx) => {
    const owner = await checkOwner(tx, tools, { ...given, bank: issuer.value.bank })
    if (!owner.ok) return owner
    const bound = await takeCard(tx, tools, { ...given, issuer: issuer.value })
    if (!bound.ok) return bound
    const { card, own } = bound.value
    const now = tools.clock.now()
    const changes = { identityId: owner.value, mobile: given.mobile ?? msisdn }
    if (own) {
      if (own.state === 'active') return refuse('already_bound')
      await agree(tx, tools, own.id, consent)
      const nextToken = card.token === own.cardToken ? null : card.token
      return accept(
        await step(tx, tools, own, { to: own.state, changes: { ...changes, nextToken } }),
      )
    }
    const { bank, kind, cardsPerNumberMax } = issuer.value
    const held = await countHeld(tx, { msisdn, bank, besides: null })
    if (held >= cardsPerNumberMax) return refuse('over_bank_maximum')
    const id = tools.ids.next(bucketOf(msisdn), now)
    const draft = draftOf({ id, msisdn, ...changes, bank, kind, card, now })
    await insertBinding(tx, draft)
    keepTimer(tx, draft)
    await agree(tx, tools, id, consent)
    await tools.onChange?.(tx, { before: undefined, after: draft })
    return accept(draft)
  })
}

/** The card takes the place of the one that is bound, once the bank has said yes to it. */
export async function rebind(
  tools: BindingTools,
  given: Rebinding,
): Promise<Result<CardBinding, BindingRefusal>> {
  const issuer = checkGiven(tools, given)
  if (!issuer.ok) return issuer
  const found = await readBinding(tools.db, given.id)
  if (!found) return refuse('unknown_binding')
  const { msisdn, bank } = found
  if (issuer.value.bank !== bank || issuer.value.kind !== found.kind) return refuse('card_invalid')
  return orNothing(tools.db, async (tx) => {
    const owner = await checkOwner(tx, tools, { ...given, msisdn, bank })
    if (!owner.ok) return owner
    const before = await lockBinding(tx, given.id)
    assert(before, 'bindings stay')
    if (!['active', 'needs_rebinding', 'suspended'].includes(before.state))
      return refuse('state_differs')
    const bound = await takeCard(tx, tools, { ...given, msisdn, issuer: issuer.value })
    if (!bound.ok) return bound
    const { card, own } = bound.value
    if (own && own.id !== before.id && own.state !== 'draft') return refuse('already_bound')
    if (given.consent) await agree(tx, tools, before.id, given.consent)
    const active = before.state === 'active'
    const after = await step(tx, tools, before, {
      to: active ? 'needs_rebinding' : before.state,
      changes: {
        ...{ identityId: owner.value, mobile: given.mobile ?? before.mobile },
        nextToken: card.token === before.cardToken ? null : card.token,
        ...(active && { reason: 'asked_for' as const }),
      },
    })
    return accept(after)
  })
}

/** From the gravest to the cheapest, without a look at any row. */
export function checkGiven(
  { bins, bankOf, isIdentityNumber }: BindingTools,
  { pan, expiry, document }: GivenCard & GivenHolder,
): Result<Issuer & Pick<LinkedBank, 'cardsPerNumberMax'>, BindingRefusal> {
  if (document.kind !== '01') return refuse('document_unsupported')
  if (!isIdentityNumber(document.number)) return refuse('holder_differs_at_bank')
  const issuer = isCardNumber(pan.reveal()) ? bins.issuerOf(pan) : undefined
  if (!issuer) return refuse('card_invalid')
  const linked = bankOf(issuer.bank)
  if (!bins.termsOf(issuer.bank)?.open || !linked) return refuse('not_open')
  if (issuer.kind === 'credit' && expiry === undefined) return refuse('details_differ')
  return accept({ ...issuer, cardsPerNumberMax: linked.cardsPerNumberMax })
}

/** Locks the number, so that its cards are counted one after the other; answers who owns it. */
export async function checkOwner(
  tx: Tx,
  { owners, bins, clock }: BindingTools,
  given: GivenHolder & { readonly msisdn: Msisdn; readonly bank: string },
): Promise<Result<string, BindingRefusal>> {
  const { msisdn, bank, name, document } = given
  const subscriber = (await lockSubscribers(tx, [msisdn], clock.now())).get(msisdn)
  if (subscriber?.status !== 'active') return refuse('number_not_in_service')
  const terms = bins.termsOf(bank)
  if (!terms || !isOpenIn(terms, subscriber.region)) return refuse('not_open')
  const owner = await owners.ownerOf(tx, msisdn)
  if (!owner) return refuse('owner_unknown')
  if (!(await owners.isSame(tx, msisdn, { name, number: document.number })))
    return refuse('owner_differs')
  return accept(owner.identityId)
}

interface TakenCard {
  readonly card: Card
  /** The binding of this very card to this number that has not ended. */
  readonly own: CardBinding | undefined
}

/** The card in the vault. Its expiry is not touched while another binding holds it. */
export async function takeCard(
  tx: Tx,
  { vault }: BindingTools,
  given: GivenCard & { readonly msisdn: Msisdn; readonly issuer: Issuer },
): Promise<Result<TakenCard, BindingRefusal>> {
  const { pan, issuer, msisdn, expiry = null } = given
  const known = await vault.bind(tx, { pan, expiry: null, binLength: issuer.binLength })
  if (!known.ok) return refuse('card_invalid')
  const { token } = known.value
  const holder = await holderOf(tx, token)
  const mine = await bindingsOf(tx, msisdn)
  const own = mine.find(({ id, cardToken }) =>
    holder === undefined ? cardToken === token : id === holder,
  )
  if (holder !== undefined && !own) return refuse('bound_elsewhere')
  if (expiry !== null && own?.state !== 'active') {
    const renewed = await vault.bind(tx, { pan, expiry, binLength: issuer.binLength })
    if (!renewed.ok) return refuse('details_differ')
  }
  return accept({ card: known.value, own })
}

async function agree(
  tx: Tx,
  { ids, clock }: BindingTools,
  bindingId: string,
  { version, channel, clerk, voucherNo }: Consent,
): Promise<void> {
  const agreedAt = clock.now()
  await insertAgreement(tx, {
    id: ids.next(bucketOfId(bindingId) ?? 0, agreedAt),
    ...{ bindingId, version, agreedAt, channel },
    ...{ clerk: clerk ?? null, voucherNo: voucherNo ?? null },
  })
}

function draftOf(facts: {
  readonly id: string
  readonly msisdn: Msisdn
  readonly identityId: string
  readonly mobile: Msisdn
  readonly bank: string
  readonly kind: CardBinding['kind']
  readonly card: Card
  readonly now: number
}): CardBinding {
  const { id, msisdn, identityId, mobile, bank, kind, card, now } = facts
  return {
    ...{ id, msisdn, identityId, mobile, bank, kind, state: 'draft', reason: null, round: 0 },
    ...{ cardToken: card.token, nextToken: null, first6: card.first6, last4: card.last4 },
    ...{ agreementNo: null, busyUntil: null, codeSentAt: null, codeTries: 0, wrongPins: 0 },
    ...{ wrongPinsSince: null, lockedUntil: null, preferredAt: null, createdAt: now },
    ...{ updatedAt: now, boundAt: null, verifiedAt: null, endedAt: null },
  }
}
