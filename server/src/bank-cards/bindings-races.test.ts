/** Several at once, on PostgreSQL: a card becomes one number's, and a number has no card too many. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { engines } from '../../../test/database.ts'
import { type BindingStage, bindingStage, no, panOf } from '../../test/bank/binding-stage.ts'
import { changeStatus } from '../subscribers/index.ts'
import type { VerifyAnswer } from './verification.ts'

describe.runIf(engines.includes('postgres'))('bindings at once', () => {
  let stage: BindingStage
  let serial = 0
  const pan = () => {
    serial += 1
    return panOf('999001', serial)
  }
  const phone = () => {
    serial += 1
    return stage.number(`+86136${String(serial).padStart(8, '0')}`, 'zhang')
  }
  const numbers = <Value>(count: number, make: () => Promise<Value>) =>
    Promise.all(Array.from({ length: count }, make))
  const verifyAll = (drafts: readonly { readonly id: string }[]) =>
    Promise.all(drafts.map(({ id }) => stage.bindings.verify(id, {})))
  const countOf = (answers: readonly VerifyAnswer[]) => {
    const counts: Record<string, number> = {}
    for (const answer of answers) {
      const said = 'refusal' in answer ? answer.refusal : answer.outcome
      counts[said] = (counts[said] ?? 0) + 1
    }
    return counts
  }

  beforeAll(async () => {
    stage = await bindingStage({ engine: 'postgres', poolMax: 8 })
  })
  afterAll(async () => {
    expect(await stage.complaints()).toEqual([])
    await stage.close()
  })

  test('eight numbers that bind one card: one has it, and the bank is asked once', async () => {
    for (let round = 0; round < 4; round += 1) {
      const card = pan()
      const phones = await numbers(8, phone)
      const drafts = await Promise.all(phones.map((one) => stage.draft(one, card)))
      const before = stage.asked.length
      expect(countOf(await verifyAll(drafts))).toEqual({ active: 1, bound_elsewhere: 7 })
      expect(stage.asked.length - before).toBe(1)
    }
  })

  test('eight cards of one number, of which the bank allows three', async () => {
    for (let round = 0; round < 4; round += 1) {
      const msisdn = await phone()
      const drafts = await numbers(8, () => stage.draft(msisdn, pan()))
      expect(countOf(await verifyAll(drafts))).toEqual({ active: 3, over_bank_maximum: 5 })
    }
  })

  test('one binding verified eight times at once asks the bank once', async () => {
    const draft = await stage.draft(await phone(), pan())
    const before = stage.asked.length
    // Held back until all have been let in or refused.
    let letGo = () => {}
    const all = new Promise<void>((resolve) => {
      letGo = resolve
    })
    stage.script.push(async () => {
      await all
      return { outcome: 'done', value: {} }
    })
    const asking = verifyAll(Array.from({ length: 8 }, () => draft))
    await expect.poll(() => stage.asked.length).toBe(before + 1)
    const later = await verifyAll([draft, draft])
    letGo()
    expect(countOf(later)).toEqual({ in_progress: 2 })
    const { active = 0, in_progress = 0 } = countOf(await asking)
    expect([active >= 1, active + in_progress]).toEqual([true, 8])
    expect(stage.asked.length - before).toBe(1)
  })

  test('wrong verifications of one card at once, by several numbers, are counted together', async () => {
    const card = pan()
    const phones = await numbers(6, phone)
    const drafts = await Promise.all(phones.map((one) => stage.draft(one, card)))
    stage.script.push(...Array.from({ length: 40 }, () => no('declined')))
    const before = stage.asked.length
    for (let round = 0; round < 5; round += 1) await verifyAll(drafts)
    expect(stage.asked.length - before).toBe(4)
    stage.script.length = 0
  })

  test('a number is released while its cards are being bound: none outlives it', async () => {
    const { bindings, db, clock } = stage
    for (let round = 0; round < 4; round += 1) {
      const msisdn = await phone()
      const drafts = await numbers(3, () => stage.draft(msisdn, pan()))
      const release = db.transact(async (tx) => {
        const release = async () => void (await bindings.release(tx, msisdn))
        await changeStatus(tx, { msisdn, status: 'closed' }, { now: clock.now(), release })
      })
      const begun = bindings.begin(stage.given(msisdn, pan()))
      await Promise.all([release, verifyAll(drafts), begun])
      expect(await bindings.cardsOf(db, msisdn)).toEqual([])
    }
  })
})
