import { setImmediate as turn } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { createGate } from '../../kernel/index.ts'
import type { CarrierAnswer, Charge } from '../../payments/index.ts'
import { type ChargeQueueOptions, createChargeQueue } from './charge-queue.ts'

const chargeOf = (id: string): Charge => ({
  ...{ chargeId: id, msisdn: '+8613800138000', amount: 1n, merchantId: '6021' },
  ...{ merchantName: 'Star Games', goods: '100', description: '100 gems' },
})

/** A queue whose lists end when told. */
function setUp(more: Partial<ChargeQueueOptions> = {}) {
  const lists: { readonly ids: string[]; readonly answer: () => void }[] = []
  const gate = createGate({ insideMax: 8, waitingMax: 8 })
  const submit = createChargeQueue({
    ...{ gate, listMax: 3, waitingMax: 20, waitMs: 60_000 },
    send: (charges) =>
      new Promise((resolve) => {
        const ids = charges.map(({ chargeId }) => chargeId)
        const answers = ids.map(
          (carrierRef): CarrierAnswer<'committed'> => ({
            ...{ outcome: 'done', value: 'committed', carrierRef },
          }),
        )
        lists.push({ ids, answer: () => resolve(answers) })
      }),
    ...more,
  })
  const ask = (...ids: string[]) => ids.map((id) => submit(chargeOf(id)))
  const sent = async () => {
    for (let i = 0; i < 10; i += 1) await turn()
    return lists.map(({ ids }) => ids.join(''))
  }
  return { lists, ask, sent, gate }
}

test('charges of one turn share lists, and each has its own answer', async () => {
  const { lists, ask, sent, gate } = setUp()
  const answers = ask('a', 'b', 'c', 'd')
  expect(await sent()).toEqual(['abc', 'd'])
  for (const { answer } of lists) answer()
  const refs = (await Promise.all(answers)).map((one) => 'carrierRef' in one && one.carrierRef)
  expect(refs).toEqual(['a', 'b', 'c', 'd'])
  await sent()
  expect(gate.inside).toBe(0)
})

test('four lists are under way at most; what came meanwhile goes with the next', async () => {
  const { lists, ask, sent } = setUp()
  for (const id of ['a', 'b', 'c', 'd']) {
    void ask(id)
    await turn()
  }
  expect(await sent()).toEqual(['a', 'b', 'c', 'd'])
  void ask('e')
  await turn()
  void ask('f')
  expect(await sent()).toHaveLength(4)
  lists[1]?.answer()
  expect((await sent()).slice(4)).toEqual(['ef'])
})

test('a charge asked for twice at once is in two lists', async () => {
  const { lists, ask, sent } = setUp()
  const answers = ask('a', 'a', 'b')
  expect(await sent()).toEqual(['ab', 'a'])
  for (const { answer } of lists) answer()
  expect(await Promise.all(answers)).toHaveLength(3)
})

test('beyond its end the queue hands charges back unsent', async () => {
  const { ask, sent } = setUp({ waitingMax: 2 })
  const [, , third] = ask('a', 'b', 'c')
  expect(await third).toEqual({ outcome: 'unsent', detail: 'queue_full' })
  expect(await sent()).toEqual(['ab'])
})

test('a charge that waited too long is handed back unsent, and the next is sent', async () => {
  const gate = createGate({ insideMax: 1, waitingMax: 8 })
  const leave = await gate.enter(1)
  const { ask, sent } = setUp({ gate, waitMs: 20 })
  expect(await Promise.all(ask('a', 'b'))).toEqual([
    { outcome: 'unsent', detail: 'waited_too_long' },
    { outcome: 'unsent', detail: 'waited_too_long' },
  ])
  if (typeof leave === 'function') leave()
  void ask('c')
  expect(await sent()).toEqual(['c'])
})
