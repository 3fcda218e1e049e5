/**
 * Customers of the demo who can use the app at once: a handset that is asked for gets a wallet, a PIN, a bound card and
 * some money; the second one where none is named. Signing in needs the code that the handset shows. The first handset
 * is meant to open its wallet at the counter, unless it is asked for.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import type { Parts } from '../compose.ts'
import { assert, type Msisdn, Secret } from '../kernel/index.ts'
import type { DemoBanks } from './banks.ts'

interface DemoCustomer {
  readonly holder: {
    readonly name: string
    readonly idKind: string
    readonly idNumber: string
    readonly mobile: string
  }
  readonly debit: string
  readonly credit?: string
}
export const appCustomer = {
  holder: { name: '陈禾', idKind: '01', idNumber: '11010519491231002X', mobile: '13900139000' },
  ...{ debit: '9990010000000051327', credit: '9990020000051327' },
} satisfies DemoCustomer
export const counterCustomer = {
  holder: { name: '林晚', idKind: '01', idNumber: '420106199108173716', mobile: '13800138000' },
  debit: '9990010000000096215',
} satisfies DemoCustomer
/** Of every card of the demo. */
export const cardSecrets = { expiry: '3012', pin: '246810', cvn2: '321' } as const

const customers = new Map<string, DemoCustomer>(
  [appCustomer, counterCustomer].map((one) => [one.holder.mobile, one]),
)
const pin = '258036'
const inWallet = 500_00n
/** Links to banks come up within moments of a start. */
const patience = { looks: 200, everyMs: 50 }

/** Makes what is missing, once; answers who may sign in, and the PIN that moves money. */
export function openCustomers(parts: Parts, banks: DemoBanks) {
  const openings = new Map<string, ReturnType<typeof openCustomer>>()
  return (number = appCustomer.holder.mobile) => {
    const customer = customers.get(number)
    if (!customer) return undefined
    const opening =
      openings.get(number) ??
      openCustomer(parts, banks, customer).catch((error: unknown) => {
        openings.delete(number)
        throw error
      })
    openings.set(number, opening)
    return opening
  }
}

async function openCustomer(parts: Parts, banks: DemoBanks, customer: DemoCustomer) {
  const number = customer.holder.mobile
  const msisdn: Msisdn = `+86${number}`
  if (!(await parts.walletPins.stateOf(parts.db, msisdn))) await openWallet(parts, msisdn, customer)
  const cardId = await bind(parts, banks, customer, 'debit')
  await bind(parts, banks, customer, 'credit')
  const key = 'demo:first-top-up'
  const order = { msisdn, amount: inWallet, channel: 'web', key } as const
  if (cardId !== undefined) await parts.cards.wallet.topUp({ ...order, cardId })
  return [{ number, pin }]
}

async function openWallet(parts: Parts, msisdn: Msisdn, { holder }: DemoCustomer) {
  const { db, identities, walletPins, cards, knowNumber } = parts
  await knowNumber(msisdn)
  const { name, idNumber } = holder
  const document = { kind: '01', number: new Secret(idNumber) } as const
  const person = {
    msisdn,
    name: new Secret(name),
    document,
    level: 'verified',
    by: 'demo',
  } as const
  const initial = await db.transact(async (tx) => {
    assert((await identities.register(tx, person)).ok, 'the number has no other owner')
    assert((await cards.wallet.open(tx, { msisdn, class: 'III' })).ok, 'nor a wallet')
    return walletPins.issueInitial(tx, msisdn, {})
  })
  const change = { msisdn, old: initial, next: new Secret(pin), channel: 'demo' }
  assert((await walletPins.change(change, {})).ok, 'the PIN is a good one')
}

/** As at the counter; the simulated bank itself is asked for its code. Undefined when it did not confirm the card. */
async function bind(
  { db, cards }: Parts,
  { banks }: DemoBanks,
  { holder, ...pans }: DemoCustomer,
  kind: 'debit' | 'credit',
): Promise<string | undefined> {
  const pan = pans[kind]
  if (pan === undefined) return undefined
  const msisdn: Msisdn = `+86${holder.mobile}`
  const { bindings } = cards
  const bound = (await bindings.cardsOf(db, msisdn)).find((card) => card.kind === kind)
  if (bound) return bound.state === 'active' ? bound.id : undefined
  const begun = await bindings.begin({
    ...{ msisdn, pan: new Secret(pan), name: new Secret(holder.name) },
    document: { kind: '01', number: new Secret(holder.idNumber) },
    consent: { version: '2026-09', channel: 'counter', clerk: 'demo' },
    ...(kind === 'credit' && { expiry: new Secret(cardSecrets.expiry) }),
  })
  assert(begun.ok, 'the card is free')
  const { id } = begun.value
  if (!(await areUp(cards))) return undefined
  const proof = kind === 'credit' ? { securityCode: new Secret(cardSecrets.cvn2) } : {}
  await bindings.verify(id, proof)
  const code = banks.map((bank) => bank.otp(pan)?.code).find((one) => one !== undefined)
  const said = await bindings.verify(id, { ...proof, code: new Secret(code ?? '') })
  return said.outcome === 'active' ? id : undefined
}

async function areUp({ banks }: Parts['cards']): Promise<boolean> {
  for (let looks = 0; looks < patience.looks; looks += 1) {
    if (banks.health().every(({ up }) => up)) return true
    await sleep(patience.everyMs)
  }
  return false
}
