/** The tables of steps, walked by chance: an end is an end, and value is there exactly while it is active. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  type BatchState,
  type BatchStep,
  batchSteps,
  edgeOf,
  type VoucherState,
  type VoucherStep,
  voucherSteps,
} from './top-up-voucher.ts'

const steps = Object.keys(voucherSteps) as VoucherStep[]
const ends: readonly VoucherState[] = ['used', 'expired', 'blocked']

test('a voucher gives its value once, to a wallet or back, whatever is tried in whatever order', () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...steps), { maxLength: 12 }), (tried) => {
      let state: VoucherState = 'made'
      let held = 0
      for (const step of tried) {
        const next: VoucherState | undefined = voucherSteps[step][state]
        if (next === undefined) continue
        expect(ends).not.toContain(state)
        if (next === 'active') held += 1
        else if (state === 'active') held -= 1
        state = next
        expect(held).toBe(state === 'active' ? 1 : 0)
      }
    }),
  )
})

test('only an active voucher can be used', () => {
  expect(voucherSteps.use).toEqual({ active: 'used' })
})

test('a range is changed along the edges of the table', () => {
  for (const step of ['activate', 'expire', 'block'] as const) {
    const { from, to } = edgeOf(step)
    expect(Object.fromEntries(from.map((state) => [state, to]))).toEqual(voucherSteps[step])
  }
})

test('a batch is made once, and never comes back from its end', () => {
  fc.assert(
    fc.property(
      fc.array(fc.constantFrom(...(Object.keys(batchSteps) as BatchStep[])), { maxLength: 12 }),
      (tried) => {
        let state: BatchState = 'requested'
        let made = 0
        for (const step of tried) {
          const next: BatchState | undefined = batchSteps[step][state]
          if (next === undefined) continue
          expect(['expired', 'blocked']).not.toContain(state)
          if (step === 'make') made += 1
          state = next
        }
        expect(made).toBeLessThanOrEqual(1)
      },
    ),
  )
})
