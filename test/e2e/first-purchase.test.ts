/** What a newcomer does first, in a real browser against the real demo. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ask, type Demo, hasBrowser, openBrowser, openPage, startDemo } from './demo-server.ts'

const desk = { width: 1440, height: 900 }
const phone = { width: 390, height: 844 }
const games = '1065800886021'

describe.skipIf(!hasBrowser)('in Chromium', () => {
  let demo: Demo
  let browser: Awaited<ReturnType<typeof openBrowser>>
  beforeAll(async () => {
    demo = await startDemo()
    browser = await openBrowser()
  }, 90_000)
  afterAll(async () => {
    await browser?.close()
    await demo?.close()
  })
  const send = (from: string, to: string, text: string) =>
    ask(demo, `/simulator/handsets/${from}/messages`, { to, text })
  const advance = (duration: string) => ask(demo, '/simulator/clock', { advance: duration })

  test('a text, a price, a yes, a receipt: seen on the phone, in the shop and in the ledger', async () => {
    const { page, context, complaints } = await openPage(browser, demo, '/demo', desk)
    await send('13800138000', games, '100')
    await page.getByText('回复Y确认').first().waitFor()
    await send('13800138000', games, 'Y')
    await page.getByText('已付10.00元').first().waitFor()
    await page.getByText('payment.delivered').first().waitFor()
    await page.getByText('89.80').first().waitFor()
    expect(await page.getByText('已完成').count()).toBeGreaterThan(0)
    expect(complaints).toEqual([])
    await context.close()
  })

  test('the smartphone buys a book with an amount, typed and answered on the page', async () => {
    const { page, context, complaints } = await openPage(browser, demo, '/demo', desk)
    await page.getByLabel('收件人').fill('1065800886022')
    await page.getByPlaceholder('短信内容').fill('12.5')
    await page.keyboard.press('Enter')
    await page.getByText('购书，12.50元').first().waitFor()
    await page.getByPlaceholder('短信内容').fill('Y')
    await page.keyboard.press('Enter')
    await page.getByText('已付12.50元').first().waitFor()
    expect(complaints).toEqual([])
    await context.close()
  })

  test('a suspended line is told why, and nothing is charged', async () => {
    await send('13700137000', games, '100')
    const { page, context } = await openPage(browser, demo, '/demo', phone)
    await page.getByText('商户', { exact: true }).first().click()
    await page.getByText('号码已停机').first().waitFor()
    expect(await page.getByText('未通过，未扣款').count()).toBeGreaterThan(0)
    await context.close()
  })

  const buyOnPage = async () => {
    const { url } = await ask<{ url: string }>(demo, '/demo/shop', {
      merchantId: '6021',
      product: '100',
    })
    return openPage(browser, demo, new URL(url).pathname, phone)
  }

  test('the payment page turns to paid by itself when the phone answers', async () => {
    await advance('PT5M')
    const { page, context, complaints } = await buyOnPage()
    await page.getByRole('textbox').first().fill('13800138000')
    await page.keyboard.press('Enter')
    await page.getByText('请用手机回复短信').waitFor()
    await page.getByText('点卡10元，10.00元').first().waitFor()
    await send('13800138000', '1065800880001', 'Y')
    await page.getByText('付好了').waitFor()
    expect(complaints).toEqual([])
    await context.close()
  })

  test('while the carrier says nothing the page says where the money is, and never to try again', async () => {
    await advance('PT5M')
    const { page, context } = await buyOnPage()
    await page.getByRole('textbox').first().fill('13900139000')
    await page.keyboard.press('Enter')
    await page.getByText('请用手机回复短信').waitFor()
    await ask(demo, '/demo/network', { carrier: 'silent' })
    await send('13900139000', '1065800880001', 'Y')
    await page.getByText('钱在哪里').waitFor()
    expect(await page.getByText('再试').count()).toBe(0)
    await ask(demo, '/demo/network', { carrier: 'normal' })
    await advance('PT1M')
    await page.getByText('付好了').waitFor()
    await context.close()
  }, 60_000)

  test('a day later yesterday’s statement is there, and its sum is right', async () => {
    const before = new Date((await ask<{ now: number }>(demo, '/simulator/clock')).now)
    const day = new Intl.DateTimeFormat('sv-SE', { timeZone: 'Asia/Shanghai' }).format(before)
    await advance('P1D')
    const { page, context } = await openPage(browser, demo, '/demo?lang=en', desk)
    await page.getByText(day).first().waitFor()
    const closed = async () => (await fetch(`${demo.url}/demo/statements/6021/${day}`)).text()
    await expect.poll(closed, { timeout: 20_000 }).toContain(',0000,ok')
    expect(await closed()).toContain(`TRADEDETAIL-END,6021,${day.replaceAll('-', '')},3,3000`)
    await context.close()
  })
})
