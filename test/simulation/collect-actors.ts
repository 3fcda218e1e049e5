/**
 * Friends who read the codes of others: twice, two at once, beside a till. Who shows the code answers, or does not; who
 * has read it withdraws now and then. What they were told they tell the books.
 */
import type { Msisdn } from '../../server/src/kernel/index.ts'
import type { App } from './app.ts'
import type { AppBooks } from './app-books.ts'
import type { AppAct } from './app-plan.ts'
import type { Dice } from './dice.ts'
import type { Oracle } from './oracle.ts'
import { people } from './people.ts'
import type { Process } from './process.ts'
import type { VirtualTime } from './virtual-time.ts'

type Collect = Extract<AppAct, { readonly kind: 'collect' }>

interface AtTill {
  readonly msisdn: Msisdn
  readonly code: string
  readonly orderId: string
  readonly amount: number
}

const second = 1_000

export function createCollectActors(options: {
  readonly time: VirtualTime
  readonly oracle: Oracle
  readonly books: AppBooks
  readonly ask: <Value>(
    dice: Dice,
    question: (app: App, process: Process) => Promise<Value>,
  ) => Promise<Value | undefined>
  readonly often: <Value>(
    dice: Dice,
    copies: number,
    say: (n: number) => Promise<Value>,
  ) => Promise<Value[]>
  readonly shown: (dice: Dice, msisdn: Msisdn) => Promise<string | undefined>
  readonly atTill: (dice: Dice, till: AtTill) => Promise<void>
}) {
  const { time, oracle, books, often, shown, atTill } = options

  const ask = <Value>(dice: Dice, question: (purse: Purse) => Promise<Value>) =>
    options.ask(dice, (_, { purse }) => {
      if (!purse) throw new Error('there is no purse')
      return question(purse)
    })

  async function collect(dice: Dice, read: Read, act: Collect): Promise<void> {
    const { reader: msisdn, payer, code: digits, name } = read
    const order = { msisdn, digits, amount: BigInt(act.amount), key: `app:${name}` }
    const reader = { till: `number/${msisdn}`, client: 'address/198.51.100.7' }
    const answers = await often(dice, act.copies, () =>
      ask(dice, ({ transfers }) => transfers.collect({ ...order, reader })),
    )
    const requests = answers.flatMap((one) => (one?.ok ? [one.value.request] : []))
    for (const request of requests) books.collected(name, digits, request)
    const isTorn = answers.some((one) => one?.ok === false && one.refusal === 'payment_code_used')
    oracle.expect(
      requests.length === 0 || !isTorn,
      `${name}: one request was answered, and its code said to be used`,
    )
    const [request] = requests
    if (request?.state !== 'open') return
    await Promise.all([
      answer(dice, { requestId: request.id, payer, name }, act),
      act.isWithdrawn && withdraw(dice, { requestId: request.id, msisdn }),
    ])
  }

  async function answer(
    dice: Dice,
    { requestId, payer: msisdn, name }: { requestId: string; payer: Msisdn; name: string },
    { answer: said, copies }: Collect,
  ): Promise<void> {
    await time.sleep(dice.between(2, 120) * second)
    if (said === 'yes') {
      books.agreed(requestId)
      const order = { msisdn, requestId, channel: 'web', key: `web:${name}` } as const
      const paid = await often(dice, copies, () =>
        ask(dice, ({ transfers }) => transfers.payRequest(order)),
      )
      for (const one of paid) if (one?.ok) books.acknowledged(`${name} paid`, one.value.transfer.id)
    }
    if (said !== 'no') return
    const declined = await ask(dice, ({ transfers }) => transfers.decline({ msisdn, requestId }))
    if (declined?.ok) books.seen(requestId, declined.value.state)
  }

  async function withdraw(dice: Dice, one: { requestId: string; msisdn: Msisdn }): Promise<void> {
    await time.sleep(dice.between(2, 120) * second)
    const said = await ask(dice, ({ transfers }) => transfers.cancelRequest(one))
    if (said?.ok) books.seen(one.requestId, said.value.state)
  }

  return {
    async perform(dice: Dice, payer: Msisdn, act: Collect, name: string): Promise<void> {
      const code = await shown(dice, payer)
      if (code === undefined) return
      const friends = people.filter((one) => one !== payer)
      const readers = friends.slice(0, act.also === 'friend' ? 2 : 1)
      await Promise.all([
        ...readers.map((reader, n) =>
          collect(dice, { reader, payer, code, name: `${name}-${n}` }, act),
        ),
        act.also === 'till' &&
          atTill(dice, { msisdn: payer, code, orderId: name, amount: act.amount }),
      ])
    },
  }
}

type Purse = NonNullable<Process['purse']>

interface Read {
  readonly reader: Msisdn
  readonly payer: Msisdn
  readonly code: string
  readonly name: string
}
