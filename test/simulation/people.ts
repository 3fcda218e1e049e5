/** Those of a simulated day who have a wallet: how they come to it, before anything goes wrong. */
import { national, Secret } from '../../server/src/kernel/index.ts'
import { panOf } from '../../server/test/bank/binding-stage.ts'
import { type BankName, bankFacts, cardSecrets, person } from '../cards/banks.ts'
import type { Purse } from './purse.ts'

export interface Holder {
  readonly msisdn: string
  readonly bank: BankName
  readonly pan: string
}

export const walletPin = '507214'
export const cardBalance = 5_000_00n
const firstCash = 300_00n

/** Two at a bank that leaves the PIN to the wallet, two at one that keeps it. */
export const holders: readonly Holder[] = (
  ['jiangcheng', 'beichen', 'jiangcheng', 'beichen'] as const
).map((bank, at) => ({
  msisdn: `+86139000${50_001 + at * 13}`,
  bank,
  pan: panOf(bankFacts[bank].debit, at + 1),
}))

/** Has a wallet and no card, and is who strangers try PINs of. */
export const guessed = '+8613900050099'
export const people: readonly string[] = [...holders.map(({ msisdn }) => msisdn), guessed]

/** What a text asks for: the bank's own PIN where it keeps one. */
export const pinOf = ({ bank }: Holder): string =>
  bankFacts[bank].pinRule === 'bank' ? cardSecrets.pin : walletPin

export const cardsOfBank = (bank: BankName) =>
  holders
    .filter((one) => one.bank === bank)
    .map(({ pan, msisdn }) => ({
      ...{ pan, kind: 'debit' as const, ...cardSecrets, balance: cardBalance },
      holder: {
        ...{ name: person.name, idKind: '01', idNumber: person.number },
        mobile: national(msisdn),
      },
    }))

const name = new Secret(person.name)
const document = { kind: '01', number: new Secret(person.number) } as const
const consent = { version: '2026-09', channel: 'counter', clerk: 'c01' } as const

/** As a clerk does it: the owner, the wallet, the PIN, some cash, and the card that the bank confirms. */
export async function enrolPeople(purse: Purse, otpOf: (holder: Holder) => string): Promise<void> {
  for (const msisdn of people) {
    await openWallet(purse, msisdn)
    const cash = { msisdn, amount: firstCash, channel: 'counter', till: 't1' } as const
    const paidIn = await purse.wallet.cashIn({ ...cash, key: 'counter:first' })
    if (!paidIn.ok) throw new Error(paidIn.refusal)
  }
  for (const holder of holders) await bindCard(purse, holder, otpOf)
}

async function openWallet(purse: Purse, msisdn: string): Promise<void> {
  const { db, identities, wallet } = purse
  await purse.knowNumber(msisdn)
  await db.transact(async (tx) => {
    const level = 'verified'
    const owner = await identities.register(tx, { msisdn, name, document, level, by: 'c01' })
    if (!owner.ok) throw new Error(owner.refusal)
    const opened = await wallet.open(tx, { msisdn, class: 'III' })
    if (!opened.ok) throw new Error(opened.refusal)
  })
  await renewPin(purse, msisdn)
}

/** A PIN by chance, which its owner changes at once; it opens the lock of the one before. */
export async function renewPin({ db, walletPins }: Purse, msisdn: string): Promise<void> {
  const old = await db.transact((tx) => walletPins.issueInitial(tx, msisdn, {}))
  const next = new Secret(walletPin)
  const changed = await walletPins.change({ msisdn, old, next, channel: 'counter' }, {})
  if (!changed.ok) throw new Error(changed.refusal.code)
}

async function bindCard(
  { bindings }: Purse,
  holder: Holder,
  otpOf: (holder: Holder) => string,
): Promise<void> {
  const { msisdn, pan } = holder
  const expiry = new Secret(cardSecrets.expiry)
  const card = { pan: new Secret(pan), expiry, name, document }
  const begun = await bindings.begin({ ...card, msisdn, consent })
  if (!begun.ok) throw new Error(begun.refusal)
  const { id } = begun.value
  const keepsPin = bankFacts[holder.bank].pinRule === 'bank'
  const first = await bindings.verify(id, keepsPin ? { pin: new Secret(cardSecrets.pin) } : {})
  const last =
    first.outcome === 'code_sent'
      ? await bindings.verify(id, { code: new Secret(otpOf(holder)) })
      : first
  if (last.outcome !== 'active') throw new Error(`the card of ${holder.bank} is ${last.outcome}`)
}
