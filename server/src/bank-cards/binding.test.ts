/**
 * The table of states as a property: whatever customers, banks, time and the end of a number do to two cards
 * and two numbers, in any order, each step is an edge of the table, a card is one number's, and only a yes of
 * the bank makes a card active. Together the histories walk every edge.
 */
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  type BindingStage,
  bindingStage,
  codeSent,
  no,
  panOf,
  unanswered,
  yes,
} from '../../test/bank/binding-stage.ts'
import { Secret } from '../kernel/index.ts'
import { type BindingState, bindingEdges, moved } from './binding.ts'
import type { BindingChange } from './binding-tools.ts'

const answers = {
  yes,
  codeSent,
  unanswered,
  wrongCode: no('declined', { finding: 'code_wrong' }),
  lateCode: no('declined', { finding: 'code_expired' }),
  wrongName: no('declined', { finding: 'document_differs' }),
  blocked: no('card_unavailable', { binding: 'suspend' }),
  busy: no('bank_unavailable', { class: 'R' }),
  closed: { outcome: 'unsent', detail: 'closed' },
} as const

const place = fc.record({ phone: fc.nat(1), card: fc.nat(1) })
const command = fc.oneof(
  place.map((at) => ({ do: 'begin' as const, ...at })),
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant('verify' as const),
      pick: fc.nat(3),
      answer: fc.constantFrom(...(Object.keys(answers) as (keyof typeof answers)[])),
      withCode: fc.boolean(),
    }),
  },
  place.map((at) => ({ do: 'rebind' as const, pick: at.phone * 2 + at.card, ...at })),
  fc.record({
    do: fc.constant('effect' as const),
    pick: fc.nat(3),
    effect: fc.constantFrom('suspend', 'needs_rebinding', 'lock_for_a_day', 'count_wrong_pin'),
  }),
  fc.record({ do: fc.constant('wait' as const), minutes: fc.constantFrom(1, 31, 1500) }),
  fc.record({ do: fc.constant('unbind' as const), pick: fc.nat(3) }),
  fc.record({ do: fc.constant('release' as const), phone: fc.nat(1) }),
)
type Command = typeof command extends fc.Arbitrary<infer Value> ? Value : never

/** Histories that walk the edges a random one seldom finds. */
const begin = { do: 'begin', phone: 0, card: 0 } as const
const verify = (answer: keyof typeof answers, withCode = false) =>
  ({ do: 'verify', pick: 0, answer, withCode }) as const
const effect = (name: 'suspend' | 'needs_rebinding') =>
  ({ do: 'effect', pick: 0, effect: name }) as const
const wait = (minutes: 1 | 31 | 1500) => ({ do: 'wait', minutes }) as const
const unbind = { do: 'unbind', pick: 0 } as const
const examples: readonly Command[][] = [
  [begin, verify('codeSent'), wait(31), wait(1500)],
  [
    begin,
    verify('yes'),
    effect('needs_rebinding'),
    effect('suspend'),
    verify('codeSent'),
    wait(31),
    unbind,
  ],
  [
    begin,
    verify('yes'),
    effect('suspend'),
    verify('blocked'),
    verify('wrongName'),
    verify('busy'),
    unbind,
  ],
  [begin, verify('unanswered'), wait(1), unbind],
  [begin, verify('codeSent'), verify('wrongCode', true), verify('lateCode', true)],
  [begin, verify('codeSent'), unbind],
  [begin, verify('yes'), effect('suspend'), unbind],
  [begin, verify('yes'), unbind],
]

let stage: BindingStage
beforeAll(async () => {
  stage = await bindingStage()
})
afterAll(() => stage?.close())

let serial = 0
/** Runs one history on numbers and cards of its own. */
async function run(history: readonly Command[]): Promise<readonly BindingChange[]> {
  const { bindings, clock, db, script, timers, changes } = stage
  serial += 1
  const phones = await Promise.all(
    [0, 1].map((last) =>
      stage.number(`+86138${String(serial * 2 + last).padStart(8, '0')}`, 'zhang'),
    ),
  )
  const pans = [0, 1].map((last) => panOf('999001', serial * 2 + last))
  const code = new Secret('123456')
  const begun: string[] = []
  const first = changes.length
  for (const one of history) {
    clock.advance(1)
    const id = ('pick' in one && begun.length > 0 && begun[one.pick % begun.length]) || undefined
    const given =
      'card' in one ? stage.given(phones[one.phone] ?? '', pans[one.card] ?? '') : undefined
    if (one.do === 'begin' && given) {
      const made = await bindings.begin(given)
      if (made.ok && !begun.includes(made.value.id)) begun.push(made.value.id)
    }
    if (one.do === 'wait') {
      clock.advance(one.minutes * 60_000)
      while ((await timers.step()) > 0);
    }
    if (one.do === 'release')
      await db.transact((tx) => bindings.release(tx, phones[one.phone] ?? ''))
    if (id === undefined) continue
    if (one.do === 'verify') {
      script.splice(0, script.length, answers[one.answer])
      await bindings.verify(id, one.withCode ? { code } : {})
      script.length = 0
    }
    if (one.do === 'rebind' && given) await bindings.rebind({ ...given, id })
    if (one.do === 'unbind') await db.transact((tx) => bindings.unbind(tx, id))
    if (one.do === 'effect') {
      const { cardToken } = await stage.find(id)
      await db.transact((tx) =>
        bindings.apply(tx, {
          ...{ cardToken, effect: one.effect as 'suspend', at: clock.now(), bankCode: 'BR-14' },
        }),
      )
    }
    const active = await Promise.all(begun.map((each) => stage.find(each)))
    const tokens = active.filter(({ state }) => state === 'active').map((each) => each.cardToken)
    expect(new Set(tokens).size).toBe(tokens.length)
  }
  expect(await stage.complaints()).toEqual([])
  return changes.slice(first)
}

const walked = new Set<string>()
function check(steps: readonly BindingChange[]): void {
  for (const { before, after } of steps) {
    if (before === undefined) expect(after.state).toBe('draft')
    else {
      expect(bindingEdges[before.state]).toContain(after.state)
      walked.add(`${before.state} ${after.state}`)
    }
    if (after.state === 'active') expect(after.verifiedAt).toBe(after.updatedAt)
  }
}

test('any history keeps to the table, and together they walk all of it', async () => {
  const history = fc.array(command, { minLength: 3, maxLength: 12 })
  const property = fc.asyncProperty(history, async (commands) => check(await run(commands)))
  await fc.assert(property, {
    numRuns: 30,
    seed: 20261127,
    examples: examples.map((each) => [[...each]] as [Command[]]),
  })
  const edges = Object.entries(bindingEdges).flatMap(([from, tos]) =>
    tos.map((to) => `${from} ${to}`),
  )
  expect([...walked].toSorted()).toEqual(edges.toSorted())
})

test('a step that is not in the table is not taken', async () => {
  const states = Object.keys(bindingEdges) as BindingState[]
  const card = await stage.draft(
    await stage.number('+8613700000000', 'zhang'),
    panOf('999001', 9_999),
  )
  for (const from of states)
    for (const to of states) {
      const allowed = bindingEdges[from].includes(to) || (from === to && from !== 'unbound')
      const step = () => moved({ ...card, state: from }, to, {}, 1)
      if (allowed) expect(step().state).toBe(to)
      else expect(step).toThrow('does not go')
    }
})
