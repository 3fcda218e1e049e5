/** Customers of a place: a number with an owner, a wallet, a PIN, and a card that its bank has confirmed. */
import type { NewCard } from '@telepurse/simulators'
import { appendJobs } from '../../server/src/db/index.ts'
import { bucketOf, national, Secret } from '../../server/src/kernel/index.ts'
import { transfersOf } from '../../server/src/ledger/index.ts'
import { secretText } from '../../server/src/payments/index.ts'
import { introduceLine } from '../lane.ts'
import { type BankName, cardSecrets, person } from './banks.ts'
import type { Life, Place } from './place.ts'

export const walletPin = '507214'

export interface Customer {
  readonly msisdn: string
  readonly bank: BankName
  readonly pan: string
  readonly cardId: string
  readonly walletId: string
  /** The one that texts ask for: the wallet's, or the bank's own. */
  readonly pin: string
}

export interface NewCustomer {
  readonly msisdn: string
  readonly bank?: BankName
  /** Paid in as cash. */
  readonly inWallet?: bigint
  readonly card?: Partial<NewCard>
}

let serial = 0

/** The bank's customer gets a card of it. */
export function issueCard(
  place: Place,
  {
    bank,
    msisdn,
    ...change
  }: { readonly bank: BankName; readonly msisdn: string } & Partial<NewCard>,
): string {
  serial += 1
  const { kind = 'debit' } = change
  const pan = place.banks.panOf(bank, kind, serial)
  const { name, number: idNumber } = person
  const holder = { name, idKind: '01', idNumber, mobile: national(msisdn) }
  const card = { ...cardSecrets, pan, kind, holder, balance: 1_000_00n, ...change }
  const issued = place.banks[bank].issue(card)
  if (!issued.ok) throw new Error(issued.refusal)
  return pan
}

const document = { kind: '01', number: new Secret(person.number) } as const
const name = new Secret(person.name)
const consent = { version: '2026-09', channel: 'counter', clerk: 'c01' } as const

/** What a clerk does first: the owner, the wallet and the text with the initial PIN, in one transaction. */
export async function openAt(place: Place, { core }: Life, msisdn: string): Promise<string> {
  const { db, ids, keys, clock, identities, walletPins, cards } = core
  await introduceLine(db, msisdn, clock.now())
  return db.transact(async (tx) => {
    const facts = { idNumber: document.number }
    const owner = await identities.register(tx, {
      msisdn,
      name,
      document,
      level: 'verified',
      by: 'c01',
    })
    if (!owner.ok) throw new Error(owner.refusal)
    const code = await walletPins.issueInitial(tx, msisdn, facts)
    const id = ids.next(bucketOf(msisdn), clock.now())
    const notice = { id: 'T19', hours: 72 } as const
    const about = { to: msisdn, from: '10658008', language: 'zh', paymentId: null } as const
    appendJobs(tx, [secretText(keys, { id, code, notice, ...about }, place.clock.now())])
    const account = await cards.wallet.open(tx, { msisdn, class: 'III' })
    if (!account.ok) throw new Error(account.refusal)
    return account.value.id
  })
}

/** The card on the counter: with the holder's PIN on the pad, or the code that the bank texts to the holder. */
export async function bindAt(
  place: Place,
  life: Life,
  given: Pick<Customer, 'msisdn' | 'bank' | 'pan'>,
): Promise<string> {
  const { msisdn } = given
  const begun = await life.core.cards.bindings.begin({ ...cardOf(given), msisdn, consent })
  if (!begun.ok) throw new Error(begun.refusal)
  await confirmed(place, life, begun.value.id, given)
  return begun.value.id
}

/** The same counter, when the bank has given the holder another card. */
export async function rebindAt(
  place: Place,
  life: Life,
  given: Pick<Customer, 'cardId' | 'bank' | 'pan'>,
): Promise<void> {
  const { cardId: id } = given
  const begun = await life.core.cards.bindings.rebind({ ...cardOf(given), id })
  if (!begun.ok) throw new Error(begun.refusal)
  await confirmed(place, life, id, given)
}

const cardOf = ({ pan }: Pick<Customer, 'pan'>) => ({
  ...{ pan: new Secret(pan), expiry: new Secret(cardSecrets.expiry), name, document },
})

const answersAbout = ({ db }: Place, id: string) =>
  db.query('select answer, bank_code from bank_card_verification where binding_id = $1', [id])

async function confirmed(
  place: Place,
  { ready, core }: Life,
  id: string,
  { bank, pan }: Pick<Customer, 'bank' | 'pan'>,
): Promise<void> {
  const { banks } = place
  const { bindings } = core.cards
  const securityCode = new Secret(cardSecrets.cvn2)
  const proof = banks[bank].card(pan)?.card.kind === 'credit' ? { securityCode } : {}
  const pinned = { ...proof, pin: new Secret(cardSecrets.pin) }
  // A clerk asks again where a link is still to be mended; the bank takes four a day.
  const said: string[] = []
  for (let tries = 0; tries < 3; tries += 1) {
    await ready()
    const first = await bindings.verify(id, bank === 'beichen' ? pinned : proof)
    const code = new Secret(banks[bank].otp(pan)?.code ?? '')
    const { outcome } =
      first.outcome === 'code_sent' ? await bindings.verify(id, { ...proof, code }) : first
    if (outcome === 'active') return
    said.push(JSON.stringify(await answersAbout(place, id)))
  }
  throw new Error(`the bank did not confirm the card: ${said.join()}`)
}

/** All of it, with a PIN that may pay and something in the wallet. */
export async function customer(
  place: Place,
  life: Life,
  { msisdn, bank = 'jiangcheng', inWallet = 0n, card = {} }: NewCustomer,
): Promise<Customer> {
  const { walletPins, cards } = life.core
  const walletId = await openAt(place, life, msisdn)
  const pan = issueCard(place, { bank, msisdn, ...card })
  const cardId = await bindAt(place, life, { msisdn, bank, pan })
  await life.settle()
  const initial = initialPinOf(place, msisdn)
  const pins = { old: new Secret(initial), next: new Secret(walletPin) }
  const changed = await walletPins.change({ msisdn, ...pins, channel: 'sms' }, {})
  if (!changed.ok) throw new Error(changed.refusal.code)
  const cash = {
    msisdn,
    amount: inWallet,
    till: 't1',
    channel: 'counter',
    key: `in:${msisdn}`,
  } as const
  if (inWallet > 0n) await cards.wallet.cashIn(cash)
  await life.settle()
  const pin = bank === 'beichen' ? cardSecrets.pin : walletPin
  return { msisdn, bank, pan, cardId, walletId, pin }
}

/** As the handset shows it. */
export const initialPinOf = (place: Place, msisdn: string): string =>
  place
    .sentTo(msisdn)
    .join()
    .match(/初始密码(\d{6})/)?.[1] ?? ''

/** What was posted for a payment or a movement: `D debit / C credit fen`, a hold and its end by their kind. */
export async function journal({ db }: Place, id: string, walletId = '?'): Promise<string[]> {
  const rows = await db.query<{ bucket: number; id: string }>(
    'select bucket, id from transfer where subject = $1',
    [id],
  )
  const ids = rows.map((row) => row.id)
  const transfers = await transfersOf(db, rows[0]?.bucket ?? 0, ids)
  const of = (account: string) => account.replace(walletId, 'A')
  return transfers.map(
    ({ kind, debitAccount, creditAccount, amount }) =>
      `${kind === 'transfer' ? '' : `${kind} `}D ${of(debitAccount)} / C ${of(creditAccount)} ${amount}`,
  )
}

/** Of messages about a card with this amount: how often the bank has done them for good. */
export function doneAt(
  { banks }: Place,
  { bank, pan }: Pick<Customer, 'bank' | 'pan'>,
  { kind, amount }: { readonly kind: 'purchase' | 'credit'; readonly amount: bigint },
): number {
  const all = banks[bank].transactions().filter((one) => one.pan === pan && one.kind === kind)
  return all.filter(
    ({ state, reversed, voided, decided, amount: of }) =>
      of === amount && !reversed && !voided && (state === 'done' || decided?.outcome === 'done'),
  ).length
}

/** What the server has kept of its messages about one payment or movement, oldest first. */
export const exchangesOf = (
  { db }: Place,
  operationId: string,
): Promise<{ kind: string; state: string; code: string | null; stan: number; sends: number }[]> =>
  db.query(
    'select kind, state, code, stan, sends from bank_exchange where operation_id = $1 order by no',
    [operationId],
  )

/** What every bank owes us by its own books, and by ours. */
export async function clearingOf({
  db,
  banks,
}: Place): Promise<Record<BankName, [bigint, bigint]>> {
  const rows = await db.query<{ name: string; owed: bigint }>(
    `select name, sum(debits_posted - credits_posted)::int8 as owed from account
      where name like 'bank-clearing:%' group by name`,
  )
  const ours = (bank: BankName) => rows.find(({ name }) => name.endsWith(bank))?.owed ?? 0n
  const both = (bank: BankName): [bigint, bigint] => [
    banks[bank].ownBalances().clearing,
    ours(bank),
  ]
  return { jiangcheng: both('jiangcheng'), beichen: both('beichen') }
}
