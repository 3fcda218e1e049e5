/** What may be done about a difference, by whom, and until when: without rows. */
import { describe, expect, test } from 'vitest'
import { createBusinessTime } from '../kernel/index.ts'
import { type Act, mayDecide } from './act.ts'
import { differenceStates, resolutionActs, stepOf } from './difference.ts'
import { dueDate, isOverdue, overdueBefore } from './overdue.ts'

const time = createBusinessTime()
const at = (text: string) => Date.parse(`${text}+08:00`)

test('each act has its place: booked first, then paid to its owner or covered, and never twice', () => {
  const allowed = differenceStates.flatMap((state) =>
    ([null, 'long', 'short'] as const).flatMap((side) =>
      resolutionActs.flatMap((act) => {
        const step = stepOf({ state, side }, act)
        return step.ok ? [`${state} ${side} ${act} ${step.value}`] : []
      }),
    ),
  )
  expect(allowed).toEqual([
    'open null explained resolved',
    'open long to_suspense in_suspense',
    'open long explained resolved',
    'open short to_suspense in_suspense',
    'open short explained resolved',
    'in_suspense long identified resolved',
    'in_suspense short covered resolved',
  ])
})

test('nobody agrees to what he asked for, however he writes his name', () => {
  const act = { state: 'asked', askedBy: 'Chen Li', expiresAt: 1_000 } as Act
  const decide = (by: string, agrees = true, now = 0) =>
    mayDecide(act, { by, alias: null, agrees, now })
  expect(decide('Chen Li')).toMatchObject({ refusal: 'act_is_own' })
  expect(decide(' chen LI')).toMatchObject({ refusal: 'act_is_own' })
  expect(mayDecide(act, { by: 'chen', alias: 'Chen Li', agrees: true, now: 0 })).toMatchObject({
    refusal: 'act_is_own',
  })
  expect(decide('Chen Li', false)).toMatchObject({ ok: true })
  expect(decide('Wu Min')).toMatchObject({ ok: true })
  expect(decide('Wu Min', true, 1_000)).toMatchObject({ refusal: 'act_expired' })
})

describe('two working days', () => {
  // 2026-09-11 is a Friday.
  test.each([
    ['2026-09-07T00:10:00', '2026-09-09'],
    ['2026-09-10T09:00:00', '2026-09-14'],
    ['2026-09-11T23:59:59', '2026-09-15'],
    ['2026-09-12T00:00:00', '2026-09-15'],
    ['2026-09-13T12:00:00', '2026-09-15'],
  ])('found at %s it is due on %s', (foundAt, date) => {
    expect(dueDate(time, at(foundAt))).toBe(date)
    const start = time.startOf(time.nextDate(date))
    expect(isOverdue(time, { foundAt: at(foundAt), now: start - 1 })).toBe(false)
    expect(isOverdue(time, { foundAt: at(foundAt), now: start })).toBe(true)
    expect(overdueBefore(time, start)).toBeGreaterThan(at(foundAt))
    expect(overdueBefore(time, start - 1)).toBeLessThanOrEqual(at(foundAt))
  })
})
