/**
 * People with the app and the tills that read their codes: they say things twice, give up, cancel, and pay from two
 * devices at once. What they were told they tell the books.
 */
import { Secret } from '../../server/src/kernel/index.ts'
import type { Pool } from '../../server/src/payment-codes/index.ts'
import type { Session } from '../../server/src/sign-ins/index.ts'
import { codeOf } from '../payment-code.ts'
import type { App } from './app.ts'
import type { AppBooks } from './app-books.ts'
import type { AppAct } from './app-plan.ts'
import { accountNoOf } from './biller-network.ts'
import type { createClients } from './clients.ts'
import { createCollectActors } from './collect-actors.ts'
import { createDice, type Dice } from './dice.ts'
import type { MessageCentre } from './message-centre.ts'
import type { Oracle } from './oracle.ts'
import { debtor, holders } from './people.ts'
import type { Item } from './plan.ts'
import type { Process } from './process.ts'
import type { VirtualTime } from './virtual-time.ts'

type Of<Kind extends AppAct['kind']> = Extract<AppAct, { readonly kind: Kind }>

interface Phone {
  readonly session: Session
  readonly pool: Pick<Pool, 'key' | 'aliases'>
  /** Codes shown so far: each of a number of its own. */
  shown: number
}

const second = 1_000
const minute = 60 * second
/** How long somebody looks at the screen, and a till at an order. */
const lookMs = 20 * second
const askEveryMs = 5 * second
const tillMs = minute

export function createAppActors(options: {
  readonly seed: number
  readonly time: VirtualTime
  readonly clients: ReturnType<typeof createClients>
  readonly centre: MessageCentre
  readonly oracle: Oracle
  readonly books: AppBooks
}) {
  const { seed, time, centre, oracle, books } = options
  const { insist, keepAsking, get, post } = options.clients
  const phones = new Map<string, Phone>()

  const ask = <Value>(dice: Dice, question: (app: App, process: Process) => Promise<Value>) =>
    keepAsking(dice, async (process) => {
      if (!process.app) throw new Error('there is no app')
      return question(process.app, process)
    })
  const often = <Value>(dice: Dice, copies: number, say: (n: number) => Promise<Value>) =>
    Promise.all(
      Array.from({ length: copies + 1 }, async (_, n) => {
        if (n > 0) await time.sleep(dice.pick([0, 0, 3, 800, 40 * second]))
        return say(n)
      }),
    )

  async function signIn(dice: Dice, msisdn: string, { isWrongFirst, copies }: Of<'sign_in'>) {
    const since = time.now()
    const sent = await ask(dice, ({ signIns }) => signIns.askCode({ to: msisdn, language: 'zh' }))
    if (!sent?.ok) return undefined
    const text = await centre.awaited(msisdn, since, isSignInCode, 5 * minute)
    const code = codeIn(text?.text)
    if (code === undefined) return undefined
    await time.sleep(dice.between(2, 30) * second)
    const type = (typed: string) =>
      ask(dice, ({ signIns }) =>
        signIns.byCode({ msisdn, code: new Secret(typed), device: 'a phone' }),
      )
    if (isWrongFirst) {
      const said = await type(code === '123456' ? '654321' : '123456')
      oracle.expect(said?.ok !== true, 'a wrong code signed in')
    }
    const begun = (await often(dice, copies, () => type(code))).filter((one) => one?.ok)
    oracle.expect(begun.length < 2, `one code began ${begun.length} sessions`)
    const [first] = begun
    if (!first?.ok) return undefined
    const { session } = first.value
    const pool = await ask(dice, ({ codes }) => codes.issue(session, time.now()))
    if (!pool) return undefined
    const phone: Phone = { session, pool, shown: 0 }
    phones.set(msisdn, phone)
    return phone
  }

  const quietly: Of<'sign_in'> = { kind: 'sign_in', isWrongFirst: false, copies: 0 }
  const phoneOf = async (dice: Dice, msisdn: string) => {
    const known = phones.get(msisdn)
    return known && known.shown < known.pool.aliases.length ? known : signIn(dice, msisdn, quietly)
  }

  /** A code on the screen: each of an alias of its own. */
  async function shown(dice: Dice, msisdn: string): Promise<string | undefined> {
    const phone = await phoneOf(dice, msisdn)
    if (!phone) return undefined
    const nth = phone.shown
    phone.shown += 1
    return codeOf(phone.pool, nth, time.now())
  }

  async function showCode(dice: Dice, msisdn: string, act: Of<'scan'>, name: string) {
    const code = await shown(dice, msisdn)
    if (code === undefined) return
    const other = act.merchantId === '6021' ? '6022' : '6021'
    const tills = act.isReadTwice ? [act.merchantId, other] : [act.merchantId]
    await Promise.all(
      tills.map((merchantId) => scanAt(dice, { msisdn, code, merchantId, orderId: name }, act)),
    )
  }

  interface AtTill {
    readonly msisdn: string
    readonly code: string
    readonly merchantId: string
    readonly orderId: string
  }

  async function scanAt(dice: Dice, till: AtTill, act: Of<'scan'>): Promise<void> {
    const { merchantId, orderId, code } = till
    const body = { code, amount: String(act.amount), orderId, terminal: 't1' }
    const order = `${merchantId} ${orderId}`
    const read = () => insist(dice, post('/v1/scans', body, {}, merchantId), dice.chance(0.2))
    const cancel = () =>
      insist(dice, post(`/v1/scans/${orderId}/cancel`, {}, {}, merchantId), dice.chance(0.2))
    const isAtOnce = act.end === 'cancel_at_once'
    const [answers, ended] = await Promise.all([
      often(dice, act.copies, read),
      isAtOnce ? time.sleep(dice.pick([0, 30, 400])).then(cancel) : undefined,
    ])
    for (const { status, body: seen } of answers)
      if (status === 200) books.scanned(order, code, String(seen.outcome))
    if (ended) return books.cancelled(order, ended)
    if (answers.every(({ status }) => status !== 200)) return books.refusedAtTill(order)
    if (await isDecided(dice, till, act)) {
      if (act.end === 'wait') return
      await time.sleep(dice.between(1, 90) * minute)
    }
    books.cancelled(order, await cancel())
  }

  /** Asks until the order has ended, at most as long as a till does; false when nobody knows then. */
  async function isDecided(
    dice: Dice,
    { msisdn, merchantId, orderId }: AtTill,
    act: Of<'scan'>,
  ): Promise<boolean> {
    let isAnswered = false
    for (const until = time.now() + tillMs; time.now() < until; await time.sleep(askEveryMs)) {
      const { body } = await insist(dice, get(`/v1/scans/${orderId}`, merchantId))
      const outcome = String(body.outcome)
      books.looked(`${merchantId} ${orderId}`, outcome)
      if (outcome !== 'waiting' && outcome !== 'unknown') return true
      if (outcome === 'unknown' || isAnswered) continue
      isAnswered = true
      await answerTill(dice, msisdn, String(body.paymentId), act.answer)
    }
    return false
  }

  async function answerTill(
    dice: Dice,
    msisdn: string,
    paymentId: string,
    answer: Of<'scan'>['answer'],
  ) {
    const step = { paymentId, msisdn }
    if (answer === 'yes') oracle.typed(msisdn, paymentId)
    if (answer === 'yes') await ask(dice, (_, { payments }) => payments.approve(step))
    if (answer === 'no') await ask(dice, (_, { payments }) => payments.cancel(step))
  }

  async function readCode(dice: Dice, msisdn: string, act: Of<'take_on'>, name: string) {
    const order = { orderId: name, amount: String(act.amount) }
    const made = await insist(dice, post('/v1/checkouts', order, {}, '6022'))
    const page = String(made.body.id ?? '')
    if (page === '') return
    books.takenOn(`6022 ${name}`)
    const other = holders.find((one) => one.msisdn !== msisdn) ?? debtor
    const readers = act.isReadTwice ? [msisdn, other.msisdn] : [msisdn]
    await Promise.all(
      readers.map(async (payer, n) => {
        if (n > 0) await time.sleep(dice.pick([0, 40, 2 * second, 15 * second]))
        await payOrder(dice, payer, act, { page, key: `${name}-${n}` })
      }),
    )
  }

  async function payOrder(
    dice: Dice,
    msisdn: string,
    { copies }: Of<'take_on'>,
    { page, key }: { readonly page: string; readonly key: string },
  ) {
    const payer = {
      ...({ msisdn, source: 'wallet', card: null, codeProof: 'one_factor' } as const),
      key: { scope: `app:${msisdn}`, key, contentHash: page },
    }
    const taken = await often(dice, copies, () =>
      ask(dice, ({ orders }) => orders.takeOn(page, payer)),
    )
    const first = taken.find((one) => one?.ok)
    for (const one of taken) if (one?.ok) oracle.placed(key, one.value.id)
    if (!first?.ok) return
    const { id: paymentId } = first.value
    await time.sleep(dice.pick([0, 300, 5 * second, 20 * second]))
    oracle.typed(msisdn, paymentId)
    await often(dice, copies, () =>
      ask(dice, (_, { payments }) => payments.approve({ paymentId, msisdn })),
    )
    const seen = await ask(dice, (_, { payments }) => payments.settled(paymentId, lookMs))
    if (seen) books.seen(paymentId, seen.state)
  }

  async function payBill(dice: Dice, msisdn: string, act: Of<'bill'>, name: string) {
    const { biller, copies } = act
    const accountNo = accountNoOf(biller, act.account)
    const asked = await ask(dice, ({ billers }) => billers.inquire({ msisdn, biller, accountNo }))
    if (!asked?.ok) return
    await time.sleep(dice.between(1, 40) * second)
    const { id: billId, min, max } = asked.value
    const amount = min === max ? {} : { amount: BigInt(act.amount) }
    const pay = (key: string) =>
      often(dice, copies, () =>
        ask(dice, ({ billers }) =>
          billers.pay({ msisdn, billId, ...amount, channel: 'web', key: `web:${key}` }),
        ),
      )
    const keys = act.isPaidTwice ? [name, `${name}-2`] : [name]
    const answers = await Promise.all(keys.map(pay))
    for (const [n, key] of keys.entries())
      for (const one of answers[n] ?? []) if (one?.ok) books.acknowledged(key, one.value.bill.id)
    if (!answers.flat().some((one) => one?.ok)) return
    const seen = await ask(dice, ({ billers }) => billers.settled(billId, lookMs))
    if (seen) books.seen(billId, seen.state)
  }

  async function repay(dice: Dice, act: Of<'repayment'>, name: string) {
    const { msisdn } = debtor
    const answers = await often(dice, act.copies, () =>
      ask(dice, async (_, { purse }) => {
        const [card] = (await purse?.bindings.cardsOf(purse.db, msisdn)) ?? []
        if (!purse || !card) throw new Error('the card is gone')
        const order = { msisdn, amount: BigInt(act.amount), channel: 'web' } as const
        return purse.wallet.repay({ ...order, cardId: card.id, key: `web:${name}` })
      }),
    )
    for (const one of answers) if (one?.ok) books.acknowledged(name, one.value.movement.id)
    const first = answers.find((one) => one?.ok)
    if (!first?.ok) return
    const { id } = first.value.movement
    const seen = await ask(dice, async (_, { purse }) => purse?.wallet.settled(id, lookMs))
    if (seen) books.seen(id, seen.state)
  }

  async function orderRepayment(dice: Dice, amount: Of<'auto_repayment'>['amount']) {
    await ask(dice, async (_, { purse }) => {
      const [card] = (await purse?.bindings.cardsOf(purse.db, debtor.msisdn)) ?? []
      if (!purse || !card) throw new Error('the card is gone')
      return purse.repayments.setAuto(card, amount)
    })
  }

  const collects = createCollectActors({
    ...{ time, oracle, books, ask, often, shown },
    atTill: (dice, { msisdn, code, orderId, amount }) =>
      scanAt(
        dice,
        { msisdn, code, orderId, merchantId: '6022' },
        {
          ...{ kind: 'scan', merchantId: '6022', amount, isReadTwice: false, copies: 0 },
          ...{ answer: 'yes', end: 'wait' },
        },
      ),
  })

  return {
    async perform(item: Item & AppAct): Promise<void> {
      const dice = createDice('item', seed, item.index)
      const name = `${seed}-${item.index}`
      const { msisdn } = holders[item.line] ?? debtor
      if (item.kind === 'sign_in') await signIn(dice, msisdn, item)
      if (item.kind === 'scan') await showCode(dice, msisdn, item, name)
      if (item.kind === 'collect') await collects.perform(dice, msisdn, item, name)
      if (item.kind === 'take_on') await readCode(dice, msisdn, item, name)
      if (item.kind === 'bill') await payBill(dice, msisdn, item, name)
      if (item.kind === 'repayment') await repay(dice, item, name)
      if (item.kind === 'auto_repayment') await orderRepayment(dice, item.amount)
    },
  }
}

const isSignInCode = ({ text }: { readonly text: string }) => /登录手机钱包/.test(text)
const codeIn = (text: string | undefined) => /验证码(\d{6})/.exec(text ?? '')?.[1]
