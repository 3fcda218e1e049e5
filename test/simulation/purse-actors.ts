/**
 * Those who have a wallet and a card: they pay, top up, withdraw and send by text and in the app, mistype their
 * PIN, say things twice and ask again when nobody answers. What they were told they tell the books.
 */
import { Secret } from '../../server/src/kernel/index.ts'
import { cardNumber } from '../../server/src/payments/index.ts'
import type { Movement } from '../../server/src/wallet/index.ts'
import type { Ledgers } from './bank-books.ts'
import type { PurseAct } from './bank-plan.ts'
import type { createClients } from './clients.ts'
import { createDice, type Dice } from './dice.ts'
import type { MessageCentre } from './message-centre.ts'
import type { Oracle } from './oracle.ts'
import { guessed, type Holder, holders, people, pinOf, renewPin, stranger } from './people.ts'
import type { Item } from './plan.ts'
import type { Process } from './process.ts'
import type { Purse } from './purse.ts'
import { createSharingActors } from './sharing-actors.ts'
import { isSharingAct } from './sharing-plan.ts'
import type { VirtualTime } from './virtual-time.ts'

type Of<Kind extends PurseAct['kind']> = Extract<PurseAct, { readonly kind: Kind }>

const second = 1_000
const minute = 60 * second
/** How long somebody looks at the screen for the answer of a bank. */
const lookMs = 20 * second
const wrongPin = '918273'

export function createPurseActors(options: {
  readonly seed: number
  readonly time: VirtualTime
  readonly clients: ReturnType<typeof createClients>
  readonly centre: MessageCentre
  readonly oracle: Oracle
  readonly ledgers: Ledgers
  readonly note: (line: string) => void
}) {
  const { seed, time, centre, oracle, ledgers, note } = options
  const { keepAsking } = options.clients

  const ask = <Value>(dice: Dice, question: (purse: Purse, process: Process) => Promise<Value>) =>
    keepAsking(dice, async (process) => {
      if (!process.purse) throw new Error('there are no wallets')
      return question(process.purse, process)
    })

  /** The same request as often as it is said, at moments of its own. */
  const saidOften = <Value>(dice: Dice, copies: number, say: () => Promise<Value>) =>
    Promise.all(
      Array.from({ length: copies + 1 }, async (_, n) => {
        if (n > 0) await time.sleep(dice.pick([0, 0, 3, 800, 40 * second]))
        return say()
      }),
    )

  const asking = { ask, saidOften }
  const sharing = createSharingActors({ time, oracle, ledgers, asking })

  function send(from: string, to: string, words: string, given: { copies?: number; isYes?: true }) {
    oracle.said(from, to, words, given.isYes)
    centre.send({ from, to, words }, given.copies)
  }

  async function byText(dice: Dice, holder: Holder, act: Of<'card_text'>) {
    const { msisdn } = holder
    const since = time.now()
    oracle.ordered(msisdn)
    send(msisdn, cardNumber, act.words, { copies: act.copies })
    const question = await centre.awaited(msisdn, since, isQuestion, 20 * minute)
    if (!question || act.pin === 'none') return
    await time.sleep(dice.between(2, 90) * second)
    const right = () => send(msisdn, question.from, pinOf(holder), { isYes: true, copies: more })
    const more = dice.chance(0.2) ? dice.between(1, 3) : 0
    if (act.pin === 'no') return send(msisdn, question.from, 'N', {})
    if (act.pin === 'wrong_then_right') {
      send(msisdn, question.from, wrongPin, {})
      await time.sleep(dice.between(20, 90) * second)
    }
    right()
    if (act.pin === 'right_twice') right()
  }

  async function move(dice: Dice, holder: Holder, act: Of<'movement'>, name: string) {
    const { msisdn } = holder
    const amount = BigInt(act.amount)
    const cash = { msisdn, amount, channel: 'counter', key: `counter:${name}`, till: 't1' } as const
    const order = { msisdn, amount, channel: 'web', key: `web:${name}` } as const
    const request = async (purse: Purse) => {
      if (act.move === 'cash_in') return purse.wallet.cashIn(cash)
      if (act.move === 'cash_out') return purse.wallet.cashOut(cash)
      const [card] = await purse.bindings.cardsOf(purse.db, msisdn)
      if (!card) throw new Error('the card is gone')
      if (act.move === 'top_up')
        return purse.wallet.topUp({ ...order, cardId: card.id, pin: new Secret(pinOf(holder)) })
      const speed = act.isSameDay ? 'same_day' : 'next_day'
      return purse.wallet.withdraw({ ...order, cardId: card.id, speed })
    }
    const answers = await saidOften(dice, act.copies, () => ask(dice, request))
    for (const answer of answers)
      if (answer?.ok) ledgers.acknowledged(name, answer.value.movement.id)
    const first = answers.find((answer) => answer?.ok)
    if (!first?.ok) return note(`${name}: ${answers.map((one) => !one?.ok && one?.refusal)}`)
    await watch(dice, first.value.movement)
  }

  async function watch(dice: Dice, { id, speed }: Pick<Movement, 'id' | 'speed'>) {
    if (speed === 'next_day') return
    const seen = await ask(dice, ({ wallet }) => wallet.settled(id, lookMs))
    if (seen) ledgers.seen(id, seen.state)
  }

  async function sendToCard(dice: Dice, holder: Holder, act: Of<'card_transfer'>, name: string) {
    const payee = act.isMisnamed ? '岳沈' : stranger.name
    const request = async ({ payeeCards, wallet }: Purse) => {
      const card = await payeeCards.keep(new Secret(stranger.panOf(act.bank)))
      if (!card.ok) throw new Error(`no card to send to: ${card.refusal}`)
      return wallet.transferToCard({
        ...{ msisdn: holder.msisdn, amount: BigInt(act.amount), card: card.value },
        ...{ name: new Secret(payee), payee: `*${payee.slice(1)}` },
        ...{ channel: 'web', key: `web:${name}` },
      })
    }
    const answers = await saidOften(dice, act.copies, () => ask(dice, request))
    for (const answer of answers)
      if (answer?.ok) ledgers.acknowledged(name, answer.value.movement.id)
    const first = answers.find((answer) => answer?.ok)
    if (!first?.ok) return note(`${name}: ${answers.map((one) => !one?.ok && one?.refusal)}`)
    if (act.isMisnamed) ledgers.misnamed(first.value.movement.id)
    await watch(dice, first.value.movement)
  }

  async function pay(dice: Dice, holder: Holder, act: Of<'wallet_payment'>, name: string) {
    const { msisdn } = holder
    const answers = await saidOften(dice, act.copies, () =>
      ask(dice, (_, { payments }) =>
        payments.order({
          ...{ msisdn, merchantId: '6022', what: { amount: BigInt(act.amount) } },
          ...{ channel: 'web', consent: 'device', flow: 'charge', source: 'wallet' },
          isPinChecked: true,
          keys: [{ scope: `app:${msisdn}`, key: name, contentHash: String(act.amount) }],
        }),
      ),
    )
    for (const answer of answers) {
      if (!answer?.ok) continue
      const { id } = answer.value.payment
      oracle.placed(name, id)
      oracle.typed(msisdn, id)
    }
  }

  async function give(dice: Dice, holder: Holder, act: Of<'transfer'>, name: string) {
    const { msisdn } = holder
    const to = people[act.to] ?? ''
    if (to === msisdn) return
    const order = {
      ...{ msisdn, to, amount: BigInt(act.amount), arrival: act.arrival },
      ...({ channel: 'web', key: `web:${name}` } as const),
    }
    const answers = await saidOften(dice, act.copies, () =>
      ask(dice, ({ transfers }) => transfers.send(order)),
    )
    for (const answer of answers)
      if (answer?.ok) ledgers.acknowledged(name, answer.value.transfer.id)
    const first = answers.find((answer) => answer?.ok)
    if (!first?.ok || !act.isCancelled) return
    const { id: transferId } = first.value.transfer
    await time.sleep(dice.between(1, 150) * minute)
    const cancelled = await ask(dice, ({ transfers }) => transfers.cancel({ msisdn, transferId }))
    if (cancelled?.ok) ledgers.seen(transferId, 'cancelled')
  }

  /** Until the PIN is locked or the stranger gives up; then its owner goes to the counter. */
  async function guess(dice: Dice, act: Of<'guess'>, name: string) {
    for (let n = 0; n < act.tries; n += 1) {
      const pin = new Secret(String(100_000 + dice.between(0, 300_000)))
      const said = await ask(dice, ({ walletPins }) =>
        walletPins.check(guessed, pin, 'web', `${name}-${n}`),
      )
      ledgers.guessed(said?.ok === false ? said.refusal.code : said?.ok ? 'right' : 'nothing')
      if (said?.ok === false && said.refusal.code === 'locked') break
      await time.sleep(dice.between(1, 30) * second)
    }
    ledgers.pinRenewed()
    await ask(dice, (purse) => renewPin(purse, guessed).then(() => true))
  }

  return {
    async perform(item: Item & PurseAct): Promise<void> {
      const dice = createDice('item', seed, item.index)
      const name = `${seed}-${item.index}`
      const holder = holders[item.line]
      if (!holder) return
      if (isSharingAct(item)) await sharing.perform(dice, holder.msisdn, item, name)
      if (item.kind === 'card_text') await byText(dice, holder, item)
      if (item.kind === 'movement') await move(dice, holder, item, name)
      if (item.kind === 'wallet_payment') await pay(dice, holder, item, name)
      if (item.kind === 'transfer') await give(dice, holder, item, name)
      if (item.kind === 'card_transfer') await sendToCard(dice, holder, item, name)
      if (item.kind === 'guess') await guess(dice, item, name)
    },
  }
}

const isQuestion = ({ text }: { readonly text: string }) =>
  /回6位支付密码|[Rr]eply your 6-digit PIN/.test(text)
