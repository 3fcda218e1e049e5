import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { engines } from '../../../test/database.ts'
import { day, minute, openSignInStage, type SignInStage } from '../../test/sign-in-stage.ts'
import { type Msisdn, Secret } from '../kernel/index.ts'
import { changeStatus, simChanged } from '../subscribers/index.ts'
import { signInInvariants } from './index.ts'

describe.each(engines)('signing in (%s)', (engine) => {
  let stage: SignInStage
  beforeAll(async () => {
    stage = await openSignInStage(engine)
  })
  afterAll(() => stage.close())

  test('a code in a text signs a device in, and is used up by it', async () => {
    const msisdn = await stage.newNumber()
    expect(await stage.ask(msisdn)).toEqual({ ok: true })
    expect(stage.sent.get(msisdn)).toMatchObject([{ to: msisdn, minutes: 5, language: 'zh' }])
    const begun = await stage.enter(msisdn)
    if (!begun.ok) throw new Error(begun.refusal)
    expect(begun.value.session).toMatchObject({
      msisdn,
      device: 'Chrome · Android',
      method: 'code',
    })
    expect(await stage.signIns.sessionOf(begun.value.token)).toEqual(begun.value.session)
    expect(await stage.enter(msisdn)).toMatchObject({ refusal: 'too_late' })
    stage.clock.advance(minute)
  })

  test('neither the code nor the token can be read from the database', async () => {
    const msisdn = await stage.newNumber()
    await stage.ask(msisdn)
    const code = stage.codeOf(msisdn).reveal()
    const codes = await stage.db.query<{ row: string }>(
      'select c::text as row from sign_in_code c where msisdn = $1',
      [msisdn],
    )
    expect(codes).toHaveLength(1)
    expect(codes[0]?.row.split(/[(,)]/)).not.toContain(code)
    const begun = await stage.enter(msisdn)
    const rows = await stage.db.query<{ row: string }>(
      'select s::text as row from sign_in_session s',
    )
    const secret = begun.ok ? (begun.value.token.reveal().split('.')[1] ?? '') : ''
    expect(secret).toHaveLength(43)
    expect(rows.filter(({ row }) => row.includes(secret))).toEqual([])
    stage.clock.advance(minute)
  })

  test('five tries, five minutes, one code at a time', async () => {
    const msisdn = await stage.newNumber()
    await stage.ask(msisdn)
    for (let tries = 1; tries <= 5; tries += 1)
      expect(await stage.enter(msisdn, stage.wrongFor(msisdn))).toMatchObject({
        refusal: 'code_wrong',
      })
    expect(await stage.enter(msisdn)).toMatchObject({ refusal: 'no_tries_left' })
    stage.clock.advance(minute)
    const first = stage.codeOf(msisdn)
    await stage.ask(msisdn)
    expect(await stage.enter(msisdn, first)).toMatchObject({ refusal: 'code_wrong' })
    stage.clock.advance(5 * minute + 1)
    expect(await stage.enter(msisdn)).toMatchObject({ refusal: 'too_late' })
    await stage.ask(msisdn)
    stage.clock.advance(5 * minute)
    expect(await stage.enter(msisdn)).toMatchObject({ ok: true })
  })

  test('wrong codes are counted with those of purchases: the tenth locks the number', async () => {
    const msisdn = await stage.newNumber()
    for (let round = 0; round < 2; round += 1) {
      await stage.ask(msisdn)
      for (let tries = 0; tries < 5; tries += 1) await stage.enter(msisdn, stage.wrongFor(msisdn))
      stage.clock.advance(minute)
    }
    await stage.ask(msisdn)
    expect(await stage.enter(msisdn)).toMatchObject({ refusal: 'codes_locked' })
  })

  test('one code a minute, five an hour, whoever asks', async () => {
    const msisdn = await stage.newNumber()
    for (let asked = 1; asked <= 5; asked += 1) {
      expect(await stage.ask(msisdn)).toEqual({ ok: true })
      expect(await stage.ask(msisdn)).toMatchObject({ refusal: { waitMs: minute } })
      stage.clock.advance(minute)
    }
    expect(await stage.ask(msisdn)).toMatchObject({ refusal: { waitMs: 55 * minute } })
  })

  test('a number that is not ours is answered like one that is, at every step', async () => {
    const [ours, foreign] = [await stage.newNumber(), await stage.newNumber(false)]
    const answers = async (msisdn: Msisdn) => {
      const first = [
        await stage.enter(msisdn, new Secret('000000')),
        await stage.ask(msisdn),
        await stage.ask(msisdn),
      ]
      const tries = []
      for (let i = 0; i < 6; i += 1) tries.push(await stage.enter(msisdn, stage.wrongFor(msisdn)))
      return [...first, ...tries]
    }
    expect(await answers(foreign)).toEqual(await answers(ours))
    stage.clock.advance(minute)
    await stage.ask(foreign)
    expect(await stage.enter(foreign)).toMatchObject({ refusal: 'code_wrong' })
    const rows = await stage.db.query('select from sign_in_session where msisdn = $1', [foreign])
    expect(rows).toEqual([])
  })

  test('a session ends after a week of silence, and after 90 days whatever is done with it', async () => {
    const msisdn = await stage.newNumber()
    const idle = await stage.signedIn(msisdn)
    stage.clock.advance(7 * day - 2 * minute)
    expect(await stage.lasts(idle.token)).toBe(true)
    stage.clock.advance(7 * day)
    expect(await stage.lasts(idle.token)).toBe(false)
    const busy = await stage.signedIn(msisdn)
    for (let days = 1; days < 90; days += 1) {
      stage.clock.advance(day)
      expect([days, await stage.lasts(busy.token)]).toEqual([days, true])
    }
    stage.clock.advance(day)
    expect(await stage.lasts(busy.token)).toBe(false)
    expect(await stage.signIns.sessionsOf(msisdn)).toEqual([])
  })

  test('a device sees the others of its number, and ends those alone', async () => {
    const [msisdn, stranger] = [await stage.newNumber(), await stage.newNumber()]
    const [old, young, other] = [
      await stage.signedIn(msisdn),
      await stage.signedIn(msisdn),
      await stage.signedIn(stranger),
    ]
    const listed = await stage.signIns.sessionsOf(msisdn)
    expect(listed.map(({ id }) => id)).toEqual([young.session.id, old.session.id])
    expect(await stage.signIns.end(msisdn, other.session.id)).toBe(false)
    expect(await stage.signIns.end(msisdn, 'x')).toBe(false)
    expect(await stage.signIns.end(msisdn, old.session.id)).toBe(true)
    expect(await stage.signIns.end(msisdn, old.session.id)).toBe(false)
    expect(await Promise.all([old, young, other].map(({ token }) => stage.lasts(token)))).toEqual([
      false,
      true,
      true,
    ])
  })

  test('a token that was tampered with is nobody’s', async () => {
    const { token, session } = await stage.signedIn(await stage.newNumber())
    const [, secret = ''] = token.reveal().split('.')
    for (const forged of [
      '',
      secret,
      `${session.id}.`,
      `${session.id}.${'a'.repeat(43)}`,
      `${session.id}.${secret}.`,
      `${session.id.toUpperCase()}.${secret}`,
      `01890000-0000-7000-8000-000000000001.${secret}`,
      `x'.${secret}`,
    ])
      expect([forged, await stage.lasts(new Secret(forged))]).toEqual([forged, false])
    expect(await stage.lasts(token)).toBe(true)
  })

  test('another SIM ends every session and the code under way; so does giving the number up', async () => {
    const msisdn = await stage.newNumber()
    const devices = [await stage.signedIn(msisdn), await stage.signedIn(msisdn)]
    await stage.ask(msisdn)
    const at = stage.clock.now()
    const change = () =>
      stage.db.transact((tx) =>
        simChanged(tx, { msisdn, at }, { now: at, signOut: stage.signIns.endAll }),
      )
    await change()
    for (const { token } of devices) expect(await stage.lasts(token)).toBe(false)
    expect(await stage.enter(msisdn)).toMatchObject({ refusal: 'too_late' })
    stage.clock.advance(minute)
    const after = await stage.signedIn(msisdn)
    await change()
    expect(await stage.lasts(after.token)).toBe(true)
    expect(await stage.complaints()).toEqual([])
    await stage.db.transact((tx) =>
      changeStatus(
        tx,
        { msisdn, status: 'closed' },
        { now: stage.clock.now(), release: stage.signIns.release },
      ),
    )
    expect(await stage.lasts(after.token)).toBe(false)
    expect(await stage.complaints()).toEqual([])
  })

  test('verify finds a session that outlived its SIM, and one of a number that was given up', async () => {
    const [swapped, closed] = [await stage.newNumber(), await stage.newNumber()]
    await stage.signedIn(swapped)
    await stage.signedIn(closed)
    const now = stage.clock.now()
    const undo = new Error('undo')
    const attempt = stage.db.transact(async (tx) => {
      await simChanged(tx, { msisdn: swapped, at: now }, { now, signOut: async () => {} })
      await changeStatus(tx, { msisdn: closed, status: 'closed' }, { now, release: async () => {} })
      const found = []
      for (const { name, check } of signInInvariants) found.push([name, (await check(tx)).offences])
      expect(found).toEqual([
        ['sessions_are_of_live_numbers', 1n],
        ['sessions_end_with_the_sim', 1n],
        ['sessions_end_with_their_passkey', 0n],
        ['passkeys_are_of_live_numbers', 0n],
      ])
      throw undo
    })
    await expect(attempt).rejects.toBe(undo)
  })

  test('a person has twenty devices; the one longest silent makes room', async () => {
    const msisdn = await stage.newNumber()
    const devices = []
    for (let i = 0; i < 21; i += 1) {
      devices.push(await stage.signedIn(msisdn))
      stage.clock.advance(3 * 3_600_000)
      await stage.lasts(devices[0]?.token ?? new Secret(''))
    }
    const left = (await stage.signIns.sessionsOf(msisdn)).map(({ id }) => id)
    expect(left).toHaveLength(20)
    expect(left).not.toContain(devices[1]?.session.id)
    expect(left).toContain(devices[0]?.session.id)
  })

  test('what serves nobody any more is forgotten', async () => {
    const msisdn = await stage.newNumber()
    await stage.signedIn(msisdn)
    await stage.ask(msisdn)
    stage.clock.advance(8 * day)
    await stage.db.transact((tx) => stage.signIns.tidy(tx, stage.clock.now()))
    for (const table of ['sign_in_session', 'sign_in_code', 'code_sends'])
      expect([table, await stage.db.query(`select from ${table}`)]).toEqual([table, []])
  })
})
