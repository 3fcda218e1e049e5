/** The short kill loop; the long one is `npm run kill-loop -- --app 100 --db 50 --backends 20`. */
import { describe, expect, test } from 'vitest'
import { engines } from '../database.ts'
import { runKillLoop } from './kill-loop.ts'

describe.runIf(engines.includes('postgres') && process.platform === 'linux')('kill -9', () => {
  test('of the app, of PostgreSQL and of a backend loses nothing and doubles nothing', async () => {
    const kills = { app: 1, db: 1, connection: 1, backend: 1 }
    const figures = await runKillLoop({ kills, loadMs: 300 })
    expect(figures).toMatchObject({ kills, lost: [], doubled: [], offences: [] })
    expect(figures.acknowledged.yes).toBeGreaterThan(20)
    expect(figures.acknowledged.transfer).toBeGreaterThan(500)
    expect(figures.charged + figures.givenUp).toBe(figures.acknowledged.yes)
    // A charge is sent up to five times, and a carrier in trouble may miss them all: that is rare.
    expect(figures.givenUp).toBeLessThan(3)
  }, 120_000)
})
