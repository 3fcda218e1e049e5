import { expect, test } from 'vitest'
import { createGate } from './gate.ts'

test('the gate lets a fixed number in, the others in the order of their coming', async () => {
  const gate = createGate({ insideMax: 2, waitingMax: 2 })
  const first = await gate.enter(1_000)
  await gate.enter(1_000)
  const order: string[] = []
  const third = gate.enter(1_000).then((leave) => {
    order.push('third')
    return leave
  })
  const fourth = gate.enter(1_000).then(() => order.push('fourth'))
  expect(await gate.enter(1_000)).toBe('queue_full')
  expect([gate.inside, gate.waiting]).toEqual([2, 2])
  if (typeof first === 'string') throw new Error('the first is let in')
  first()
  first()
  const leave = await third
  expect([gate.inside, gate.waiting]).toEqual([2, 1])
  if (typeof leave === 'string') throw new Error('the third is let in')
  leave()
  await fourth
  expect(order).toEqual(['third', 'fourth'])
})

test('who waits too long goes away and leaves no hole', async () => {
  const gate = createGate({ insideMax: 1, waitingMax: 5 })
  const leave = await gate.enter(1_000)
  expect(await gate.enter(1)).toBe('waited_too_long')
  expect(gate.waiting).toBe(0)
  if (typeof leave === 'function') leave()
  expect(gate.inside).toBe(0)
  expect(typeof (await gate.enter(1))).toBe('function')
})
