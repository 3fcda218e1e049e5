/** The short kill loop; the long one is `npm run kill-loop -- --app 10 --db 5`. */
import { describe, expect, test } from 'vitest'
import { engines } from '../database.ts'
import { runKillLoop } from './kill-loop.ts'

describe.runIf(engines.includes('postgres') && process.platform === 'linux')('kill -9', () => {
  test('of the app twice and of PostgreSQL once loses no purchase and doubles none', async () => {
    const figures = await runKillLoop({ app: 2, db: 1, loadMs: 300 })
    expect(figures).toMatchObject({ lost: [], doubled: [], offences: [] })
    expect(figures.acknowledged).toBeGreaterThan(20)
    expect(figures.charged).toBe(figures.acknowledged)
  }, 120_000)
})
