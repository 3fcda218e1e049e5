import { expect, test } from 'vitest'
import { createTurns } from './in-turn.ts'

test('a later text of a number waits for the earlier one, even one that fails; others do not', async () => {
  const inTurn = createTurns()
  const done: string[] = []
  let release = () => {}
  const held = new Promise<void>((resolve) => {
    release = resolve
  })
  const first = inTurn('a', async () => {
    await held
    done.push('a1')
    throw new Error('lost')
  })
  const second = inTurn('a', async () => done.push('a2'))
  await inTurn('b', async () => done.push('b'))
  expect(done).toEqual(['b'])
  release()
  await expect(first).rejects.toThrow('lost')
  await second
  expect(done).toEqual(['b', 'a1', 'a2'])
})
