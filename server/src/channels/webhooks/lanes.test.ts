import { expect, test } from 'vitest'
import { createLanes } from './lanes.ts'

/** A task that ends when it is told to. */
function task() {
  let end: (succeeded: boolean) => void = () => undefined
  const done = new Promise<boolean>((resolve) => {
    end = resolve
  })
  const made = { begun: false, end: (succeeded: boolean) => end(succeeded), run: () => done }
  made.run = () => {
    made.begun = true
    return done
  }
  return made
}
const soon = () => new Promise((resolve) => setImmediate(resolve))

test('a full lane holds up no other', async () => {
  const lanes = createLanes()
  const slow = Array.from({ length: 600 }, task)
  for (const each of slow) lanes.enter('slow', each.run)
  expect(slow.filter((each) => each.begun)).toHaveLength(4)
  const other = task()
  expect(lanes.enter('other', other.run)).toBe(0)
  expect(other.begun).toBe(true)
})

test('what would wait too long is turned away, for longer the more there are', () => {
  const lanes = createLanes()
  const waits = Array.from({ length: 2_000 }, () => lanes.enter('slow', task().run))
  const away = waits.filter((wait) => wait > 0)
  expect(away.length).toBe(2_000 - 504)
  expect(Math.min(...away)).toBeGreaterThanOrEqual(1_000)
  expect(Math.max(...away)).toBeLessThanOrEqual(60_000)
  expect(away).toEqual([...away].sort((a, b) => a - b))
})

test('a lane narrows to one after a failure and widens after a success', async () => {
  const lanes = createLanes()
  const tasks = Array.from({ length: 10 }, task)
  for (const each of tasks) lanes.enter('one', each.run)
  const begun = () => tasks.filter((each) => each.begun).length
  for (const each of tasks.slice(0, 4)) each.end(false)
  await soon()
  expect(begun()).toBe(5)
  tasks[4]?.end(true)
  await soon()
  expect(begun()).toBe(9)
  for (const each of tasks) each.end(true)
  await lanes.idle()
  expect(begun()).toBe(10)
})
