/** Passkeys as a browser makes them: Chromium with an authenticator that it plays itself. */
import type { CDPSession, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { choosePort } from '../../server/src/composition/port.ts'
import { type ConsumerStage, openConsumerStage } from '../../server/test/consumer-stage.ts'
import { hasBrowser, openBrowser } from './demo-server.ts'

describe.runIf(hasBrowser)('passkeys in Chromium', () => {
  let stage: ConsumerStage
  let browser: Awaited<ReturnType<typeof openBrowser>>
  let page: Page
  let cdp: CDPSession

  beforeAll(async () => {
    const port = await choosePort('127.0.0.1', 0)
    const origin = `http://localhost:${port}`
    stage = await openConsumerStage({ engine: 'pglite', origin })
    await stage.app.listen({ host: '127.0.0.1', port })
    browser = await openBrowser()
    page = await browser.newPage()
    await page.goto(`${origin}/docs`)
    cdp = await page.context().newCDPSession(page)
    await cdp.send('WebAuthn.enable')
  }, 60_000)
  afterAll(async () => {
    await browser?.close()
    await stage?.close()
  })

  const plugIn = async (isUserVerified: boolean) => {
    const { authenticatorId } = await cdp.send('WebAuthn.addVirtualAuthenticator', {
      options: {
        ...{ protocol: 'ctap2', transport: 'internal', hasResidentKey: true },
        ...{ hasUserVerification: true, isUserVerified, automaticPresenceSimulation: true },
      },
    })
    return authenticatorId
  }
  /** As the app's page does it (WebAuthn Level 3 §5.1.8, §5.1.10). */
  const parsers = { create: 'parseCreationOptionsFromJSON', get: 'parseRequestOptionsFromJSON' }
  const inPage = (act: keyof typeof parsers, options: object): Promise<object> =>
    page.evaluate(`(async () => {
      const publicKey = PublicKeyCredential.${parsers[act]}(${JSON.stringify(options)})
      return (await navigator.credentials.${act}({ publicKey })).toJSON()
    })()`)

  test('a passkey is made by a device that was signed in, and signs in without number and code', async () => {
    const { msisdn } = await stage.newCustomer()
    const device = await stage.signIn(msisdn)
    const authenticatorId = await plugIn(true)
    const making = (await device.post('/passkeys/options', {})).body
    const made = await device.post('/passkeys', {
      id: making.id,
      response: await inPage('create', making.options),
    })
    expect(made.status).toBe(201)
    for (let round = 0; round < 2; round += 1) {
      const { id, options } = (await stage.send('POST', '/sessions/options')).body
      const body = { id, response: await inPage('get', options) }
      const entered = await stage.send('POST', '/sessions/passkey', { body })
      expect([entered.status, entered.body]).toEqual([201, (await device.get('/me')).body])
    }
    // Who finds the device open, and is not its owner.
    await cdp.send('WebAuthn.setUserVerified', { authenticatorId, isUserVerified: false })
    const { options } = (await stage.send('POST', '/sessions/options')).body
    await expect(inPage('get', options)).rejects.toThrow(/NotAllowedError/)
    await cdp.send('WebAuthn.removeVirtualAuthenticator', { authenticatorId })
  })

  test('the browser offers no second passkey on the same authenticator', async () => {
    const device = await stage.signIn((await stage.newCustomer()).msisdn)
    const authenticatorId = await plugIn(true)
    const first = (await device.post('/passkeys/options', {})).body
    const response = await inPage('create', first.options)
    expect((await device.post('/passkeys', { id: first.id, response })).status).toBe(201)
    const second = (await device.post('/passkeys/options', {})).body
    await expect(inPage('create', second.options)).rejects.toThrow(/InvalidStateError/)
    await cdp.send('WebAuthn.removeVirtualAuthenticator', { authenticatorId })
  })
})
