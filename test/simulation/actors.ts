/**
 * Customers and merchants: they buy, change their minds, say things twice, lose connections and try
 * again under the same key. What they were told they tell the oracle.
 */
import type { Payment } from '../../server/src/payments/index.ts'
import type { createClients } from './clients.ts'
import { createDice, type Dice } from './dice.ts'
import type { Delivered, MessageCentre } from './message-centre.ts'
import type { Oracle } from './oracle.ts'
import { type Act, type Item, numbers, type Reply, type What } from './plan.ts'
import type { Answer } from './process.ts'
import type { VirtualTime } from './virtual-time.ts'

export interface Actors {
  perform(item: Item & Act): Promise<void>
  /** At the end merchants say of everything still open that it was delivered. */
  deliverAll(): Promise<void>
}

const second = 1_000
const minute = 60 * second

export function createActors(options: {
  readonly seed: number
  readonly time: VirtualTime
  readonly clients: ReturnType<typeof createClients>
  readonly centre: MessageCentre
  readonly oracle: Oracle
  readonly note: (line: string) => void
}): Actors {
  const { time, centre, oracle, note } = options
  const { insist, keepTrying, post } = options.clients
  const bodyOf = (what: What) =>
    what.merchantId === '6021' ? { product: what.product } : { amount: String(what.amount) }
  const wordsOf = (what: What) =>
    what.merchantId === '6021' ? what.product : (what.amount / 100).toFixed(2)
  const priceOf = (what: What): bigint =>
    what.merchantId === '6021' ? BigInt(what.product) * 10n : BigInt(what.amount)

  const says = (from: string, to: string, words: string, more = 0) => {
    oracle.said(from, to, words)
    centre.send({ from, to, words }, more)
  }
  const isQuestion = (what: What) => (text: Delivered) =>
    /回复Y确认|Reply Y/.test(text.text) &&
    text.text.includes((Number(priceOf(what)) / 100).toFixed(2))

  /** The customer reads the question and does what the plan says. */
  async function answerQuestion(dice: Dice, me: string, what: What, reply: Reply, since: number) {
    const question = await centre.awaited(me, since, isQuestion(what), 20 * minute)
    if (!question) return
    const quick = dice.chance(0.3)
    await time.sleep(quick ? dice.between(5, 400) : dice.between(2, 90) * second)
    const say = async (words: string, waitMs = 0) => {
      await time.sleep(waitMs)
      const isAgain = dice.chance(0.2)
      says(me, question.from, words, isAgain ? dice.between(1, 4) : 0)
    }
    const yes = dice.pick(['Y', 'y', '是', 'Ｙ', ' YES '])
    const wait = dice.pick([0, 0, 40, 5 * second])
    if (reply === 'yes') await say(yes)
    if (reply === 'no') await say('N')
    if (reply === 'words') await say(dice.pick(['YESTERDAY', '??', '多少钱', '0000']))
    if (reply === 'late_yes') await say(yes, 31 * minute)
    if (reply === 'yes_yes') await Promise.all([say(yes), say(yes, wait)])
    if (reply === 'yes_no') await Promise.all([say(yes), say('N', wait)])
    if (reply === 'no_yes') await Promise.all([say('N'), say(yes, wait)])
  }

  async function buyByText(dice: Dice, me: string, act: Extract<Act, { kind: 'text' }>) {
    const since = time.now()
    const to = `106580088${act.what.merchantId}`
    oracle.ordered(me)
    says(me, to, wordsOf(act.what), act.copies)
    await answerQuestion(dice, me, act.what, act.reply, since)
  }

  async function buyByApi(
    dice: Dice,
    me: string,
    act: Extract<Act, { kind: 'api' }>,
    orderId: string,
  ) {
    const since = time.now()
    const { merchantId } = act.what
    const content = { msisdn: me, orderId, consent: act.consent, ...bodyOf(act.what) }
    const headers = { 'idempotency-key': `key-${orderId}` }
    const order = (body: object, isDisconnecting: boolean) =>
      insist(dice, post('/v1/payments', body, headers, merchantId), isDisconnecting)
    const isSame = (answer: Answer) => oracle.answered(orderId, answer)
    const copies = Array.from({ length: act.copies }, async () => {
      await time.sleep(dice.pick([0, 0, 3, 800, 40 * second]))
      isSame(await order(content, dice.chance(0.3)))
    })
    const [first] = await Promise.all([order(content, dice.chance(0.2)), ...copies])
    isSame(first)
    if (act.otherBody) {
      const other = await order(
        { ...content, ...bodyOf(act.what), msisdn: numbers[0] === me ? numbers[1] : numbers[0] },
        false,
      )
      oracle.expect(
        other.status === 409 || other.status === 422,
        `${orderId} was taken with another body`,
      )
    }
    const id = String(first.body.id ?? '')
    if (id === '') return
    if (act.consent === 'code')
      await typeCode(dice, { me, id, what: act.what, since, reply: act.reply })
    if (act.consent === 'reply') await answerQuestion(dice, me, act.what, act.reply, since)
    if (act.goods === 'silent') return
    await time.sleep(dice.between(1, 90) * second)
    await insist(dice, post(`/v1/payments/${id}/delivery`, { result: act.goods }, {}, merchantId))
  }

  async function typeCode(
    dice: Dice,
    one: { me: string; id: string; what: What; since: number; reply: Reply },
  ) {
    const { me, id, what, since, reply } = one
    const text = await centre.awaited(
      me,
      since,
      ({ text }) => /支付码\d{6}|Code \d{6}/.test(text),
      9 * minute,
    )
    const code = /(?:支付码|Code )(\d{6})/.exec(text?.text ?? '')?.[1]
    if (code === undefined || reply === 'none') return
    const given = reply === 'no' ? '000000' : code
    oracle.typed(me, id)
    const type = () =>
      insist(dice, post(`/v1/payments/${id}/validate`, { code: given }, {}, what.merchantId))
    await Promise.all(reply === 'yes_yes' ? [type(), type()] : [type()])
  }

  async function buyInTwoSteps(
    dice: Dice,
    me: string,
    act: Extract<Act, { kind: 'two_steps' }>,
    name: string,
  ) {
    const { what } = act
    const keys = [{ scope: 'two_steps', key: name, contentHash: 'a' }]
    const order = await keepTrying(dice, async (payments) => {
      const result = await payments.order({
        ...{ msisdn: me, merchantId: what.merchantId, channel: 'api', consent: 'token', keys },
        flow: 'reserve',
        what:
          what.merchantId === '6021' ? { product: what.product } : { amount: BigInt(what.amount) },
      })
      if (!result.ok && result.refusal === 'carrier_away') throw new Error('away')
      return result
    })
    const id = order?.ok ? order.value.payment.id : undefined
    if (id === undefined) return
    oracle.placed(name, id)
    oracle.typed(me, id)
    await time.sleep(dice.between(1, 300) * second)
    const step = { paymentId: id, msisdn: me }
    const confirm = () => keepTrying(dice, (payments) => payments.confirm(step))
    const cancel = () => keepTrying(dice, (payments) => payments.cancel(step))
    const steps = {
      confirm: [confirm],
      cancel: [cancel],
      both: [confirm, cancel],
      twice: [confirm, confirm],
      none: [],
    }[act.end]
    const results = await Promise.all(steps.map((one) => one()))
    note(`${name}: ${results.map((one) => (one?.ok ? one.value.state : one?.refusal)).join()}`)
  }

  async function buyOnPage(
    dice: Dice,
    me: string,
    act: Extract<Act, { kind: 'page' }>,
    orderId: string,
  ) {
    const { merchantId } = act.what
    const since = time.now()
    const made = await insist(
      dice,
      post('/v1/checkouts', { orderId, ...bodyOf(act.what) }, {}, merchantId),
    )
    const page = String(made.body.id ?? '')
    if (page === '') return
    const headers = {
      'idempotency-key': `page-${orderId}`,
      'x-forwarded-for': `10.1.0.${since % 200}`,
    }
    const enter = () => insist(dice, post(`/checkout/${page}/number`, { msisdn: me }, headers))
    await Promise.all(dice.chance(0.3) ? [enter(), enter()] : [enter()])
    const cancel = async () => {
      await time.sleep(dice.between(1, 60) * second)
      await insist(dice, post(`/checkout/${page}/cancel`, {}))
    }
    const { end } = act
    if (end === 'page_cancels') return cancel()
    const reply = end === 'yes_and_page_cancels' ? 'yes' : end
    const answered = answerQuestion(dice, me, act.what, reply, since)
    await Promise.all(end === 'yes_and_page_cancels' ? [answered, cancel()] : [answered])
  }

  async function refund(dice: Dice, act: Extract<Act, { kind: 'refund' }>, name: string) {
    const payment = await paidOne(dice)
    if (!payment) return
    const { id, merchantId, amount } = payment
    const part = String((amount / 20n) * 10n || amount)
    const ask = async (refundId: string, given: object) => {
      const url = `/v1/payments/${id}/refunds`
      const answer = await insist(
        dice,
        post(url, { refundId, ...given }, {}, merchantId),
        dice.chance(0.2),
      )
      oracle.refundAnswered(refundId, answer)
      return answer
    }
    if (act.how === 'all') await ask(name, {})
    if (act.how === 'part') await ask(name, { amount: part })
    if (act.how === 'too_much') {
      const answer = await ask(name, { amount: String(amount + 10n) })
      oracle.expect(answer.status !== 201, `${name} returned more than was paid`)
    }
    if (act.how === 'two_at_once')
      await Promise.all([
        ask(`${name}-1`, {}),
        ask(`${name}-2`, {}),
        ask(`${name}-3`, { amount: part }),
      ])
    if (act.how === 'same_twice')
      await Promise.all([ask(name, { amount: part }), ask(name, { amount: part })])
    if (act.how === 'other_body') {
      const first = await ask(name, { amount: part })
      const other = await insist(
        dice,
        post(`/v1/payments/${id}/refunds`, { refundId: name }, {}, merchantId),
      )
      oracle.expect(first.status !== 201 || other.status !== 201, `${name} was taken twice`)
    }
  }

  async function paidOne(dice: Dice): Promise<Payment | undefined> {
    const filter = { order: 'desc', offset: 0, limit: 12 } as const
    const states = ['delivering', 'delivery_unknown', 'delivered'] as const
    const found = await keepTrying(dice, (payments) => payments.list({ ...filter, states }))
    return found && found.items.length > 0 ? dice.pick(found.items) : undefined
  }

  return {
    async perform(item) {
      const dice = createDice('item', options.seed, item.index)
      const me = numbers[item.line] ?? ''
      const name = `${options.seed}-${item.index}`
      if (item.kind === 'text') await buyByText(dice, me, item)
      if (item.kind === 'api') await buyByApi(dice, me, item, name)
      if (item.kind === 'two_steps') await buyInTwoSteps(dice, me, item, name)
      if (item.kind === 'page') await buyOnPage(dice, me, item, name)
      if (item.kind === 'refund') await refund(dice, item, name)
    },
    async deliverAll() {
      const dice = createDice('end', options.seed)
      const states = ['delivering', 'delivery_unknown'] as const
      const filter = { order: 'asc', offset: 0, limit: 100 } as const
      const open = await keepTrying(dice, (payments) => payments.list({ ...filter, states }))
      for (const { id: paymentId, msisdn } of open?.items ?? [])
        await keepTrying(dice, (payments) =>
          payments.delivery({ paymentId, msisdn, result: 'delivered' }),
        )
    },
  }
}
