/** Our own rules for a card one by one, so that whoever fills in a form sees each before a bank is asked. */
import type { Tx } from '../db/index.ts'
import { isCardNumber, type Msisdn, refuse } from '../kernel/index.ts'
import { checkGiven, checkOwner, type GivenCard, type GivenHolder, takeCard } from './begin.ts'
import type { BankTerms, Issuer } from './bin-table.ts'
import { type CardBinding, holdsCard } from './binding.ts'
import { countHeld, readBinding } from './binding-store.ts'
import type { BindingTools } from './binding-tools.ts'
import { orNothing } from './or-nothing.ts'
import type { BindingRefusal } from './words.ts'

export interface CheckedCard extends GivenCard, GivenHolder {
  readonly msisdn: Msisdn
  /** Whose card it becomes, where it is bound again: what that one holds does not stand in the way. */
  readonly binding?: string
}

export type CardCheck = 'card' | 'open' | 'owner' | 'free' | 'room'

export interface CardChecks {
  readonly issuer: (Issuer & { readonly terms: BankTerms }) | undefined
  /** Null where the rule is kept; what cannot be told, because of another, is left out. */
  readonly checks: Readonly<Partial<Record<CardCheck, BindingRefusal | null>>>
}

export async function checkCard(tools: BindingTools, given: CheckedCard): Promise<CardChecks> {
  const { bins } = tools
  const issuer = isCardNumber(given.pan.reveal()) ? bins.issuerOf(given.pan) : undefined
  const terms = issuer && bins.termsOf(issuer.bank)
  const form = checkGiven(tools, given)
  if (!issuer || !terms) return { issuer: undefined, checks: { card: 'card_invalid' } }
  const { pan, msisdn } = given
  const { bank } = issuer
  const found = { issuer: { ...issuer, terms } }
  if (!form.ok) return { ...found, checks: { [placeOf(form.refusal)]: form.refusal } }
  const { cardsPerNumberMax } = form.value
  // In a transaction that always leaves nothing, for the card has to be in the vault to be looked for.
  const checks = await orNothing(tools.db, async (tx) => {
    const owner = await checkOwner(tx, tools, { ...given, bank })
    const taken = await takeCard(tx, tools, { pan, msisdn, issuer })
    const own = taken.ok ? taken.value.own : undefined
    const before = await boundBefore(tx, given)
    const besides = before?.id ?? (own && holdsCard(own.state) ? own.id : null)
    const held = await countHeld(tx, { msisdn, bank, besides })
    const refusal = owner.ok ? null : owner.refusal
    const isOpen = refusal !== 'not_open'
    return refuse({
      card: before && !isLike(before, issuer) ? 'card_invalid' : null,
      open: isOpen ? null : refusal,
      ...(isOpen && { owner: refusal }),
      free: taken.ok ? (isInUse(own, before) ? 'already_bound' : null) : taken.refusal,
      room: held >= cardsPerNumberMax ? 'over_bank_maximum' : null,
    } satisfies CardChecks['checks'])
  })
  return { ...found, checks: checks.ok ? {} : checks.refusal }
}

async function boundBefore(
  tx: Tx,
  { binding, msisdn }: CheckedCard,
): Promise<CardBinding | undefined> {
  const found = binding === undefined ? undefined : await readBinding(tx, binding)
  return found?.msisdn === msisdn ? found : undefined
}

/** Another card takes its place only from the same bank, and of the same kind. */
const isLike = (before: CardBinding, { bank, kind }: Issuer) =>
  before.bank === bank && before.kind === kind

/** Bound again, a card may be that of the binding itself, or of a draft that nobody went on with. */
const isInUse = (own: CardBinding | undefined, before: CardBinding | undefined) =>
  before ? own && own.id !== before.id && own.state !== 'draft' : own?.state === 'active'

/** Which of the rules a refusal of the form itself is of. */
function placeOf(refusal: BindingRefusal): CardCheck {
  if (refusal === 'not_open') return 'open'
  return refusal === 'card_invalid' || refusal === 'details_differ' ? 'card' : 'owner'
}
