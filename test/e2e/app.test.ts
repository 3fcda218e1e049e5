/** The app in a real browser, on the real demo: signing in, looking, sending, taking back, and the statement. */
import { readFile } from 'node:fs/promises'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ask, type Demo, hasBrowser, openBrowser, openPage, startDemo } from './demo-server.ts'
import { confirmByPasskey, passkeyThrough } from './passkey-walk.ts'
import { picture } from './pictures.ts'
import { openFromPage, scanEveryWay } from './scanning.ts'

const number = '13900139000'
const pin = '258036'
const phone = { width: 390, height: 844 }

interface State {
  readonly lines: readonly {
    readonly msisdn: string
    readonly messages: readonly { readonly text: string }[]
  }[]
}

describe.runIf(hasBrowser)('the app', () => {
  let demo: Demo
  let browser: Browser

  beforeAll(async () => {
    demo = await startDemo({ host: 'localhost' })
    browser = await openBrowser()
    await ask(demo, '/demo/customers', {})
  }, 60_000)
  afterAll(async () => {
    await browser?.close()
    await demo?.close()
  })

  async function newestCode(): Promise<string> {
    const state = await ask<State>(demo, '/demo/state')
    const line = state.lines.find(({ msisdn }) => msisdn.endsWith(number))
    const codes =
      line?.messages.flatMap(({ text }) => /^(?!银行)\D*(\d{6})\b/.exec(text)?.[1] ?? []) ?? []
    return codes.at(-1) ?? ''
  }

  async function type(page: Page, digits: string) {
    for (const digit of digits) await page.keyboard.press(digit)
  }

  /** Nothing of the page is wider than the page. */
  const isNarrow = (page: Page) =>
    page.evaluate('document.documentElement.scrollWidth <= document.documentElement.clientWidth')

  /** It needs no PIN; a slip of the finger is told as such. */
  async function useVoucher(page: Page) {
    const { code } = await ask<{ code: string }>(demo, '/demo/top-up-vouchers', {})
    await page.getByRole('link', { name: '首页' }).click()
    await page.getByRole('link', { name: '充值', exact: true }).first().click()
    await page.getByRole('radio', { name: '充值卡' }).check()
    const digits = page.getByLabel('充值卡密码')
    const use = page.getByRole('button', { name: '充值', exact: true })
    await digits.fill(`${(Number(code[0]) + 1) % 10}${code.slice(1)}`)
    await use.click()
    await page.getByText('应为16位数字').waitFor()
    await digits.fill(code)
    expect(await digits.inputValue()).toBe(code.replace(/(\d{4})(?=\d)/g, '$1 '))
    await page.setViewportSize({ width: 360, height: 740 })
    expect(await isNarrow(page)).toBe(true)
    await picture(page, 'voucher')
    await page.setViewportSize(phone)
    await use.click()
    await page.getByRole('heading', { name: '充值成功' }).waitFor()
    await picture(page, 'voucher-used')
  }

  test('a number signs in with the code that it was texted, sends, takes back, and sees it all', async () => {
    const { page, context, complaints } = await openPage(browser, demo, '/app', phone)
    await page.getByLabel('手机号').fill(number)
    await picture(page, 'sign-in')
    await page.getByRole('button', { name: '获取验证码' }).click()
    await page.getByLabel('6 位验证码').waitFor()
    await expect.poll(newestCode).toMatch(/^\d{6}$/)
    await page.getByLabel('6 位验证码').fill(await newestCode())
    await page.getByRole('button', { name: '登录', exact: true }).click()
    await page.getByText('500.00').first().waitFor()
    expect(await isNarrow(page)).toBe(true)
    await picture(page, 'home')

    await page.getByRole('link', { name: '转账' }).first().click()
    await expect.poll(() => page.title()).toBe('转账 · Telepurse 钱包')
    await page.getByLabel('对方手机号').fill('13800138000')
    await page.getByRole('button', { name: '下一步' }).click()
    await page.getByText('对方还没有钱包').waitFor()
    const give = page.getByRole('button', { name: '转账', exact: true })
    await page.getByLabel('金额').fill('500.01')
    await page.getByText('超过可用余额 500.00').waitFor()
    expect(await give.isDisabled()).toBe(true)
    await page.getByLabel('金额').fill('12')
    await picture(page, 'transfer')
    await give.click()
    await page.getByText('输入 6 位支付密码').waitFor()
    await type(page, '111222')
    await page.getByText('支付密码错误').waitFor()
    await picture(page, 'pay')
    await type(page, pin)
    await page.getByRole('heading', { name: '等对方领取' }).waitFor()
    await picture(page, 'transferred')

    await page.getByRole('link', { name: '首页' }).click()
    await page.getByText('488.00').first().waitFor()
    await page.getByRole('link', { name: '提现', exact: true }).first().click()
    // What one came by is gone: a reader goes on from the name of the screen.
    await page
      .getByRole('heading', { name: '提现', level: 1 })
      .and(page.locator(':focus'))
      .waitFor()
    await page.getByLabel('金额').fill('488')
    await page.getByText('加上手续费，超过可用余额 488.00').waitFor()
    expect(await page.getByRole('button', { name: '下一步' }).isDisabled()).toBe(true)
    await page.getByRole('button', { name: '返回' }).click()
    await page.getByRole('link', { name: '充值', exact: true }).first().click()
    await page.getByLabel('金额').fill('100')
    await page.getByRole('button', { name: '下一步' }).click()
    await page.getByText('输入 6 位支付密码').waitFor()
    expect(await page.locator('form dialog').count()).toBe(0)
    await type(page, pin)
    await page.getByRole('heading', { name: '充值成功' }).waitFor()
    await picture(page, 'topped-up')

    await page.getByRole('link', { name: '卡包' }).first().click()
    await page.getByRole('link', { name: '信用卡账单' }).click()
    await page.getByText('还没有这张卡的账单').waitFor()
    await picture(page, 'no-bill')
    await page.getByText('录入账单').click()
    const day = (offset: number) =>
      new Date(Date.now() + offset * 86_400_000).toISOString().slice(0, 10)
    await page.getByLabel('账单日').fill(day(-2))
    await page.getByLabel('到期日').fill(day(18))
    await page.getByLabel('金额').fill('800')
    await page.getByRole('button', { name: '保存' }).click()
    // From the balance no more than there is; a debit card knows its own.
    const repay = page.getByRole('button', { name: '还款', exact: true })
    await page.getByText('超过可用余额 588.00').waitFor()
    expect(await repay.isDisabled()).toBe(true)
    await picture(page, 'bill-over')
    await page.getByRole('form', { name: '还款' }).getByLabel('金额').fill('80')
    await expect.poll(() => repay.isEnabled()).toBe(true)
    expect(await isNarrow(page)).toBe(true)
    await picture(page, 'bill')
    await page.getByRole('radio', { name: '全额' }).click()
    await page.getByText('输入 6 位支付密码').waitFor()
    await type(page, pin)
    await expect.poll(() => page.getByRole('radio', { name: '全额' }).isChecked()).toBe(true)
    await page.getByRole('button', { name: '还款', exact: true }).click()
    await page.getByText('输入 6 位支付密码').waitFor()
    await type(page, pin)
    await page.getByRole('heading', { name: '已到银行卡' }).waitFor()
    await picture(page, 'repaid')

    await page.getByRole('link', { name: '账单', exact: true }).first().click()
    await page.getByText('12.00').first().waitFor()
    await picture(page, 'statement')
    await page.getByRole('button', { name: '充值提现' }).click()
    await page.getByLabel('下载').click()
    await page.getByRole('link', { name: 'PDF' }).waitFor()
    // A file of what is listed.
    const [file] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('link', { name: 'CSV' }).click(),
    ])
    const csv = await readFile(await file.path(), 'utf8')
    expect(csv).toContain('"+100.00"')
    expect(csv).not.toContain('"-12.00"')
    await page.getByRole('button', { name: '全部' }).click()
    await page.getByLabel('下载').click()
    await page.getByRole('link', { name: 'PDF' }).waitFor()
    await page.keyboard.press('Escape')
    await page.getByRole('link', { name: 'PDF' }).waitFor({ state: 'hidden' })
    await page.getByRole('link', { name: /转账待领取/ }).click()
    await page.getByRole('link', { name: '查看进展' }).click()
    await page.getByRole('heading', { name: '等对方领取' }).waitFor()
    await page.getByRole('link', { name: '账单', exact: true }).first().click()
    expect(await isNarrow(page)).toBe(true)
    await page.getByRole('link', { name: '我的' }).click()
    await page.getByRole('heading', { name: '余额支付额度' }).waitFor()
    await picture(page, 'me')

    await useVoucher(page)

    // What was paid at a shop can be divided: never more than was paid.
    await page.evaluate(`fetch('/consumer/payments', {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-telepurse': 'app' },
      body: JSON.stringify({ merchant: '6021', what: { product: '100' }, key: crypto.randomUUID() }),
    })`)
    await page.getByRole('link', { name: '账单', exact: true }).first().click()
    await page.getByRole('link', { name: /星游/ }).click()
    await page.getByRole('link', { name: '一起 AA' }).click()
    expect(await page.getByLabel('总金额').inputValue()).toBe('10.00')
    await page.getByLabel('总金额').fill('10.01')
    await page.getByText('这笔付款最多还能分 10.00。').waitFor()
    // The next bill of it starts with what others do not owe already.
    const bill = page.url()
    await page.getByLabel('总金额').fill('6')
    await page.getByLabel('对方手机号').fill('13800138000')
    await page.getByRole('button', { name: '添加' }).click()
    await page.getByRole('button', { name: /去掉/ }).waitFor()
    await page.getByRole('button', { name: '发出邀请' }).click()
    await page.getByRole('button', { name: '提醒 1 人' }).waitFor()
    await page.evaluate(`history.pushState(null, '', ${JSON.stringify(bill)})`)
    await page.getByText('已分给别人').waitFor()
    expect(await page.getByLabel('总金额').inputValue()).toBe('7.00')
    expect(await isNarrow(page)).toBe(true)
    await picture(page, 'split-left')
    await page.getByRole('link', { name: '首页' }).click()

    await page.getByRole('link', { name: '付款码', exact: true }).click()
    await page.getByRole('img', { name: '付款二维码' }).waitFor()
    await picture(page, 'code')
    await page.getByRole('button', { name: '查看数字' }).click()
    const code = async () =>
      ((await page.getByText(/^76\d\d \d{4} /).textContent()) ?? '').replace(/\D/g, '')
    const used = await code()
    await ask(demo, '/demo/scans', { merchantId: '6022', code: used, amount: '1200' })
    await page.getByRole('heading', { name: '付款成功' }).waitFor()
    await picture(page, 'scanned')
    // Opened anew it shows a code, and not what was paid before.
    const opened = page.goto(`${demo.url}/app/code`)
    await Promise.all([page.waitForResponse(/\/consumer\/events/), opened])
    await page.getByRole('button', { name: '查看数字' }).click()
    const next = await code()
    expect(next).not.toBe(used)
    // Without the network the code is made all the same.
    await context.setOffline(true)
    await page.getByRole('button', { name: '换一个' }).click()
    await expect.poll(code).not.toBe(next)
    const offline = await code()
    expect(offline).not.toBe(used)
    await context.setOffline(false)
    await ask(demo, '/demo/scans', { merchantId: '6022', code: offline, amount: '25000' })
    await page.getByRole('heading', { name: '收银台等你确认' }).waitFor()
    await picture(page, 'asked')
    await type(page, pin)
    await page.getByRole('heading', { name: '付款成功' }).waitFor()

    const authenticator = await passkeyThrough(page, () => type(page, pin))
    const order = { merchantId: '6022', amount: '2860' }
    const qr = await ask<{ text: string; svg: string }>(demo, '/demo/qr-codes', order)
    await page.getByRole('link', { name: '首页' }).click()
    await scanEveryWay(page, { ...qr, shows: '28.60' })
    expect(await isNarrow(page)).toBe(true)
    await picture(page, 'pay-order')
    await page.getByRole('button', { name: '付款', exact: true }).click()
    await confirmByPasskey(page, authenticator)
    await page.getByRole('heading', { name: '付款成功' }).waitFor()
    await page.getByRole('link', { name: '一起 AA' }).waitFor()

    // Of an order that is more than there is, the card is offered first.
    const dear = await ask<{ text: string }>(demo, '/demo/qr-codes', { ...order, amount: '30000' })
    const [, pageId] = /([\da-f]{8}-[\da-f-]{27})/.exec(dear.text) ?? []
    await openFromPage(context, `${demo.url}/pay/${pageId}`)

    await page.setViewportSize({ width: 1280, height: 800 })
    await page.getByRole('link', { name: '首页' }).click()
    await page.getByText('257.30').first().waitFor()
    await picture(page, 'home-1280')
    await page.setViewportSize({ width: 360, height: 740 })
    await page.emulateMedia({ colorScheme: 'dark' })
    await page.getByRole('button', { name: 'Switch to English' }).click()
    await page.getByRole('heading', { name: 'Pockets' }).waitFor()
    expect(await isNarrow(page)).toBe(true)
    await picture(page, 'home-en-dark-360')

    await page.getByRole('link', { name: 'Me', exact: true }).first().click()
    await page.getByRole('button', { name: 'Sign out' }).click()
    await page.getByLabel('Mobile number').waitFor()
    expect(await page.evaluate('localStorage.getItem("telepurse.app.balance")')).toBeNull()
    // Before and after, nobody is signed in, and the browser notes each such answer.
    expect(complaints.filter((one) => !/status of (401|403|409|422)/.test(one))).toEqual([])
    await context.close()
  }, 60_000)

  test('a bill is looked up and paid; while nobody knows its end it says so, and turns by itself', async () => {
    const { page, context, complaints } = await openPage(browser, demo, '/app', phone)
    const before = await newestCode()
    // A number is sent a code once a minute.
    await ask(demo, '/simulator/clock', { advance: 'PT61S' })
    await page.getByLabel('手机号').fill(number)
    await page.getByRole('button', { name: '获取验证码' }).click()
    await expect.poll(newestCode).not.toBe(before)
    await page.getByLabel('6 位验证码').fill(await newestCode())
    await page.getByRole('button', { name: '登录', exact: true }).click()
    await page.getByRole('link', { name: /生活缴费/ }).click()
    await page.getByRole('link', { name: /电费/ }).waitFor()
    expect(await isNarrow(page)).toBe(true)
    await picture(page, 'billers')

    await page.getByRole('link', { name: /话费充值/ }).click()
    await page.getByLabel('手机号').fill(number)
    await page.getByRole('button', { name: '查询' }).click()
    await page.getByLabel('金额').fill('500')
    await page.getByText('超过可用余额 257.30').waitFor()
    expect(await page.getByRole('button', { name: '缴费', exact: true }).isDisabled()).toBe(true)
    await picture(page, 'bill-more')
    await page.getByRole('button', { name: '返回' }).click()

    await page.getByRole('link', { name: /电费/ }).click()
    await page.getByLabel('户号').fill('0012345679')
    await page.getByRole('button', { name: '查询' }).click()
    await page.getByText('暂无欠费').waitFor()
    await page.getByLabel('户号').fill('0012345678')
    await page.getByRole('button', { name: '查询' }).click()
    await page.getByText('86.40').first().waitFor()
    await picture(page, 'bill-due')
    await ask(demo, '/simulator/billers/faults', { kind: 'pays_and_drops_link', verb: 'pay' })
    await ask(demo, '/simulator/billers/faults', { kind: 'http_500', verb: 'query' })
    await page.getByRole('button', { name: '缴费', exact: true }).click()
    // The number has a passkey, and the PIN is one tap away.
    await page.getByRole('button', { name: '改用支付密码' }).click()
    await page.getByText('输入 6 位支付密码').waitFor()
    await type(page, pin)
    await page.getByRole('heading', { name: '销账结果确认中' }).waitFor()
    await page.getByText('不需要。请勿重复缴费。').waitFor()
    await picture(page, 'bill-unknown')
    await fetch(`${demo.url}/simulator/billers/faults`, { method: 'DELETE' })
    await ask(demo, '/simulator/clock', { advance: 'PT5M' })
    await page.getByRole('heading', { name: '缴费成功' }).waitFor()
    await page.getByText('R00000001').waitFor()
    await page.getByLabel('备注名').fill('家里')
    await page.getByRole('button', { name: '保存' }).click()
    await page.getByText('已存为常用户号').waitFor()
    await picture(page, 'bill-paid')
    await page.getByRole('button', { name: '返回' }).click()
    await page.getByRole('link', { name: /家里/ }).waitFor()
    expect(await isNarrow(page)).toBe(true)
    expect(complaints.filter((one) => !/status of (401|403|409)/.test(one))).toEqual([])
    await context.close()
  }, 60_000)
})
