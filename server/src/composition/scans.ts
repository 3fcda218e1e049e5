/** Payment codes and what tills read, put together: whose money pays is the customer's word, as far as it can. */
import type { Tx, Worker } from '../db/index.ts'
import { type Amount, bucketOf } from '../kernel/index.ts'
import { type CodeTools, createPaymentCodes, type PaymentCodes } from '../payment-codes/index.ts'
import type { Payments, Source } from '../payments/index.ts'
import { type CodeProof, codeRoom, type Policy } from '../risk/index.ts'
import { createScans, createScanWorker, type Funds, type Scans, type Wish } from '../scans/index.ts'
import { findSubscriber } from '../subscribers/index.ts'
import { frozenOutOf, usualSources, walletsFirst } from '../wallet/index.ts'
import type { Cards, Parts } from './cards.ts'
import { codeRoomOf } from './code-room.ts'
import { createPayerFacts } from './payer-facts.ts'

/** For all who read them. */
export const openCodes = (tools: Omit<CodeTools, 'frozenOf'>): PaymentCodes =>
  createPaymentCodes({ ...tools, frozenOf: frozenOutOf })

type ScanParts = Pick<Parts, 'db' | 'clock' | 'ids' | 'time' | 'log' | 'policy'>

interface Known {
  readonly codes: PaymentCodes
  readonly payments: Payments
  readonly cards: {
    readonly view: Pick<Cards['view'], 'cardsOf'>
  }
}

export interface OpenedScans {
  readonly scans: Scans
  readonly scanWorker: () => Worker
}

export function openScans(parts: ScanParts, { codes, payments, cards }: Known): OpenedScans {
  const { db, clock, ids, time, log } = parts
  const fundTools = { parts, view: cards.view, factsOf: createPayerFacts(parts) }
  const fundsFor = (wish: Wish) => fundsOf(fundTools, wish)
  const firstFunds = (tx: Tx, wishes: readonly Wish[]) =>
    firstOf(tx, parts.policy.current(), wishes)
  const tools = { db, clock, ids, time, log, codes, payments, fundsFor, firstFunds }
  return { scans: createScans(tools), scanWorker: () => createScanWorker(tools) }
}

interface FundTools {
  readonly parts: ScanParts
  readonly view: Known['cards']['view']
  readonly factsOf: ReturnType<typeof createPayerFacts>
}

/** Only of whom the wallet comes first. Whether it can pay is decided with the order. */
async function firstOf(tx: Tx, policy: Policy, wishes: readonly Wish[]) {
  const first = await walletsFirst(
    tx,
    wishes.map(({ msisdn }) => msisdn),
  )
  return wishes.map(({ msisdn, amount }) =>
    first.has(msisdn)
      ? { source: 'wallet' as const, card: null, asksPin: amount > policy.walletPinFreeLimit }
      : undefined,
  )
}

/** What no source can pay is for the first one to refuse, with its reason. */
async function fundsOf(
  { parts, view, factsOf }: FundTools,
  { msisdn, amount }: Wish,
): Promise<Funds> {
  const policy = parts.policy.current()
  const isMuch = amount > policy.walletPinFreeLimit
  const wallet = await factsOf(msisdn)
  const of: Readonly<Record<Source, () => Promise<Funds | null>>> = {
    async wallet() {
      if (!wallet?.canPay(amount)) return null
      const roomOf = async (proof: CodeProof) => codeRoom(policy, proof, wallet.codesUsed(proof))
      return funds('wallet', await proofFor(amount, isMuch, roomOf))
    },
    async card() {
      const all = await view.cardsOf(msisdn)
      const card = all.find(({ state, terms }) => state === 'active' && amount <= terms.single)
      if (!card) return null
      const { terms, pinKeptBy } = card
      const payer = { bucket: bucketOf(msisdn), msisdn, card: terms, purse: null }
      const roomOf = (codeProof: CodeProof) => codeRoomOf(parts, { ...payer, codeProof })
      return funds('card', await proofFor(amount, isMuch || pinKeptBy === 'bank', roomOf), terms)
    },
    async phone_bill() {
      const line = await findSubscriber(parts.db, msisdn, parts.clock.now())
      const isAble = line?.switchedOn && amount <= policy.singleLimit
      return isAble ? funds('phone_bill', asked(isMuch)) : null
    },
  }
  // One after the other: the first nearly always can.
  for (const source of wallet?.order ?? usualSources) {
    const able = await of[source]()
    if (able) return able
  }
  const asksPin = asked(isMuch) === 'two_factors'
  return { source: wallet ? 'wallet' : 'phone_bill', card: null, asksPin }
}

const funds = (
  source: Funds['source'],
  proof: CodeProof | null,
  card: Funds['card'] = null,
): Funds | null => proof && { source, card, asksPin: proof === 'two_factors' }

const asked = (isMuch: boolean): CodeProof => (isMuch ? 'two_factors' : 'one_factor')

/** The PIN is asked for also where so much was paid without it today that only with it there is room. */
async function proofFor(
  amount: Amount,
  isMuch: boolean,
  roomOf: (proof: CodeProof) => Promise<Amount | null>,
): Promise<CodeProof | null> {
  const proofs: readonly CodeProof[] = isMuch ? ['two_factors'] : ['one_factor', 'two_factors']
  for (const proof of proofs) {
    const room = await roomOf(proof)
    if (room === null || amount <= room) return proof
  }
  return null
}
