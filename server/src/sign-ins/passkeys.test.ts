import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createAuthenticator, type Lie } from '../../../test/authenticator.ts'
import { engines } from '../../../test/database.ts'
import { minute, openSignInStage, origin, type SignInStage } from '../../test/sign-in-stage.ts'
import { changeStatus } from '../subscribers/index.ts'
import { passkeysMax } from './passkeys.ts'
import type { Session } from './session.ts'

const refusal = 'passkey_refused'

describe.each(engines)('passkeys (%s)', (engine) => {
  let stage: SignInStage
  beforeAll(async () => {
    stage = await openSignInStage(engine)
  })
  afterAll(() => stage.close())

  async function customer() {
    const msisdn = await stage.newNumber()
    const { session } = await stage.signedIn(msisdn)
    return { msisdn, session }
  }
  async function made(
    session: Session,
    authenticator = createAuthenticator(origin),
    lie: Lie = {},
  ) {
    const { challenge, options } = await stage.passkeys.registrationOptions(session, {
      withPin: true,
    })
    const response = authenticator.create(options, lie)
    const kept = await stage.passkeys.register(session, { challenge, response })
    return { authenticator, kept, challenge, response }
  }
  async function signIn(authenticator: ReturnType<typeof createAuthenticator>, lie: Lie = {}) {
    const { challenge, options } = await stage.passkeys.signInOptions()
    const response = authenticator.get(options, lie)
    return stage.passkeys.signIn({ challenge, response, device: 'Safari · iPhone' })
  }

  test('a device that was signed in makes a passkey, and signs in with it without number and code', async () => {
    const { msisdn, session } = await customer()
    const { authenticator, kept } = await made(session)
    expect(kept).toMatchObject({
      value: { credentialId: authenticator.credentialId, msisdn, transports: ['internal'] },
    })
    const begun = await signIn(authenticator)
    expect(begun).toMatchObject({ value: { session: { msisdn, method: 'passkey' } } })
    expect(begun.ok && (await stage.lasts(begun.value.token))).toBe(true)
    expect(await signIn(authenticator)).toMatchObject({ ok: true })
  })

  test('what asks for a passkey says nothing of the number', async () => {
    const { msisdn, session } = await customer()
    const { options } = await stage.passkeys.registrationOptions(session, { withPin: true })
    const told = `${JSON.stringify(options)} ${Buffer.from(options.user.id, 'base64url')}`
    expect(told).not.toContain(msisdn.slice(3))
    const { options: signing } = await stage.passkeys.signInOptions()
    expect(Object.keys(JSON.parse(JSON.stringify(signing))).toSorted()).toEqual([
      ...['challenge', 'rpId', 'timeout', 'userVerification'],
    ])
  })

  const lies: readonly (readonly [what: string, lie: Lie])[] = [
    ['another address', { origin: 'https://wallet.example.evil.example' }],
    ['the same name without TLS', { origin: 'http://wallet.example' }],
    ['another party', { rpId: 'evil.example' }],
    ['another challenge', { challenge: 'A'.repeat(43) }],
    ['an owner who did not show that it was he', { isUnverified: true }],
    ['a signature for something else', { type: 'webauthn.payment' }],
  ]
  test.each(lies)('%s: neither makes a passkey nor signs in', async (_, lie) => {
    const { session } = await customer()
    expect((await made(session, undefined, lie)).kept).toMatchObject({ refusal })
    const { authenticator } = await made(session)
    expect(await signIn(authenticator, lie)).toMatchObject({ refusal })
    expect(await signIn(authenticator)).toMatchObject({ ok: true })
  })

  test('a challenge is answered once, in five minutes, by the session that it was made for', async () => {
    const { session } = await customer()
    const { session: stranger } = await customer()
    // One that does not count: only the challenge says that it was answered before.
    const uncounted = createAuthenticator(origin, { counts: false })
    const { authenticator, challenge, response } = await made(session, uncounted)
    expect(await stage.passkeys.register(session, { challenge, response })).toMatchObject({
      refusal,
    })
    const other = createAuthenticator(origin)
    const asked = await stage.passkeys.registrationOptions(session, { withPin: true })
    const answer = { challenge: asked.challenge, response: other.create(asked.options) }
    expect(await stage.passkeys.register(stranger, answer)).toMatchObject({ refusal })
    expect(await stage.passkeys.register(session, answer)).toMatchObject({ ok: true })
    const signing = await stage.passkeys.signInOptions()
    const signed = {
      challenge: signing.challenge,
      response: authenticator.get(signing.options),
      device: 'x',
    }
    expect(await stage.passkeys.signIn(signed)).toMatchObject({ ok: true })
    expect(await stage.passkeys.signIn(signed)).toMatchObject({ refusal })
    const late = await stage.passkeys.signInOptions()
    const response2 = authenticator.get(late.options)
    stage.clock.advance(5 * minute + 1)
    expect(
      await stage.passkeys.signIn({ challenge: late.challenge, response: response2, device: 'x' }),
    ).toMatchObject({ refusal })
  })

  test('a copy of an authenticator that counts is found out; one that never counts signs in', async () => {
    const { session } = await customer()
    const { authenticator } = await made(session)
    await signIn(authenticator)
    for (const counter of [0, 1, 2])
      expect(await signIn(authenticator, { counter })).toMatchObject({ refusal })
    expect(await signIn(authenticator)).toMatchObject({ ok: true })
    const { authenticator: synchronised } = await made(
      session,
      createAuthenticator(origin, { counts: false }),
    )
    for (let i = 0; i < 3; i += 1) expect(await signIn(synchronised)).toMatchObject({ ok: true })
  })

  test('whatever is sent in place of an answer is no passkey', async () => {
    const { session } = await customer()
    const { authenticator } = await made(session)
    const { session: other } = await customer()
    const { authenticator: theirs } = await made(other)
    const unknown = createAuthenticator(origin)
    expect(await signIn(unknown)).toMatchObject({ refusal })
    for (const userHandle of ['', '_w', 'AA', '%%%', 'A'.repeat(2_000)])
      expect([userHandle, await signIn(authenticator, { userHandle })]).toMatchObject([
        userHandle,
        { refusal },
      ])
    const { challenge, options } = await stage.passkeys.signInOptions()
    // The signature of one with the name of the other.
    const response = { ...theirs.get(options), id: authenticator.credentialId }
    expect(await stage.passkeys.signIn({ challenge, response, device: 'x' })).toMatchObject({
      refusal,
    })
    for (const junk of [
      null,
      1,
      'x',
      [],
      {},
      { id: 'x' },
      { id: 'x', response: { userHandle: 'AAAA' } },
    ]) {
      const asked = await stage.passkeys.signInOptions()
      const told = await stage.passkeys.signIn({
        challenge: asked.challenge,
        response: junk,
        device: 'x',
      })
      expect([junk, told]).toMatchObject([junk, { refusal }])
      const making = await stage.passkeys.registrationOptions(session, { withPin: true })
      const kept = await stage.passkeys.register(session, {
        challenge: making.challenge,
        response: junk,
      })
      expect([junk, kept]).toMatchObject([junk, { refusal }])
    }
  })

  test('ten passkeys are enough; an authenticator is not asked for a second one', async () => {
    const { msisdn, session } = await customer()
    for (let i = 0; i < passkeysMax; i += 1) expect((await made(session)).kept.ok).toBe(true)
    expect((await made(session)).kept).toMatchObject({ refusal: 'too_many_passkeys' })
    const known = (await stage.passkeys.list(msisdn)).map(({ credentialId }) => credentialId)
    const { options } = await stage.passkeys.registrationOptions(session, { withPin: true })
    expect(options.excludeCredentials?.map(({ id }) => id)).toEqual(known)
    const [first = ''] = known
    expect(await stage.passkeys.remove((await customer()).session, first)).toBe(false)
    expect(await stage.passkeys.remove(session, first)).toBe(true)
    expect((await made(session)).kept.ok).toBe(true)
  })

  test('removed it signs in no more; other devices that it signed in are out, and its owner is told', async () => {
    const { msisdn, session } = await customer()
    const { authenticator } = await made(session)
    const { authenticator: other } = await made(session)
    const entered = async (by: typeof authenticator) => {
      const begun = await signIn(by)
      if (!begun.ok) throw new Error(begun.refusal)
      return begun.value
    }
    const [here, lost, elsewhere] = [
      await entered(authenticator),
      await entered(authenticator),
      await entered(other),
    ]
    const { credentialId } = authenticator
    const gone = () => stage.passkeys.remove(here.session, credentialId)
    expect([await gone(), await gone()]).toEqual([true, false])
    expect(await signIn(authenticator)).toMatchObject({ refusal })
    const tokens = [here, lost, elsewhere].map(({ token }) => stage.lasts(token))
    expect(await Promise.all(tokens)).toEqual([true, false, true])
    const left = (await stage.signIns.sessionsOf(msisdn)).map((one) => one.credentialId)
    expect(left.toSorted()).toEqual([other.credentialId, null, null])
    const told = stage.told.filter(({ to }) => to === msisdn).map(({ what }) => what)
    expect(told).toEqual(['made', 'made', 'removed'])
    expect(await stage.complaints()).toEqual([])
    await stage.db.transact((tx) =>
      tx.query('delete from sign_in_passkey where credential_id = $1', [other.credentialId]),
    )
    expect(await stage.complaints()).toEqual([expect.stringMatching(/its passkey was removed/)])
    expect(await stage.signIns.end(msisdn, elsewhere.session.id)).toBe(true)
    expect(await stage.complaints()).toEqual([])
  })

  test('a passkey outlives a change of SIM, and ends with the number', async () => {
    const { msisdn, session } = await customer()
    const { authenticator } = await made(session)
    await stage.db.transact((tx) => stage.signIns.endAll(tx, msisdn))
    expect(await signIn(authenticator)).toMatchObject({ ok: true })
    const close = (release: typeof stage.signIns.release) =>
      stage.db.transact((tx) =>
        changeStatus(tx, { msisdn, status: 'closed' }, { now: stage.clock.now(), release }),
      )
    await close(async () => {})
    expect(await stage.complaints()).toEqual([
      ...[expect.stringMatching(/^session /), expect.stringMatching(/^a passkey /)],
    ])
    expect(await signIn(authenticator)).toMatchObject({ refusal })
    await stage.db.transact((tx) => stage.signIns.release(tx, msisdn))
    expect(await stage.complaints()).toEqual([])
    expect(await stage.passkeys.list(msisdn)).toEqual([])
  })

  test.runIf(engine === 'postgres')(
    'one signature that comes twice at once signs in once',
    async () => {
      const { session } = await customer()
      const uncounted = createAuthenticator(origin, { counts: false })
      const { authenticator } = await made(session, uncounted)
      for (let round = 0; round < 5; round += 1) {
        const { challenge, options } = await stage.passkeys.signInOptions()
        const answer = { challenge, response: authenticator.get(options), device: 'x' }
        const doors = [stage.passkeys, stage.otherPasskeys]
        const all = await Promise.all(
          Array.from({ length: 8 }, (_, n) => doors[n % 2]?.signIn(answer)),
        )
        expect(all.filter((one) => one?.ok)).toHaveLength(1)
      }
    },
  )

  test.runIf(engine === 'postgres')(
    'who signs in beside the removal of the passkey is out, or was refused',
    async () => {
      for (let round = 0; round < 10; round += 1) {
        const { session } = await customer()
        const { authenticator } = await made(session)
        const { challenge, options } = await stage.otherPasskeys.signInOptions()
        const answer = { challenge, response: authenticator.get(options), device: 'x' }
        const [begun] = await Promise.all([
          stage.otherPasskeys.signIn(answer),
          stage.passkeys.remove(session, authenticator.credentialId),
        ])
        expect(begun.ok && (await stage.lasts(begun.value.token))).toBe(false)
      }
      expect(await stage.complaints()).toEqual([])
    },
  )

  test.runIf(engine === 'postgres')(
    'an authenticator and its copy, at once: one signs in',
    async () => {
      const { session } = await customer()
      const { authenticator } = await made(session)
      for (let counter = 10; counter < 15; counter += 1) {
        const doors = [stage.passkeys, stage.otherPasskeys]
        const answers = await Promise.all(
          doors.map(async (door) => {
            const { challenge, options } = await door.signInOptions()
            return { challenge, response: authenticator.get(options, { counter }), device: 'x' }
          }),
        )
        const all = await Promise.all(answers.map((answer, n) => doors[n]?.signIn(answer)))
        expect(all.filter((one) => one?.ok)).toHaveLength(1)
      }
    },
  )
})
