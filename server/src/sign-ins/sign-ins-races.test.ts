/** Two processes on one database: what many do at once with one number. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { engines } from '../../../test/database.ts'
import { minute, openSignInStage, type SignInStage } from '../../test/sign-in-stage.ts'
import { changeStatus, simChanged } from '../subscribers/index.ts'

describe.runIf(engines.includes('postgres'))('signing in from two processes', () => {
  let stage: SignInStage
  beforeAll(async () => {
    stage = await openSignInStage('postgres')
  })
  afterAll(() => stage.close())

  test('a code that many guess at once has five tries', async () => {
    const msisdn = await stage.newNumber()
    await stage.ask(msisdn)
    const guesses = await Promise.all(
      Array.from({ length: 40 }, (_, n) =>
        stage.enter(msisdn, stage.wrongFor(msisdn), stage.door(n)),
      ),
    )
    const said = guesses.map((one) => (one.ok ? 'in' : one.refusal))
    expect(said.filter((one) => one === 'code_wrong')).toHaveLength(5)
    expect(said.filter((one) => one === 'no_tries_left')).toHaveLength(35)
    stage.clock.advance(minute)
  })

  test('a code that many bring at once begins one session', async () => {
    const msisdn = await stage.newNumber()
    await stage.ask(msisdn)
    const tries = await Promise.all(
      Array.from({ length: 40 }, (_, n) =>
        stage.enter(msisdn, stage.codeOf(msisdn), stage.door(n)),
      ),
    )
    expect(tries.filter(({ ok }) => ok)).toHaveLength(1)
    expect(await stage.signIns.sessionsOf(msisdn)).toHaveLength(1)
    stage.clock.advance(minute)
  })

  test('many who ask at once ring the telephone once', async () => {
    const msisdn = await stage.newNumber()
    const asked = await Promise.all(
      Array.from({ length: 20 }, (_, n) => stage.door(n).askCode({ to: msisdn, language: 'zh' })),
    )
    expect(asked.filter(({ ok }) => ok)).toHaveLength(1)
    stage.clock.advance(minute)
  })

  test('who signs in beside a change of SIM is out, or proved the number after it', async () => {
    for (let round = 0; round < 10; round += 1) {
      const msisdn = await stage.newNumber()
      await stage.ask(msisdn)
      const now = stage.clock.now()
      const [begun] = await Promise.all([
        stage.enter(msisdn, stage.codeOf(msisdn), stage.door(1)),
        stage.db.transact((tx) =>
          simChanged(tx, { msisdn, at: now }, { now, signOut: stage.signIns.endAll }),
        ),
      ])
      expect(begun.ok && (await stage.lasts(begun.value.token))).toBe(false)
    }
    expect(await stage.complaints()).toEqual([])
  })

  test('who signs in beside the closing of the number is out', async () => {
    for (let round = 0; round < 10; round += 1) {
      const msisdn = await stage.newNumber()
      await stage.ask(msisdn)
      const given = { now: stage.clock.now(), release: stage.signIns.release }
      const [begun] = await Promise.all([
        stage.enter(msisdn, stage.codeOf(msisdn), stage.door(1)),
        stage.db.transact((tx) => changeStatus(tx, { msisdn, status: 'closed' }, given)),
      ])
      expect(begun.ok && (await stage.lasts(begun.value.token))).toBe(false)
    }
    expect(await stage.complaints()).toEqual([])
  })
})
