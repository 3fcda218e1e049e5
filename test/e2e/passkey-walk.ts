/** A passkey on a phone: made in the app, and a payment confirmed with it, after a no. */
import type { CDPSession, Page } from 'playwright-core'
import { expect } from 'vitest'
import { isNarrow, lookInHand, picture } from './looks.ts'

interface Plugged {
  readonly cdp: CDPSession
  readonly authenticatorId: string
}

/** From the home screen and back to it. */
export async function passkeyThrough(page: Page, typePin: () => Promise<void>): Promise<Plugged> {
  const cdp = await page.context().newCDPSession(page)
  await cdp.send('WebAuthn.enable')
  const { authenticatorId } = await cdp.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      ...{ protocol: 'ctap2', transport: 'internal', hasResidentKey: true },
      ...{ hasUserVerification: true, isUserVerified: true, automaticPresenceSimulation: true },
    },
  })
  await page.getByRole('link', { name: '我的' }).click()
  await page.getByRole('link', { name: /通行密钥/ }).click()
  await page.getByRole('button', { name: '添加通行密钥' }).click()
  await page.getByText('输入 6 位支付密码').waitFor()
  await typePin()
  await page.getByText('可代替支付密码确认付款').waitFor()
  await page.getByRole('link', { name: '首页' }).click()
  return { cdp, authenticatorId }
}

/** The sheet that pays 28.60. */
export async function confirmByPasskey(page: Page, { cdp, authenticatorId }: Plugged) {
  const confirm = page.getByRole('button', { name: /^用通行密钥确认.*28\.60$/ })
  await confirm.waitFor()
  await lookInHand(page, 'pay-passkey')
  const view = page.viewportSize()
  await page.setViewportSize({ width: 360, height: 740 })
  expect(await isNarrow(page)).toBe(true)
  await picture(page, 'pay-passkey-360')
  if (view) await page.setViewportSize(view)

  // Another finger: the browser says no, nothing is paid, and the PIN is there.
  await cdp.send('WebAuthn.setUserVerified', { authenticatorId, isUserVerified: false })
  await confirm.press('Enter')
  await page.getByText('没有用通行密钥确认').waitFor()
  await page.getByText('输入 6 位支付密码').waitFor()
  await lookInHand(page, 'pay-passkey-dismissed')
  await cdp.send('WebAuthn.setUserVerified', { authenticatorId, isUserVerified: true })
  await confirm.press('Enter')
}
