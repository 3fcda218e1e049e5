/**
 * One key, many requests: side by side, with another content, twice within one batch, and after a
 * commit whose answer was lost. One payment is made, and all who ask for it hear of it.
 */
import type { BusinessKey } from '../../../server/src/payments/index.ts'
import { instead, type Mutant } from '../broken.ts'
import { type Stage, said } from '../stage.ts'
import type { Workload } from '../workload.ts'
import { orderOf } from './purchase.ts'

type Order = ReturnType<typeof orderOf>
type Answer = Awaited<ReturnType<ReturnType<Stage['lane']>['together']>>[number]

interface Heard {
  readonly key: string
  readonly content: string
  readonly said: string
  readonly id: string | null
  readonly isFirst: boolean
}

const mutants: readonly Mutant[] = [
  {
    name: 'late-key',
    lacks: 'the key’s row before the effect: it is written after it',
    late: 'business_key.claim',
  },
  {
    name: 'no-on-conflict',
    lacks: 'the wait for whoever wrote the key first',
    spoil: instead('business_key.claim', 'on conflict do nothing', ''),
  },
  {
    name: 'last-key-wins',
    lacks: 'the rule that a key keeps its first subject',
    spoil: instead(
      'business_key.claim',
      'on conflict do nothing',
      `on conflict (bucket, scope, key) do update set subject = excluded.subject,
        content_hash = excluded.content_hash`,
    ),
  },
]

/** The content says the amount, so that a wrong answer shows in the rows too. */
function wish(msisdn: string, key: string, content: 'a' | 'b', keys?: BusinessKey[]): Order {
  const own = [{ scope: 'race', key, contentHash: content }]
  const amount = content === 'a' ? 10_00n : 20_00n
  return orderOf(msisdn, { keys: keys ?? own, what: { amount } })
}

/** Another content names another payer: the lock of a number must not be what keeps them apart. */
interface Payers {
  readonly a: string
  readonly b: string
}

const contentOf = ({ order }: Order) => order.keys?.[0]?.contentHash ?? ''
const keyOf = ({ order }: Order) => order.keys?.[0]?.key ?? ''

function heardOf(order: Order, answer: Answer | undefined): Heard {
  const placed = answer !== undefined && answer !== 'failed' && answer.kind === 'order'
  const value = placed && answer.result.ok ? answer.result.value : undefined
  return {
    key: keyOf(order),
    content: contentOf(order),
    said: said(answer),
    id: value?.payment.id ?? null,
    isFirst: value !== undefined && !value.replayed,
  }
}

/** One effect for each key, whose content is that of those who were heard; the others were refused. */
function judge(stage: Stage, heard: readonly Heard[], firstsMin: number): void {
  for (const { key, id } of heard)
    if (id !== null) stage.acknowledged.add({ kind: 'payment', id, key: `race|${key}` })
  for (const key of new Set(heard.map((one) => one.key))) {
    const all = heard.filter((one) => one.key === key)
    const placed = all.filter((one) => one.id !== null)
    const ids = new Set(placed.map(({ id }) => id))
    const contents = new Set(placed.map(({ content }) => content))
    const firsts = placed.filter(({ isFirst }) => isFirst).length
    if (ids.size !== 1) stage.complain(`${key} is ${ids.size} payments`)
    if (contents.size !== 1) stage.complain(`${key} was done with ${contents.size} contents`)
    if (firsts < firstsMin || firsts > 1) stage.complain(`${firsts} heard that ${key} was new`)
    for (const { content, said: word } of all)
      if (word !== (contents.has(content) ? 'accepted' : 'exists_with_different_content'))
        stage.complain(`${key} with content ${content} heard "${word}"`)
  }
}

const equals = 64

/** Half of them by the front doors of both processes, half each in a transaction of its own. */
async function sideBySide(stage: Stage, orders: readonly Order[]): Promise<Heard[]> {
  return Promise.all(
    orders.map(async (order, n) => {
      if (n % 2 === 0) return heardOf(order, (await stage.lane(n >> 1).together([order]))[0])
      const { payments } = stage.process(n >> 1)
      const result = await payments.order(order.order).catch(() => undefined)
      return heardOf(order, result && { kind: 'order', result })
    }),
  )
}

/** Each caller asks for it three times in one batch, once with another content. */
async function twiceInABatch(stage: Stage, payers: Payers, key: string): Promise<Heard[]> {
  const lists = Array.from({ length: equals / 4 }, () =>
    stage.random.shuffled(
      (['a', 'a', 'a', 'b'] as const).map((one) => wish(payers[one], key, one)),
    ),
  )
  const heard = await stage.race(lists)
  return lists.flatMap((list, n) => list.map((order, i) => heardOf(order, heard[n]?.[i])))
}

/** The process ends after the commit and before the reply: the batch is run again, or another asks. */
async function unheard(stage: Stage, orders: readonly Order[]): Promise<Heard[]> {
  return Promise.all(
    orders.map(async (order, n) => {
      const lane = stage.lane(n)
      if (n % 4 > 0) return heardOf(order, (await lane.together([order]))[0])
      const answers = await lane.unheard([order]).catch(() => [undefined])
      return heardOf(order, answers[0])
    }),
  )
}

export const idempotency: Workload = {
  name: 'idempotency',
  proves: '64 requests under one key are one payment, also in one batch and after a lost reply',
  callers: 32,
  attempts: 64_000,
  mutants,
  open: async (stage) => ({
    rules: [],
    async round(n) {
      const payers = { a: await stage.newNumber(), b: await stage.newNumber() }
      const key = `equal-${n}`
      const same = Array.from({ length: equals }, () => wish(payers.a, key, 'a'))
      const mixed = same.map((one, i) => (i % 3 === 0 ? wish(payers.b, key, 'b') : one))
      if (n % 4 === 0) judge(stage, await sideBySide(stage, same), 1)
      if (n % 4 === 1) judge(stage, await sideBySide(stage, mixed), 1)
      if (n % 4 === 2) judge(stage, await twiceInABatch(stage, payers, key), 1)
      if (n % 4 === 3) judge(stage, await unheard(stage, same), 0)
      return equals
    },
  }),
}

/** Enough that many batches have no number in common but the payers of one key. */
const pool = 48
const batch = 12

export const keysPerBatch: Workload = {
  name: 'keys-per-batch',
  proves: 'batches that share keys in any order: one effect a key, and nobody waits in a circle',
  callers: 16,
  attempts: 32_000,
  mutants: [
    ...mutants,
    {
      name: 'no-key-order',
      lacks: 'the order in which keys are claimed',
      spoil: instead('business_key.claim', 'order by b, s, k', ''),
    },
  ],
  open: async (stage) => ({
    rules: [],
    async round(n) {
      const names: string[] = []
      const payers = new Map<string, Payers>()
      for (let i = 0; i < pool; i += 1) {
        const name = `batch-${n}-${i}`
        names.push(name)
        payers.set(name, { a: await stage.newNumber(), b: await stage.newNumber() })
      }
      const lists = Array.from({ length: stage.callers }, () =>
        Array.from({ length: batch }, () => {
          const key = stage.random.pick(names)
          const content = stage.random.below(8) === 0 ? 'b' : 'a'
          // The merchant's own order number is a second key of the same order.
          const keys = ['race', 'order'].map((scope) => ({ scope, key, contentHash: content }))
          return wish(payers.get(key)?.[content] ?? '', key, content, keys)
        }),
      )
      const repeats = stage.repeats()
      const heard = await stage.race(lists)
      if (stage.repeats() > repeats) stage.complain('batches waited for each other in a circle')
      const all = lists.flatMap((list, i) => list.map((order, k) => heardOf(order, heard[i]?.[k])))
      judge(stage, all, 1)
      return stage.callers * batch
    },
  }),
}
