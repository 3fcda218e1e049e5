/** The demo's business hall: what its clerk and its supervisor do on their pages, put into words. */
import type { Browser, Page } from 'playwright-core'
import { expect } from 'vitest'
import { ask, type Demo, openPage, type View } from './demo-server.ts'
import { expectFocus, tabBackTo, tabTo } from './keyboard.ts'
import { pictures } from './pictures.ts'

export const patienceMs = 30_000

export interface Card {
  readonly pan: string
  readonly pin: string
}

export interface Owner {
  readonly name: string
  readonly number: string
}

export interface Hall {
  readonly demo: Demo
  readonly browser: Browser
}

type Login = '0417' | '0901' | '0801'

async function open({ browser, demo }: Hall, view: View) {
  const opened = await openPage(browser, demo, '/counter#demo', view)
  opened.page.setDefaultTimeout(patienceMs)
  return opened
}

/** A code of an authenticator counts once: that of a later moment is a fresh one. */
export async function freshCode(demo: Demo, login: Login): Promise<string> {
  await ask(demo, '/simulator/clock', { advance: 'PT1M' })
  const { people } = await ask<{ people: { login: string; code: string }[] }>(demo, '/demo/hall')
  return people.find((one) => one.login === login)?.code ?? ''
}

export async function signIn(hall: Hall, login: Login, view: View) {
  const opened = await open(hall, view)
  const { page } = opened
  await freshCode(hall.demo, login)
  await page.getByRole('button', { name: login }).click()
  await expect.poll(() => page.getByLabel('动态码').inputValue()).toMatch(/^\d{6}$/)
  await page.getByLabel('动态码').press('Enter')
  await page.locator('#msisdn:focus').waitFor()
  return opened
}

export async function findCustomer(page: Page, number: string): Promise<void> {
  await page.keyboard.press('Alt+n')
  await page.locator('#msisdn:focus').waitFor()
  await page.keyboard.type(number)
  await page.keyboard.press('Enter')
  await page.getByRole('button', { name: /^下一位/ }).waitFor()
}

export async function fillDocument(page: Page, owner: Owner): Promise<void> {
  await page.getByLabel('姓名').fill(owner.name)
  await page.getByLabel('身份证号').fill(owner.number)
}

/** The slip of the act that has just been done, as a printer gets it, in a tab of its own. */
export async function printSlip(page: Page): Promise<void> {
  let paper = ''
  await page.route('**/prints', async (route) => {
    const response = await route.fetch()
    paper = (await response.body()).toString('latin1')
    await route.fulfill({ response })
  })
  const opened = page.context().waitForEvent('page')
  await page.getByRole('button', { name: /^打印凭条/ }).press('Enter')
  const tab = await opened
  expect(tab.url()).toMatch(/^blob:/)
  expect(paper).toMatch(/^%PDF-/)
  await tab.close()
}

/** Opens a wallet and binds its first card, and never touches the mouse. */
export async function bindByKeys(
  hall: Hall,
  { number, owner, card }: { number: string; owner: Owner; card: Card },
): Promise<void> {
  const { page, context } = await open(hall, { width: 1280, height: 800 })
  await page.locator('#login:focus').waitFor()
  await pictures(page, 'sign-in')
  await tabBackTo(page, '主管 0901', '柜员 0417')
  await page.keyboard.press('Enter')
  await expect.poll(() => page.getByLabel('动态码').inputValue()).toMatch(/^\d{6}$/)
  await tabTo(page, '主管 0901', '工号', '密码', '动态码')
  await page.keyboard.press('Enter')
  await expectFocus(page, '手机号')
  await pictures(page, 'find')
  await page.keyboard.type(number)
  await page.keyboard.press('Enter')
  await page.getByText('号码还没有实名登记').first().waitFor()
  await pictures(page, 'customer-new')
  await page.keyboard.press('Alt+2')
  await expectFocus(page, '姓名')
  await page.keyboard.type(owner.name)
  await tabTo(page, '身份证号')
  await page.keyboard.type(owner.number)
  await page.getByText('首次登记').waitFor()
  await tabTo(page, '客户已阅读并同意')
  await page.keyboard.press('Space')
  await pictures(page, 'open')
  await tabTo(page, '提交开户')
  await page.keyboard.press('Enter')
  await page.getByText('钱包已开户').waitFor()
  await pictures(page, 'open-done')

  await page.keyboard.press('Alt+3')
  await expectFocus(page, '卡号')
  await tabBackTo(page, '身份证号', '姓名')
  await tabTo(page, '身份证号', '卡号')
  await page.keyboard.type(card.pan)
  await page.getByText('可以绑定').waitFor()
  await tabTo(page, '银行预留的是别的手机号', '卡密码')
  await page.keyboard.type(card.pin)
  await tabTo(page, '客户已阅读并同意')
  await page.keyboard.press('Space')
  await pictures(page, 'bind')
  await tabTo(page, '提交绑定')
  await page.keyboard.press('Enter')
  await page.getByText('银行卡已绑定').waitFor()
  await expectFocus(page, '打印凭条')
  await pictures(page, 'bind-done')
  await printSlip(page)
  await context.close()
}

/** Goes to a bound card's form and gives what its owner has brought. */
export async function fillRebinding(
  page: Page,
  given: { number: string; owner: Owner; bound: string; card: Card },
): Promise<void> {
  await findCustomer(page, given.number)
  await page.getByText('需重新绑定').first().waitFor()
  await pictures(page, 'customer-rebind')
  await page.keyboard.press('Alt+4')
  await pictures(page, 'cards')
  await page.getByRole('button', { name: new RegExp(`^换绑 .*${given.bound.slice(-4)}`) }).click()
  await fillDocument(page, given.owner)
  await fillCard(page, given.card)
  // The owner is looked up meanwhile: until then there is nothing to submit.
  await page.locator('button:enabled', { hasText: '提交换绑' }).waitFor()
  await pictures(page, 'rebind')
}

export async function fillCard(page: Page, card: Card): Promise<void> {
  await page.getByLabel('卡号').fill(card.pan)
  await page.getByLabel('卡密码').fill(card.pin)
  await page.getByText('可以绑定').waitFor()
}

/** Asks a second person for what stands on the form, and goes on with the next. */
export async function askSecondPerson(page: Page, screen: string, reason: string): Promise<void> {
  await page.keyboard.press(`Alt+${screen}`)
  await page.getByLabel('原因').fill(reason)
  await page.keyboard.press('Control+Enter')
  const dialog = page.getByRole('dialog')
  await dialog.waitFor()
  await pictures(page, `asking-${screen}`)
  await dialog.getByRole('button').last().click()
  await page.getByText('的主管复核。').waitFor()
  await pictures(page, `waiting-${screen}`)
}

/** A supervisor looks into what waits and agrees to all of it, each with a code of its own. */
export async function agreeToAll(hall: Hall, page: Page, count: number): Promise<void> {
  await page.keyboard.press('Alt+1')
  await page.keyboard.press('Alt+0')
  await expect
    .poll(() => page.getByRole('button', { name: '同意', exact: true }).count(), {
      timeout: patienceMs,
    })
    .toBe(count)
  await pictures(page, `approvals-${count}`)
  for (let left = count; left > 0; left -= 1) {
    await page.getByRole('button', { name: '同意', exact: true }).first().click()
    await page.getByLabel('你的动态码').fill(await freshCode(hall.demo, '0901'))
    await page.keyboard.press('Enter')
    await page.getByLabel('你的动态码').waitFor({ state: 'detached' })
  }
}

/** Turns to an act put aside once it has come to where its name says. */
export async function turnTo(page: Page, act: string, state: string): Promise<void> {
  const strip = page.getByRole('region', { name: '挂起的业务' })
  await strip.getByRole('button', { name: new RegExp(`${act}.*${state}`) }).click()
}

export async function openTill(page: Page) {
  await page.keyboard.press('Alt+9')
  await page.getByLabel('台号').fill('3')
  await page.getByLabel('100.00 元的张数').fill('20')
  await pictures(page, 'till-open')
  await page.getByRole('button', { name: '开钱箱' }).click()
  await page.getByText('应有现金').waitFor()
}

/** All that is in the wallet, against its PIN. */
export async function payOut(page: Page, other: { owner: Owner; pin: string }) {
  await page.keyboard.press('Alt+8')
  await pictures(page, 'close-with-balance')
  await page.getByRole('button', { name: '去取现' }).click()
  await page.getByText('现金取出').click()
  await page.getByLabel('金额（元）').fill('500')
  await fillDocument(page, other.owner)
  await page.getByLabel('支付密码').fill(other.pin)
  await pictures(page, 'cash-out')
  await page.keyboard.press('Control+Enter')
  await page.getByRole('dialog').waitFor()
  await pictures(page, 'cash-out-asking')
  await page.keyboard.press('Enter')
  await page.getByText('已从钱包扣除').waitFor()
  await pictures(page, 'cash-out-done')
}

/** Ten too few, and then what was paid out comes back from the bank. */
export async function endShift(page: Page, agree: () => Promise<void>) {
  await page.keyboard.press('Alt+9')
  await page.getByLabel('100.00 元的张数').fill('14')
  await page.getByLabel('10.00 元的张数', { exact: true }).fill('9')
  await page.getByLabel('原因').fill('找零多付')
  await pictures(page, 'till-close')
  await page.getByRole('button', { name: '请主管复核' }).click()
  await page.getByRole('dialog').getByRole('button', { name: '请主管复核' }).click()
  await page.getByText('待复核', { exact: true }).waitFor()
  await pictures(page, 'till-close-waiting')
  await agree()
  await page.getByRole('button', { name: '关钱箱' }).click()
  await page.getByLabel('缴款单号').fill('JC-20261128-07')
  await page.getByText('付出多于收入').waitFor()
  await pictures(page, 'till-bank')
  await page.getByRole('button', { name: '请主管复核' }).click()
  await page.getByText('待复核', { exact: true }).waitFor()
  await agree()
  await page.getByRole('button', { name: '缴存', exact: true }).click()
  await page.getByLabel('缴款单号').waitFor({ state: 'detached' })
  await page.getByText('待缴存的现金').waitFor({ state: 'detached' })
}

/** What the second person has agreed to is done when its clerk turns to it. */
export async function goOnWith(page: Page, act: string): Promise<void> {
  await turnTo(page, act, '已同意')
  await pictures(page, 'agreed')
  await page.getByRole('button', { name: '继续办理' }).press('Enter')
}

/** One that is empty, which nobody else has to see. */
export async function closeWallet(page: Page): Promise<void> {
  await page.keyboard.press('Alt+8')
  await page.getByLabel('原因').fill('不再使用')
  expect(await page.getByText('需主管复核').count()).toBe(0)
  await pictures(page, 'close')
  await page.keyboard.press('Control+Enter')
  await page.getByRole('dialog').getByRole('button', { name: '销户' }).click()
  await page.getByText('钱包已销户').waitFor()
  await pictures(page, 'close-done')
}
