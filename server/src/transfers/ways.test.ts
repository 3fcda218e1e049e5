/** Every way into a wallet and out of it: frozen in, out or both, after a change of SIM, and while it closes. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { offencesIn } from '../../../test/books.ts'
import { type Customer, createStage, type Stage } from '../../../test/transfers/stage.ts'
import { Secret } from '../kernel/index.ts'
import { simChanged } from '../subscribers/index.ts'

type Answer = Promise<{ readonly ok: boolean; readonly refusal?: string }>
interface Scene {
  /** Whose wallet is shut. */
  readonly one: Customer
  readonly other: Customer
  /** A credit card of theirs with a bill. */
  readonly credit: string
  /** Of the other: asks for money, has a share for them to pay, and lets them draw. */
  readonly request: string
  readonly split: string
  readonly consent: string
  /** Of theirs: lets the other draw. */
  readonly mandate: string
  /** Packets of the other for anybody. */
  readonly packet: string
}

let stage: Stage
let numbers = 0
beforeAll(async () => {
  stage = await createStage()
})
afterAll(async () => {
  expect(await offencesIn(stage.db)).toEqual([])
  await stage.close()
})

const customer = () => {
  numbers += 1
  return stage.customer(`+86134${String(numbers).padStart(8, '0')}`, 500_00n)
}
const values = <Value>(result: { ok: true; value: Value } | { ok: false; refusal: string }) => {
  if (!result.ok) throw new Error(result.refusal)
  return result.value
}
const by = ({ msisdn }: Customer) => ({ msisdn, key: stage.key() })
const send = (from: Customer, { msisdn: to }: Customer) =>
  stage.transfers.send({ ...by(from), to, amount: 1_00n, channel: 'web', arrival: 'now' })
const today = () => stage.wallets.context.time.dateOf(stage.clock.now())
const give = async (from: Customer, { msisdn: to }: Customer) => {
  const terms = { every: 'month', cap: 10_00n, startsOn: today() } as const
  return values(await stage.transfers.give({ ...by(from), to, ...terms })).mandate.id
}

async function scene(): Promise<Scene> {
  const [one, other] = [await customer(), await customer()]
  const { transfers, wallets, people } = stage
  const credit = people.bind(one.msisdn, { kind: 'credit' })
  await wallets.owe(credit, 100_00n)
  const asked = await transfers.ask({ ...by(other), from: one.msisdn, amount: 1_00n })
  const how = { mode: 'each', amount: 1_00n } as const
  const bill = { title: 'x', people: [one.msisdn], how }
  const begun = await transfers.beginSplit({ ...by(other), ...bill })
  const packet = { kind: 'fixed', amount: 2_00n, count: 2 } as const
  return {
    ...{ one, other, credit, request: values(asked).request.id, split: values(begun).split.id },
    consent: await give(other, one),
    mandate: await give(one, other),
    packet: values(await transfers.sendPacket({ ...by(other), ...packet })).packet.id,
  }
}

const api = { channel: 'api' } as const
const web = { channel: 'web' } as const
const ofCard = ({ card: cardId }: Customer) => ({ ...api, cardId, amount: 1_00n })
const cash = { channel: 'counter', till: 't1', amount: 1_00n } as const

const out: Readonly<Record<string, (scene: Scene) => Answer>> = {
  'a withdrawal': ({ one }) =>
    stage.wallet.withdraw({ ...by(one), ...ofCard(one), speed: 'same_day' }),
  'a withdrawal for tomorrow': ({ one }) =>
    stage.wallet.withdraw({ ...by(one), ...ofCard(one), speed: 'next_day' }),
  'a repayment': ({ one, credit: cardId }) =>
    stage.wallet.repay({ ...by(one), ...api, cardId, amount: 1_00n }),
  'a transfer to a card': ({ one }) =>
    stage.wallet.transferToCard({
      ...{ ...by(one), ...web, amount: 1_00n, name: new Secret('林晚'), payee: '*晚' },
      card: { bank: 'ABC', token: '01990000-0000-7000-8000-00000000ca00', last4: '6215' },
    }),
  'cash out': ({ one }) => stage.wallet.cashOut({ ...by(one), ...cash }),
  'a transfer': ({ one, other }) => send(one, other),
  'a request that is paid': ({ one, request: requestId }) =>
    stage.transfers.payRequest({ ...by(one), ...web, requestId }),
  'a share that is paid': ({ one, split: splitId }) =>
    stage.transfers.payShare({ ...by(one), ...web, splitId }),
  'a mandate that is drawn on': ({ other, mandate: mandateId }) =>
    stage.transfers.draw({ ...by(other), mandateId, amount: 1_00n }),
  async 'a red packet'({ one, other: { msisdn } }) {
    const packet = { kind: 'fixed', amount: 1_00n, count: 1 } as const
    const sent = await stage.transfers.sendPacket({ ...by(one), ...packet })
    // Open it would hold the wallet open.
    if (sent.ok) await stage.transfers.openPacket({ msisdn, packetId: sent.value.packet.id })
    return sent
  },
  // Last, for what goes this way ends the wallet.
  closing: async ({ one: { msisdn, walletId } }) => {
    const order = { msisdn, walletId, channel: 'counter', key: stage.key() } as const
    return stage.wallet.close({ ...order, payTo: { till: 't1' } })
  },
}

const into: Readonly<Record<string, (scene: Scene) => Answer>> = {
  'a top-up': ({ one }) => stage.wallet.topUp({ ...by(one), ...ofCard(one) }),
  'cash in': ({ one }) => stage.wallet.cashIn({ ...by(one), ...cash }),
  'a transfer from another': ({ one, other }) => send(other, one),
  'a draw of theirs': ({ one, consent: mandateId }) =>
    stage.transfers.draw({ ...by(one), mandateId, amount: 1_00n }),
  'a packet that is opened': ({ one, packet: packetId }) =>
    stage.transfers.openPacket({ msisdn: one.msisdn, packetId }),
}

/** By the way of a repayment from a debit card money comes in first. */
const both = ({ one, credit: cardId }: Scene): Answer =>
  stage.wallet.repay({ ...by(one), ...api, cardId, amount: 1_00n, fromCardId: one.card })

const told = async (answer: Answer) => {
  const { ok, refusal } = await answer
  return ok ? 'done' : refusal
}
const ends = async (ways: typeof out, given: Scene) => {
  const all: Record<string, string | undefined> = {}
  for (const [name, way] of Object.entries(ways)) all[name] = await told(way(given))
  return all
}
const each = (ways: typeof out, end: string) =>
  Object.fromEntries(Object.keys(ways).map((name) => [name, end]))

describe('a wallet', () => {
  const freeze = ({ one: { walletId } }: Scene, frozen: 'none' | 'in' | 'out' | 'both') =>
    stage.db.transact((tx) => stage.wallet.restrict(tx, { walletId, frozen }))

  test.each([
    ['none', 'done', 'done', 'done'],
    ['in', 'frozen_in', 'done', 'frozen_in'],
    ['out', 'done', 'frozen_out', 'frozen_out'],
    ['both', 'frozen_in', 'frozen_out', 'frozen_out'],
  ] as const)('frozen %s: in %s, out %s', async (frozen, wantedIn, wantedOut, wantedBoth) => {
    const given = await scene()
    await freeze(given, frozen)
    expect(await ends(into, given)).toEqual(each(into, wantedIn))
    expect(await told(both(given))).toBe(wantedBoth)
    await stage.wallets.settle()
    expect(await ends(out, given)).toEqual(each(out, wantedOut))
    await stage.wallets.settle()
  })

  test('whose number has a new SIM pays nothing, and all comes in', async () => {
    const given = await scene()
    const { msisdn } = given.one
    const at = stage.clock.now()
    const news = { now: at, signOut: async () => {} }
    await stage.db.transact((tx) => simChanged(tx, { msisdn, at }, news))
    stage.people.own(msisdn, { coolOffUntil: at + 72 * 3_600_000 })
    expect(await ends(into, given)).toEqual(each(into, 'done'))
    expect(await told(both(given))).toBe('cooling_off')
    await stage.wallets.settle()
    expect(await ends(out, given)).toEqual(each(out, 'cooling_off'))
  })

  test('that is being closed pays nothing, and nothing comes in', async () => {
    const given = await scene()
    const { msisdn, walletId, card: cardId } = given.one
    const order = { msisdn, walletId, channel: 'web', key: stage.key() } as const
    const closing = await stage.wallet.close({ ...order, payTo: { cardId } })
    expect(closing).toMatchObject({ ok: true, value: { state: 'closing' } })
    const { closing: _, 'a mandate that is drawn on': drawn, ...mine } = out
    expect(await ends(mine, given)).toEqual(each(mine, 'wallet_closing'))
    expect(await told(drawn?.(given) as Answer)).toBe('wallet_closing')
    expect(await ends(into, given)).toEqual({
      ...each(into, 'wallet_closing'),
      ...{ 'a transfer from another': 'payee_unable', 'a draw of theirs': 'payee_unable' },
    })
    expect(await told(both(given))).toBe('wallet_closing')
  })
})
