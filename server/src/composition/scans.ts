/** Payment codes and what tills read, put together: whose money pays is the customer's word, as far as it can. */
import type { Reader, Worker } from '../db/index.ts'
import { type Amount, bucketOf, type Msisdn } from '../kernel/index.ts'
import { createPaymentCodes, type PaymentCodes } from '../payment-codes/index.ts'
import type { CodePayer, Payments, Source } from '../payments/index.ts'
import { type CodeProof, type CounterKey, counterName, readCounters } from '../risk/index.ts'
import { createScans, createScanWorker, type Funds, type Scans } from '../scans/index.ts'
import type { SignIns } from '../sign-ins/index.ts'
import { findSubscriber } from '../subscribers/index.ts'
import { isFrozen, outRefusal, readPurses, usedKeys, usualSources } from '../wallet/index.ts'
import type { Cards, Parts } from './cards.ts'
import { codeRoomOf } from './code-room.ts'
import { coolOffOf } from './cool-off.ts'

type ScanParts = Pick<Parts, 'db' | 'clock' | 'ids' | 'time' | 'log' | 'cipher' | 'policy'>

interface Known {
  readonly signIns: Pick<SignIns, 'lasting'>
  readonly payments: Payments
  readonly cards: {
    readonly view: Pick<Cards['view'], 'cardsOf'>
    readonly wallet: Pick<Cards['wallet'], 'balance' | 'sources'>
  }
}

export interface OpenedScans {
  readonly codes: PaymentCodes
  readonly scans: Scans
  readonly scanWorker: () => Worker
}

export function openScans(parts: ScanParts, { signIns, payments, cards }: Known): OpenedScans {
  const { db, clock, ids, time, log, cipher } = parts
  const codes = createPaymentCodes({ db, clock, ids, cipher, signIns, frozenOf: frozenOut })
  const fundsFor = (msisdn: Msisdn, amount: Amount) => fundsOf(parts, cards, { msisdn, amount })
  const tools = { db, clock, ids, time, log, codes, payments, fundsFor }
  return { codes, scans: createScans(tools), scanWorker: () => createScanWorker(tools) }
}

interface Wish {
  readonly msisdn: Msisdn
  readonly amount: Amount
}

async function frozenOut(reader: Reader, msisdns: readonly Msisdn[]): Promise<Set<Msisdn>> {
  const purses = await readPurses(reader, { numbers: msisdns })
  return new Set(purses.filter((purse) => isFrozen(purse, 'out')).map(({ msisdn }) => msisdn))
}

/** What no source can pay is for the first one to refuse, with its reason. */
async function fundsOf(
  parts: ScanParts,
  { view, wallet }: Known['cards'],
  { msisdn, amount }: Wish,
): Promise<Funds> {
  const policy = parts.policy.current()
  const isMuch = amount > policy.walletPinFreeLimit
  const wish = { msisdn, amount }
  const balance = await wallet.balance(msisdn)
  const of: Readonly<Record<Source, () => Promise<Funds | null>>> = {
    async wallet() {
      if (!balance || !(await isPayable(parts, wish, balance.available))) return null
      const purse = { walletId: balance.account.id }
      return funds('wallet', await proofFor(parts, wish, { purse, isMuch }))
    },
    async card() {
      const all = await view.cardsOf(msisdn)
      const card = all.find(({ state, terms }) => state === 'active' && amount <= terms.single)
      if (!card) return null
      const { terms, pinKeptBy } = card
      const payer = { card: terms, isMuch: isMuch || pinKeptBy === 'bank' }
      return funds('card', await proofFor(parts, wish, payer), terms)
    },
    async phone_bill() {
      const line = await findSubscriber(parts.db, msisdn, parts.clock.now())
      const isAble = line?.switchedOn && amount <= policy.singleLimit
      return isAble ? funds('phone_bill', asked(isMuch)) : null
    },
  }
  // One after the other: the first nearly always can.
  for (const source of balance ? await wallet.sources(balance.account.id) : usualSources) {
    const able = await of[source]()
    if (able) return able
  }
  const asksPin = asked(isMuch) === 'two_factors'
  return { source: balance ? 'wallet' : 'phone_bill', card: null, asksPin }
}

const funds = (
  source: Funds['source'],
  proof: CodeProof | null,
  card: Funds['card'] = null,
): Funds | null => proof && { source, card, asksPin: proof === 'two_factors' }

const asked = (isMuch: boolean): CodeProof => (isMuch ? 'two_factors' : 'one_factor')

/** The PIN is asked for also where so much was paid without it today that only with it there is room. */
async function proofFor(
  parts: ScanParts,
  { msisdn, amount }: Wish,
  { isMuch, ...payer }: Partial<Pick<CodePayer, 'card' | 'purse'>> & { readonly isMuch: boolean },
): Promise<CodeProof | null> {
  const from = { bucket: bucketOf(msisdn), msisdn, card: null, purse: null, ...payer }
  const proofs: readonly CodeProof[] = isMuch ? ['two_factors'] : ['one_factor', 'two_factors']
  for (const codeProof of proofs) {
    const room = await codeRoomOf(parts, { ...from, codeProof })
    if (room === null || amount <= room) return codeProof
  }
  return null
}

/** Whether the wallet can pay all of it now; what it truly does is decided under its lock. */
async function isPayable(
  parts: ScanParts,
  { msisdn, amount }: Wish,
  available: Amount,
): Promise<boolean> {
  const { db, clock, time, policy } = parts
  const now = clock.now()
  const [purse] = await readPurses(db, { numbers: [msisdn] })
  if (purse?.state !== 'open') return false
  const keys = usedKeys(time, purse, now)
  const [counters, until] = await Promise.all([
    readCounters(db, Object.values(keys)),
    coolOffOf(parts, db, msisdn),
  ])
  const usedOf = (key: CounterKey) => counters.get(counterName(key)) ?? 0n
  const used = { day: usedOf(keys.day), year: usedOf(keys.year), ever: usedOf(keys.ever) }
  const facts = { now, policy: policy.current(), balance: available, used, coolOffUntil: until }
  return outRefusal(purse, facts, amount) === null
}
