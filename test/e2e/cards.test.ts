/**
 * A bank card from the counter to the text message, over the real demo: a clerk binds it in a browser, the bank is
 * asked over its protocol, the handset gets the PIN, and from then on the phone pays.
 */
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ask, type Demo, hasBrowser, openBrowser, openPage, startDemo } from './demo-server.ts'

const number = '13800138000'
const pan = '9990010000000096215'
const bankPin = '246810'
const ownPin = '507214'
const desk = '10658008'
const patienceMs = 20_000

interface Message {
  readonly direction: 'sent' | 'received'
  readonly peer: string
  readonly text: string
}

describe.skipIf(!hasBrowser)('a bank card, from the counter to the text', () => {
  let demo: Demo
  let browser: Browser
  beforeAll(async () => {
    demo = await startDemo()
    browser = await openBrowser()
  }, 120_000)
  afterAll(async () => {
    await browser?.close()
    await demo?.close()
  })

  const inbox = async () => {
    const messages = await ask<Message[]>(demo, `/simulator/handsets/${number}/messages`)
    return messages.filter(({ direction }) => direction === 'received')
  }
  /** The newest text that fits, once it has come; of those before `after` none counts. */
  const received = async (fits: RegExp, after = 0): Promise<Message> => {
    let found: Message | undefined
    await expect
      .poll(
        async () => {
          found = (await inbox()).slice(after).findLast(({ text }) => fits.test(text))
          return found !== undefined
        },
        { timeout: patienceMs },
      )
      .toBe(true)
    return found as Message
  }
  /** Texts, and waits for the answer that fits. */
  const say = async (text: string, fits: RegExp, to = desk) => {
    const before = (await inbox()).length
    await ask(demo, `/simulator/handsets/${number}/messages`, { to, text })
    return received(fits, before)
  }
  const atBank = async () =>
    (await ask<{ balance: string }>(demo, `/simulator/banks/jiangcheng/cards/${pan}`)).balance

  async function document(page: Page) {
    await page.getByLabel('姓名').fill('林晚')
    await page.getByLabel('身份证号').fill('420106199108173716')
  }

  async function bindAtCounter() {
    const view = { width: 1440, height: 900 }
    const { page, context } = await openPage(browser, demo, '/counter#demo', view)
    page.setDefaultTimeout(patienceMs)
    await page.getByRole('button', { name: '柜员 0417' }).click()
    await expect.poll(() => page.getByLabel('动态码').inputValue()).toMatch(/^\d{6}$/)
    await page.getByLabel('动态码').press('Enter')
    await page.locator('#msisdn:focus').waitFor()
    await page.keyboard.type(number)
    await page.keyboard.press('Enter')
    await page.getByText('号码还没有实名登记').first().waitFor()
    await page.keyboard.press('Alt+2')
    await document(page)
    await page.keyboard.press('Control+Enter')
    await page.getByLabel('客户已阅读并同意').check()
    await page.keyboard.press('Control+Enter')
    await page.getByText('钱包已开户').waitFor()
    await page.keyboard.press('Alt+3')
    await page.getByLabel('卡号').fill(pan)
    await page.getByLabel('卡密码').fill(bankPin)
    await page.getByText('可以绑定').waitFor()
    await page.getByLabel('客户已阅读并同意').check()
    await page.keyboard.press('Control+Enter')
    await page.getByText('银行卡已绑定').waitFor()
    await context.close()
  }

  test('bound by a clerk, it tops up, pays, tells its balance and is paid to, all by text', async () => {
    await bindAtCounter()
    const [, initial = ''] = /初始密码(\d{6})/.exec((await received(/初始密码/)).text) ?? []
    await say('CZ100', /充值100.00元到钱包/)
    await say(initial, /初始密码不能付款/)
    await say(`GM${initial} ${ownPin}`, /支付密码已修改/)
    await say(ownPin, /尾号6215的卡充值100.00元，余额100.00元/)
    const question = await say('6021 100', /点卡10元，10.00元，江城银行卡尾号6215付/)
    await say(ownPin, /已付10.00元：星游 点卡10元，江城银行卡尾号6215/, question.peer)
    await say('YE', /查询江城银行卡尾号6215余额/)
    await say(ownPin, /钱包可用100.00元；江城银行卡尾号6215可用7890.00元/)
    await say('TXK50', /提现50.00元到江城银行卡尾号6215，手续费0.10元/)
    await say(ownPin, /提现50.00元，银行已付至尾号6215/)
    expect(await atBank()).toBe('794000')
    expect(await ask(demo, '/demo/verify', {})).toMatchObject({ failing: [] })
  }, 120_000)

  const fault = (kind: string, on: string) =>
    ask(demo, '/simulator/banks/jiangcheng/faults', { kind, on, pan })
  /** A shop's order, its page opened, the card chosen and the number given. */
  async function payByCard(view: { width: number; height: number }) {
    const order = { merchantId: '6021', product: '100' }
    const { url } = await ask<{ url: string }>(demo, '/demo/shop', order)
    const opened = await openPage(browser, demo, new URL(url).pathname, view)
    const { page } = opened
    page.setDefaultTimeout(patienceMs)
    const before = (await inbox()).length
    await page.getByRole('radio', { name: '银行卡' }).check()
    await fits(page)
    await page.getByRole('textbox').first().fill(number)
    await page.keyboard.press('Enter')
    await page.getByText('请用手机回复短信').waitFor()
    await fits(page)
    const question = await received(/点卡10元，10.00元，江城银行卡尾号6215付/, before)
    return { ...opened, question }
  }
  /** Nothing hangs over the edge. */
  async function fits(page: Page) {
    const root = 'document.documentElement'
    expect(await page.evaluate(`${root}.scrollWidth - ${root}.clientWidth`)).toBe(0)
  }

  test('a shop’s page, paid by card: the PIN goes by text, and the page turns to paid by itself', async () => {
    const { page, context, complaints, question } = await payByCard({ width: 1280, height: 900 })
    await say(ownPin, /已付10.00元：星游 点卡10元，江城银行卡尾号6215/, question.peer)
    await page.getByText('付好了').waitFor()
    await page.getByText('绑定的银行卡扣款').waitFor()
    await fits(page)
    expect(complaints).toEqual([])
    expect(await atBank()).toBe('793000')
    await context.close()
  }, 60_000)

  test('while the bank says nothing the page says where the money is, and later that nothing was taken', async () => {
    const { page, context, question } = await payByCard({ width: 390, height: 844 })
    await fault('approves_and_drops_link', 'purchase')
    await fault('drops_link', 'reversal')
    await ask(demo, `/simulator/handsets/${number}/messages`, { to: question.peer, text: ownPin })
    await page.getByText('钱在哪里').waitFor()
    await fits(page)
    expect(await page.getByText('再试').count()).toBe(0)
    await fetch(`${demo.url}/simulator/banks/jiangcheng/faults`, { method: 'DELETE' })
    // The bank is asked again at ever longer intervals, once its link is back.
    await expect
      .poll(
        async () => {
          await ask(demo, '/simulator/clock', { advance: 'PT10M' })
          return page.getByText('没有扣款').count()
        },
        { timeout: patienceMs, interval: 500 },
      )
      .toBe(1)
    await fits(page)
    expect(await atBank()).toBe('793000')
    await context.close()
  }, 60_000)

  test('a wrong PIN takes nothing, and a card that the bank has replaced says so until it is bound again', async () => {
    const question = await say('6021 100', /点卡10元，10.00元，江城银行卡尾号6215付/)
    await say('111213', /支付密码不正确，还可试4次/, question.peer)
    await fetch(`${demo.url}/simulator/banks/jiangcheng/cards/${pan}`, {
      method: 'PATCH',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ status: 'replaced' }),
    })
    await say(ownPin, /重新绑定/, question.peer)
    await say('6021 100', /信息已变更，请持证件和银行卡到营业厅重新绑定/)
    expect(await atBank()).toBe('793000')
  }, 60_000)
})
