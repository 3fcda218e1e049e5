import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { Parts } from '../src/compose.ts'
import { openHall } from '../src/demo/hall.ts'
import { openCounter } from './counter-stage.ts'

test('the demo has its people also when a code runs out before it is looked at', async () => {
  const stage = await openCounter()
  const folder = mkdtempSync(join(tmpdir(), 'telepurse-hall-'))
  try {
    const { clock } = stage
    // The last moment of a step, and each look at the clock takes a moment.
    clock.advance(29_995 - (clock.now() % 30_000))
    const now = () => {
      clock.advance(1)
      return clock.now()
    }
    const { db, ids, time, cipher } = stage
    const slow = { ...{ db, ids, time, cipher, passwordCost: 4 }, clock: { ...clock, now } }
    const peopleNow = await openHall(slow as unknown as Parts, join(folder, 'hall.json'))
    const [clerk] = peopleNow()
    const { login = '', password = '', code = '' } = clerk ?? {}
    const entered = await stage.send('POST', '/session', { body: { login, password, code } })
    expect(entered.status).toBe(201)
  } finally {
    rmSync(folder, { recursive: true })
    await stage.close()
  }
})
