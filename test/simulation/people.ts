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
/** What is owed on the one credit card there is, and the bill of it that its owner has on paper. */
export const cardDebt = 2_000_00n
export const debtBill = 150_00n

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

/** Has a wallet and a credit card, and does nothing but repay it. */
export const debtor: Holder = {
  ...{ msisdn: '+8613900050077', bank: 'jiangcheng' },
  pan: panOf(bankFacts.jiangcheng.credit, 1),
}

/** Has a card at each bank and is nobody's customer here. */
export const stranger = {
  name: '沈岳',
  panOf: (bank: BankName) => panOf(bankFacts[bank].debit, 9),
} as const

/** Everybody with a wallet. */
export const owners: readonly string[] = [...people, debtor.msisdn]

/** What a text asks for: the bank's own PIN where it keeps one. */
export const pinOf = ({ bank }: Holder): string =>
  bankFacts[bank].pinRule === 'bank' ? cardSecrets.pin : walletPin

const holderOf = (msisdn: string) => ({
  ...{ name: person.name, idKind: '01', idNumber: person.number },
  mobile: national(msisdn),
})
const onCredit = { balance: -cardDebt, creditLimit: 9_000_00n }

export const cardsOfBank = (bank: BankName) => [
  ...holders
    .filter((one) => one.bank === bank)
    .map(({ pan, msisdn }) => ({
      ...{ pan, kind: 'debit' as const, ...cardSecrets, balance: cardBalance },
      holder: holderOf(msisdn),
    })),
  {
    ...{ pan: stranger.panOf(bank), kind: 'debit' as const, ...cardSecrets, balance: cardBalance },
    holder: { ...holderOf('+8613900050088'), name: stranger.name },
  },
  ...(bank === debtor.bank
    ? [
        {
          ...{ pan: debtor.pan, kind: 'credit' as const, ...cardSecrets, ...onCredit },
          holder: holderOf(debtor.msisdn),
        },
      ]
    : []),
]

const name = new Secret(person.name)
const document = { kind: '01', number: new Secret(person.number) } as const
const consent = { version: '2026-09', channel: 'counter', clerk: 'c01' } as const

/** As a clerk does it: the owner, the wallet, the PIN, some cash, and the card that the bank confirms. */
export async function enrolPeople(purse: Purse, otpOf: (holder: Holder) => string): Promise<void> {
  for (const msisdn of owners) {
    await openWallet(purse, msisdn)
    const cash = { msisdn, amount: firstCash, channel: 'counter', till: 't1' } as const
    const paidIn = await purse.wallet.cashIn({ ...cash, key: 'counter:first' })
    if (!paidIn.ok) throw new Error(paidIn.refusal)
  }
  for (const holder of [...holders, debtor]) await bindCard(purse, holder, otpOf)
  await enterBill(purse)
}

/** As it came by post; due tomorrow. */
async function enterBill({ db, bindings, repayments, dateIn }: Purse): Promise<void> {
  const [card] = await bindings.cardsOf(db, debtor.msisdn)
  if (!card) throw new Error('the credit card is not bound')
  const dates = { billedOn: dateIn(-9), dueOn: dateIn(1) }
  const entered = await repayments.enter({ bindingId: card.id, ...dates, amount: debtBill })
  if (!entered.ok) throw new Error(entered.refusal)
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
  const securityCode = holder === debtor ? { securityCode: new Secret(cardSecrets.cvn2) } : {}
  const expiry = new Secret(cardSecrets.expiry)
  const card = { pan: new Secret(pan), expiry, name, document }
  const begun = await bindings.begin({ ...card, msisdn, consent })
  if (!begun.ok) throw new Error(begun.refusal)
  const { id } = begun.value
  const keepsPin = bankFacts[holder.bank].pinRule === 'bank'
  const proof = keepsPin ? { pin: new Secret(cardSecrets.pin) } : securityCode
  const first = await bindings.verify(id, proof)
  const last =
    first.outcome === 'code_sent'
      ? await bindings.verify(id, { ...proof, code: new Secret(otpOf(holder)) })
      : first
  if (last.outcome !== 'active') throw new Error(`the card of ${holder.bank} is ${last.outcome}`)
}
