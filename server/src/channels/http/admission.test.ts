import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  type Admission,
  createAdmission,
  defaultLimits,
  type Leave,
  requestClasses,
  withOrdersMax,
} from './admission.ts'

/** Lets a caller in as long as it is let in. */
function flood(admission: Admission, caller: string, requestClass = 'order' as const) {
  const inside: Leave[] = []
  for (;;) {
    const leave = admission.enter(requestClass, caller)
    if (typeof leave === 'string') return { inside, refusal: leave }
    inside.push(leave)
  }
}

test('one caller alone gets four fifths of the places, and is told that its share is used up', () => {
  const { inside, refusal } = flood(createAdmission(withOrdersMax(100)), 'merchant')
  expect([inside.length, refusal]).toEqual([80, 'share'])
})

test('a flood of one caller leaves places to another, and the fewer the more there are', () => {
  const admission = createAdmission(withOrdersMax(100))
  const sizes = ['a', 'b', 'c'].map((caller) => flood(admission, caller).inside.length)
  expect(sizes).toEqual([80, 16, 4])
  expect(admission.enter('order', 'd')).toBe('full')
})

test('two floods end with like shares, whoever came first', () => {
  const admission = createAdmission(withOrdersMax(100))
  const first = flood(admission, 'a').inside
  const second: Leave[] = []
  for (let round = 0; round < 200; round += 1) {
    first.shift()?.()
    second.push(...flood(admission, 'b').inside)
    second.shift()?.()
    first.push(...flood(admission, 'a').inside)
  }
  expect(Math.min(first.length, second.length)).toBeGreaterThan(40)
  expect(Math.max(first.length, second.length)).toBeLessThan(50)
})

test('orders and reading never take the places of what is urgent', () => {
  const admission = createAdmission({ ...defaultLimits, requestsMax: 100 })
  for (const caller of ['a', 'b', 'c', 'd']) flood(admission, caller)
  expect(admission.requests).toBe(80)
  expect(admission.enter('read', 'a')).toBe('full')
  const urgent = Array.from({ length: 20 }, () => admission.enter('urgent', 'a'))
  expect(urgent.every((entered) => typeof entered === 'function')).toBe(true)
  expect(admission.enter('urgent', 'b')).toBe('full')
})

test('half of the reports are for others than the caller with the most', () => {
  const admission = createAdmission()
  const enter = (caller: string) => typeof admission.enter('report', caller)
  expect([enter('a'), enter('a'), enter('a'), enter('b')]).toEqual([
    'function',
    'function',
    'string',
    'function',
  ])
})

test('whatever comes and goes, counts fit who is inside, and at the end nobody is', () => {
  const arrival = fc.record({
    requestClass: fc.constantFrom(...requestClasses),
    caller: fc.constantFrom('a', 'b', 'c'),
    leaves: fc.option(fc.nat(50), { nil: undefined }),
  })
  fc.assert(
    fc.property(fc.array(arrival, { maxLength: 300 }), (arrivals) => {
      const admission = createAdmission({
        requestsMax: 20,
        classes: { ...defaultLimits.classes, order: { max: 10, greed: 4 } },
      })
      const inside: Leave[] = []
      for (const { requestClass, caller, leaves } of arrivals) {
        const entered = admission.enter(requestClass, caller)
        if (typeof entered === 'function') inside.push(entered)
        // Twice, as when a connection breaks after its answer: it counts once.
        const leaver = leaves === undefined ? undefined : inside.splice(leaves % 21, 1)[0]
        leaver?.()
        leaver?.()
        const counts = Object.entries(admission.counts())
        const places = counts.reduce((sum, [, one]) => sum + one.inside, 0)
        expect(places).toBe(inside.length)
        expect(admission.requests).toBe(places - admission.counts().stream.inside)
        expect(admission.requests).toBeLessThanOrEqual(20)
        expect(admission.counts().order.inside).toBeLessThanOrEqual(10)
      }
      for (const leave of inside) leave()
      expect(admission.requests).toBe(0)
      expect(Object.values(admission.counts()).every((one) => one.inside === 0)).toBe(true)
    }),
  )
})
