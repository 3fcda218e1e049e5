import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createTwoLanes } from './two-lanes.ts'

test('ordinary entries leave the reserved places free, urgent ones fill the queue', () => {
  const lanes = createTwoLanes<string>({ max: 10, reserved: 0.2 })
  const pushed = (urgent: boolean) =>
    Array.from({ length: 12 }, (_, i) => lanes.push(`${urgent}${i}`, urgent)).filter(Boolean).length
  expect(pushed(false)).toBe(8)
  expect(pushed(true)).toBe(2)
  expect(lanes.length).toBe(10)
  lanes.take(1)
  expect([lanes.push('ordinary', false), lanes.push('urgent', true)]).toEqual([false, true])
})

test('urgent entries go first, and ordinary ones keep a fifth of each batch', () => {
  const lanes = createTwoLanes<string>({ max: 100, reserved: 0.2 })
  for (let i = 0; i < 20; i += 1) lanes.push('o', false)
  for (let i = 0; i < 20; i += 1) lanes.push('u', true)
  expect(lanes.take(10).join('')).toBe('uuuuuuuuoo')
  expect(lanes.take(20).join('')).toBe('uuuuuuuuuuuuoooooooo')
  expect(lanes.take(100).join('')).toBe('o'.repeat(10))
  expect(lanes.take(100)).toEqual([])
})

test('whatever is pushed and taken, each lane keeps its order and nothing is lost or starved', () => {
  const moves = fc.array(fc.oneof(fc.boolean(), fc.integer({ min: 1, max: 7 })), { maxLength: 200 })
  fc.assert(
    fc.property(moves, fc.integer({ min: 1, max: 20 }), (all, max) => {
      const lanes = createTwoLanes<{ urgent: boolean; id: number }>({ max, reserved: 0.25 })
      const waiting = { true: [] as number[], false: [] as number[] }
      for (const [id, move] of all.entries()) {
        if (typeof move === 'boolean') {
          if (lanes.push({ urgent: move, id }, move)) waiting[`${move}`].push(id)
          continue
        }
        const before = { urgent: waiting.true.length, ordinary: waiting.false.length }
        const taken = lanes.take(move)
        for (const { urgent, id: was } of taken) expect(waiting[`${urgent}`].shift()).toBe(was)
        expect(taken.length).toBe(Math.min(move, before.urgent + before.ordinary))
        if (before.ordinary > 0) expect(taken.some(({ urgent }) => !urgent)).toBe(true)
        if (before.urgent > 0 && move > 1) expect(taken.some(({ urgent }) => urgent)).toBe(true)
      }
      expect(lanes.length).toBe(waiting.true.length + waiting.false.length)
    }),
  )
})
