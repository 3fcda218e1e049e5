/**
 * A bank card from the counter to the text message, over the real demo: a clerk binds it in a browser, the bank is
 * asked over its protocol, the handset gets the PIN, and from then on the phone pays.
 */
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  ask,
  type Demo,
  hasBrowser,
  openBrowser,
  openPage,
  seriousOf,
  startDemo,
} from './demo-server.ts'
import {
  agreeToAll,
  askSecondPerson,
  bindByKeys,
  closeWallet,
  endShift,
  fillCard,
  fillRebinding,
  findCustomer,
  goOnWith,
  type Hall,
  openTill,
  patienceMs,
  payOut,
  printSlip,
  signIn,
  turnTo,
} from './hall.ts'
import {
  givePoints,
  offerReward,
  openOperator,
  readInEnglish,
  setProgramme,
} from './operator-points.ts'
import { pictures } from './pictures.ts'

const number = '13800138000'
const owner = { name: '林晚', number: '420106199108173716' }
const card = { pan: '9990010000000096215', pin: '246810' }
const newCard = { pan: '9990010000000024688', pin: card.pin }
const other = {
  ...{ number: '13900139000', pin: '258036' },
  owner: { name: '陈禾', number: '11010519491231002X' },
}
const ownPin = '507214'
const desk = '10658008'
const wide = { width: 1280, height: 900 }
const phone = { width: 390, height: 844 }

interface Message {
  readonly direction: 'sent' | 'received'
  readonly peer: string
  readonly text: string
}

describe.skipIf(!hasBrowser)('a bank card, from the counter to the text', () => {
  let demo: Demo
  let browser: Browser
  let hall: Hall
  beforeAll(async () => {
    demo = await startDemo()
    browser = await openBrowser()
    hall = { demo, browser }
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
  const bank = '/simulator/banks/jiangcheng'
  const atBank = async () =>
    (await ask<{ balance: string }>(demo, `${bank}/cards/${card.pan}`)).balance
  const setStatus = async (pan: string, status: string) => {
    const answer = await fetch(`${demo.url}${bank}/cards/${pan}`, {
      method: 'PATCH',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ status }),
    })
    expect(answer.status).toBe(200)
  }
  const clearFaults = () => fetch(`${demo.url}${bank}/faults`, { method: 'DELETE' })
  const fault = (kind: string, on: string, pan = card.pan) =>
    ask(demo, `${bank}/faults`, { kind, on, pan })

  test('bound by a clerk, it tops up, pays, tells its balance and is paid to, all by text', async () => {
    await bindByKeys(hall, { number, owner, card })
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
    const { page, context, complaints, question } = await payByCard(wide)
    await say(ownPin, /已付10.00元：星游 点卡10元，江城银行卡尾号6215/, question.peer)
    await page.getByText('付好了').waitFor()
    await page.getByText('绑定的银行卡扣款').waitFor()
    await fits(page)
    expect(complaints).toEqual([])
    expect(await atBank()).toBe('793000')
    await context.close()
  }, 60_000)

  test('while the bank says nothing the page says where the money is, and later that nothing was taken', async () => {
    const { page, context, question } = await payByCard(phone)
    await fault('approves_and_drops_link', 'purchase')
    await fault('drops_link', 'reversal')
    await ask(demo, `/simulator/handsets/${number}/messages`, { to: question.peer, text: ownPin })
    await page.getByText('钱在哪里').waitFor()
    await fits(page)
    expect(await page.getByText('再试').count()).toBe(0)
    await clearFaults()
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
    await setStatus(card.pan, 'replaced')
    await say(ownPin, /重新绑定/, question.peer)
    await say('6021 100', /信息已变更，请持证件和银行卡到营业厅重新绑定/)
    expect(await atBank()).toBe('793000')
  }, 60_000)

  /** The card pays when it is asked for, and the bank knows. */
  async function paysAgain(tail: string) {
    const offer = new RegExp(`点卡10元，10.00元，江城银行卡尾号${tail}付`)
    const question = await say('6021 100', offer)
    await say(
      ownPin,
      new RegExp(`已付10.00元：星游 点卡10元，江城银行卡尾号${tail}`),
      question.peer,
    )
  }

  test('bound again on a phone: no for the old card, yes for the one that the bank has sent, which pays', async () => {
    const { page, context, complaints } = await signIn(hall, '0417', phone)
    await fillRebinding(page, { number, owner, bound: card.pan, card })
    await page.keyboard.press('Control+Enter')
    await page.getByRole('alert').getByText('BK-E05').waitFor()
    await pictures(page, 'rebind-refused')
    await ask(demo, `${bank}/cards/${card.pan}/replacement`, {
      ...{ pan: newCard.pan, expiry: '3112', cvn2: '654' },
    })
    await fillCard(page, newCard)
    await fits(page)
    await page.keyboard.press('Control+Enter')
    await page.getByText('银行卡已重新绑定').waitFor()
    await pictures(page, 'rebind-done')
    await fits(page)
    await printSlip(page)
    expect(seriousOf(complaints)).toEqual([])
    await context.close()
    await paysAgain(newCard.pan.slice(-4))
    expect(await atBank()).toBe('792000')
  }, 120_000)

  test('the operator says what earns points, what they buy, and gives some by hand with a second person', async () => {
    const { page, context, complaints } = await openOperator(hall, phone)
    await setProgramme(page)
    // It counts some seconds later.
    await ask(demo, '/simulator/clock', { advance: 'PT1M' })
    await paysAgain(newCard.pan.slice(-4))
    await offerReward(hall, page)
    await givePoints(hall, page, number)
    await readInEnglish(page)
    expect(seriousOf(complaints)).toEqual([])
    await context.close()
    expect(await ask(demo, '/demo/verify', {})).toMatchObject({ failing: [] })
  }, 120_000)

  test('while a bank is silent a clerk serves the next, who leaves; the till ends at the bank', async () => {
    await ask(demo, '/demo/customers', {})
    await setStatus(newCard.pan, 'replaced')
    const question = await say('6021 100', /点卡10元，10.00元，江城银行卡尾号4688付/)
    await say(ownPin, /重新绑定/, question.peer)
    await setStatus(newCard.pan, 'active')

    const clerk = await signIn(hall, '0417', wide)
    const { page } = clerk
    await openTill(page)
    await fillRebinding(page, { number, owner, bound: newCard.pan, card: newCard })
    await fault('drops_link', 'verification', newCard.pan)
    await page.keyboard.press('Control+Enter')
    await page.getByText('不要重复提交').waitFor()
    await clearFaults()
    await pictures(page, 'checking')
    await page.getByRole('button', { name: '挂起，先服务下一位' }).click()

    await findCustomer(page, other.number)
    await payOut(page, other)
    await askSecondPerson(page, '6', '忘记密码')
    await askSecondPerson(page, '7', '卡已丢失')
    const chief = await signIn(hall, '0901', wide)
    await agreeToAll(hall, chief.page, 2)
    await goOnWith(page, '重置支付密码')
    await page.getByText('支付密码已重置').waitFor()
    await closeWallet(page)
    await goOnWith(page, '换卡登记')
    await page.getByText('换卡已登记').waitFor()
    await page.keyboard.press('Alt+1')
    await page.getByText('换卡保护').waitFor()
    await pictures(page, 'customer-closed')

    await endShift(page, () => agreeToAll(hall, chief.page, 1))
    await chief.page.keyboard.press('Alt+9')
    await chief.page.getByText('已缴存').waitFor()
    await pictures(chief.page, 'office-tills')
    await turnTo(page, '换绑银行卡', '已办结')
    await page.getByText('银行卡已重新绑定').waitFor()
    await paysAgain('4688')
    expect(await ask(demo, '/demo/verify', {})).toMatchObject({ failing: [] })
    expect(seriousOf([...clerk.complaints, ...chief.complaints])).toEqual([])
    await clerk.context.close()
    await chief.context.close()
  }, 180_000)
})
