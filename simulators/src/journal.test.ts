/** What the journal keeps when the process dies: everything that was answered. */
import { spawn } from 'node:child_process'
import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createBilling } from './boss/billing.ts'
import { type BossEvent, bossEvents } from './boss/event.ts'
import { openJournal } from './journal.ts'

let folder = ''
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'journal-'))
})
afterAll(() => rmSync(folder, { recursive: true }))

const event = (n: number): BossEvent => ({
  type: 'refunded',
  at: n,
  chargeId: 'CH202609120000000001',
  refundId: `R${n}`,
  amount: 9_007_199_254_740_993n,
})

function read(path: string): BossEvent[] {
  const events: BossEvent[] = []
  openJournal(path, bossEvents, (one) => events.push(one)).close()
  return events
}

test('events come back as they went in, and an unfinished last line is cut off', () => {
  const path = join(folder, 'torn.jsonl')
  const journal = openJournal(path, bossEvents, () => {})
  journal.append(event(1))
  journal.close()
  appendFileSync(path, '{"type":"refunded","at":2,"amo')
  expect(read(path)).toEqual([event(1)])
  const again = openJournal(path, bossEvents, () => {})
  again.append(event(3))
  again.close()
  expect(read(path)).toEqual([event(1), event(3)])
})

test('damage before the last line stops the start and says where it is', () => {
  const path = join(folder, 'damaged.jsonl')
  const journal = openJournal(path, bossEvents, () => {})
  for (const n of [1, 2, 3]) journal.append(event(n))
  journal.close()
  writeFileSync(path, readFileSync(path, 'utf8').replace('"R2"', '"R2'))
  expect(() => read(path)).toThrow(/line 2 of the journal/)
  writeFileSync(path, '{"type":"unheard_of"}\n')
  expect(() => read(path)).toThrow(/line 1 /)
})

const child = (path: string) => `
  import { createBilling } from ${JSON.stringify(new URL('./boss/billing.ts', import.meta.url).href)}
  const billing = createBilling({ now: () => 1, journal: ${JSON.stringify(path)} })
  billing.openLine({ msisdn: '13800138000', billing: 'prepaid', balance: 10n ** 12n })
  const content = { msisdn: '+8613800138000', amount: 1n, merchantId: '6021', goods: '-', merchantName: 'M', description: '-' }
  for (let n = 1; ; n += 1) {
    const id = 'CH20260912' + String(n).padStart(10, '0')
    billing.reserve(id, content)
    billing.commit(id)
    process.stdout.write(id + '\\n')
    if (n % 50 === 0) await new Promise((resolve) => setImmediate(resolve))
  }`

test('a process killed while it charges has lost no charge it told of', async () => {
  const path = join(folder, 'killed.jsonl')
  const running = spawn(
    process.execPath,
    ['--import', 'tsx', '--input-type=module', '-e', child(path)],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  )
  const told: string[] = []
  for await (const id of createInterface({ input: running.stdout })) {
    told.push(id)
    if (told.length === 500) running.kill('SIGKILL')
  }
  expect(told.length).toBeGreaterThanOrEqual(500)
  const billing = createBilling({ now: () => 1, journal: path })
  // The last line heard may itself be torn by the kill.
  for (const id of told.filter((one) => one.length === 20))
    expect(billing.query(id)).toMatchObject({ ok: true, value: { status: 'committed' } })
  const committed = billing.charges().filter(({ status }) => status === 'committed')
  expect(billing.lineView('+8613800138000')?.balance).toBe(
    String(10n ** 12n - BigInt(committed.length)),
  )
  billing.close()
})
