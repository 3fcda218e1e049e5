/**
 * The app among several people in a real browser, over the app's API with a bank that does what the test says:
 * passkeys, a bill among four, red packets, requests, regular transfers, an outcome that nobody knows yet, the end of a
 * wallet. Each screen is looked at in both themes.
 */
import type { BrowserContext, CDPSession, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { choosePort } from '../../server/src/composition/port.ts'
import { type ConsumerStage, openConsumerStage, pin } from '../../server/test/consumer-stage.ts'
import { givePoints, offerReward } from '../points/given.ts'
import { collectFaceToFace } from './collecting.ts'
import { hasBrowser, openBrowser } from './demo-server.ts'
import { isNarrow, lookInHand, picture } from './looks.ts'

let stage: ConsumerStage
let browser: Awaited<ReturnType<typeof openBrowser>>
let origin: string
let page: Page
let cdp: CDPSession

beforeAll(async () => {
  if (!hasBrowser) return
  const port = await choosePort('127.0.0.1', 0)
  origin = `http://localhost:${port}`
  stage = await openConsumerStage({ engine: 'pglite', origin, pages: true })
  await stage.app.listen({ host: '127.0.0.1', port })
  browser = await openBrowser()
}, 60_000)
afterAll(async () => {
  await browser?.close()
  await stage?.close()
})

describe.runIf(hasBrowser)('passkeys in Chromium', () => {
  beforeAll(async () => {
    page = await browser.newPage()
    await page.goto(`${origin}/docs`)
    cdp = await page.context().newCDPSession(page)
    await cdp.send('WebAuthn.enable')
  }, 60_000)
  afterAll(() => page?.close())

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
    const making = (await device.post('/passkeys/options', { pin, key: stage.newKey() })).body
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
    const first = (await device.post('/passkeys/options', { pin, key: stage.newKey() })).body
    const response = await inPage('create', first.options)
    expect((await device.post('/passkeys', { id: first.id, response })).status).toBe(201)
    const second = (await device.post('/passkeys/options', { pin, key: stage.newKey() })).body
    await expect(inPage('create', second.options)).rejects.toThrow(/InvalidStateError/)
    await cdp.send('WebAuthn.removeVirtualAuthenticator', { authenticatorId })
  })
})

/** Somebody with a wallet. In a window of the own where one looks on. */
async function person(amount = 0n) {
  const customer = await stage.newCustomer(amount)
  return { ...customer, number: customer.msisdn.slice(3) }
}
type Person = Awaited<ReturnType<typeof person>>

/** What a page must not do. The browser notes refusals and a lost network besides, which are ours. */
const complaints: string[] = []
const isAnswer = (text: string) => /status of 4|ERR_INTERNET_DISCONNECTED/.test(text)

async function phoneOf({ msisdn }: Person) {
  const { cookie } = await stage.signIn(msisdn)
  const [name = '', value = ''] = cookie.split('=')
  const context = await browser.newContext({
    ...{ viewport: { width: 390, height: 844 }, locale: 'zh-CN', reducedMotion: 'reduce' },
  })
  await context.addCookies([{ name, value, url: origin }])
  const own = await context.newPage()
  own.on('pageerror', (error) => complaints.push(String(error)))
  own.on('console', (message) => {
    if (message.type() === 'error' && !isAnswer(message.text())) complaints.push(message.text())
  })
  // The server's day is not that of this machine.
  await own.clock.setFixedTime(stage.clock.now())
  await own.goto(`${origin}/app`)
  return { own, context }
}

/** As a link in the page would, without loading it anew. */
const go = (own: Page, path: string) =>
  own.evaluate(`history.pushState(null, '', ${JSON.stringify(`/app${path}`)})`)
const load = (own: Page, path: string) => own.goto(`${origin}/app${path}`)
/** `1234.56` */
const plain = (fen: bigint) => `${fen / 100n}.${String(fen % 100n).padStart(2, '0')}`
async function typePin(own: Page, digits = pin) {
  await own.getByText('输入 6 位支付密码').waitFor()
  await own.keyboard.type(digits)
}

describe.runIf(hasBrowser)('the app among several', () => {
  let host: Person
  let guests: Person[]
  let phone: Page
  let guest: Page
  const contexts: BrowserContext[] = []

  beforeAll(async () => {
    host = await person(400_00n)
    guests = [await person(300_00n), await person(300_00n), await person(0n)]
    const pages = []
    for (const one of [host, guests[0] as Person]) {
      const { own, context } = await phoneOf(one)
      contexts.push(context)
      pages.push(own)
    }
    ;[phone, guest] = pages as [Page, Page]
  }, 60_000)
  afterAll(async () => {
    for (const context of contexts) await context.close()
    expect(complaints).toEqual([])
  })

  test('a dinner is split among four to the fen: one pays, one says no, the rest is reminded and let off', async () => {
    await phone.getByRole('link', { name: '一起 AA' }).click()
    await lookInHand(phone, 'splits')
    await phone.getByRole('link', { name: '发起 AA' }).click()
    await phone.getByLabel('什么账').fill('老友火锅')
    await phone.getByLabel('总金额').fill('326.5')
    for (const { number } of guests) {
      await phone.getByLabel('对方手机号').fill(number)
      await phone.getByRole('button', { name: '添加' }).click()
      await phone.getByRole('button', { name: new RegExp(`去掉.*${number.slice(-4)}`) }).waitFor()
    }
    await phone.getByText('4 份相加 326.50，与账单相等。').waitFor()
    await phone.getByText('除不尽的 2 分由前 2 人各承担 1 分。').waitFor()
    await lookInHand(phone, 'split-new')
    await phone.getByRole('radio', { name: '各付各的' }).check()
    const [first] = await phone.getByLabel(/ 付$/).all()
    await first?.fill('400')
    await phone.getByText('各人相加已超过账单 73.50。').waitFor()
    await lookInHand(phone, 'split-over')
    await phone.getByRole('radio', { name: '平分' }).check()
    await phone.getByRole('button', { name: '发出邀请' }).click()
    await phone.getByRole('button', { name: '提醒 3 人' }).waitFor()

    await guest.reload()
    await guest.getByRole('heading', { name: '待你处理' }).waitFor()
    await lookInHand(guest, 'home-waiting')
    await guest.getByRole('link', { name: /老友火锅/ }).click()
    await guest.getByRole('button', { name: '付 81.63' }).waitFor()
    await lookInHand(guest, 'split-asked')
    await guest.getByRole('button', { name: '付 81.63' }).click()
    await typePin(guest)
    await guest.getByText('你已付清这一份。').waitFor()

    const splitId = phone.url().split('/').at(-1)
    const other = await stage.signIn((guests[1] as Person).msisdn)
    expect((await other.post(`/splits/${splitId}/decline`, {})).status).toBe(200)
    await phone.reload()
    await phone.getByRole('button', { name: '提醒 1 人' }).waitFor()
    await phone.getByText('81.63', { exact: true }).nth(2).waitFor()
    await lookInHand(phone, 'split')
    await phone.getByRole('button', { name: '结束收款' }).click()
    await phone.getByRole('dialog').getByRole('button', { name: '结束收款' }).click()
    await phone.getByText('已停止').waitFor()
    await phone.getByRole('button', { name: '退回' }).click()
    await typePin(phone)
    await phone.getByText('已退回').waitFor()
    expect(await stage.available(host.msisdn)).toBe(400_00n)
  }, 60_000)

  test('of a taxi that was refunded who paid reads how much, and who is asked pays no more', async () => {
    const paymentId = stage.newKey()
    stage.paid.set(`${host.msisdn}|${paymentId}`, 60_00n)
    const device = await stage.signIn(host.msisdn)
    const how = { mode: 'each', amount: '3000' }
    const people = guests.slice(0, 1).map(({ number }) => number)
    const body = { title: '打车', people, how, paymentId, key: stage.newKey() }
    const { id } = (await device.post('/splits', body)).body
    stage.refunded.set(paymentId, 45_00n)
    await load(phone, `/people/splits/${id}`)
    await phone.getByText('这笔付款已退回 45.00，实付 15.00。').waitFor()
    await lookInHand(phone, 'split-refunded')
    await load(guest, `/people/splits/${id}`)
    await guest.getByText('你这一份不用付了').waitFor()
    expect(await guest.getByRole('button', { name: /^付 / }).count()).toBe(0)
    await picture(guest, 'split-refunded-guest')
    expect((await device.post(`/splits/${id}/stop`, {})).status).toBe(200)
  })

  test('a red packet is filled, opened, and its parts are there for those who took one', async () => {
    await go(phone, '/people/packets/new')
    await phone.getByLabel('总金额').fill('400.01')
    await phone.getByLabel('个数').fill('4')
    await phone.getByText('超过可用余额 400.00').waitFor()
    const fill = phone.getByRole('button', { name: '塞钱进红包' })
    expect(await fill.isDisabled()).toBe(true)
    await phone.getByRole('radio', { name: '每人一样多' }).check()
    await phone.getByLabel('单个金额').fill('100.01')
    await phone.getByText('超过可用余额 400.00').waitFor()
    expect(await fill.isDisabled()).toBe(true)
    await picture(phone, 'packet-over')
    await phone.getByRole('radio', { name: '拼手气' }).check()
    await phone.getByLabel('总金额').fill('20')
    await phone.getByLabel('个数').fill('2')
    await phone.getByLabel('祝福语（可不填）').fill('周末愉快')
    await phone.getByText('共 20.00').waitFor()
    await lookInHand(phone, 'packet-new')
    await fill.click()
    await typePin(phone)
    await phone.getByText('已领 0 / 2 个').waitFor()
    await lookInHand(phone, 'packet-sent')
    await go(guest, new URL(phone.url()).pathname.replace('/app', ''))
    await guest.getByRole('button', { name: '拆开' }).waitFor()
    await lookInHand(guest, 'packet-closed')
    await guest.getByRole('button', { name: '拆开' }).click()
    await guest.getByText('你领到').waitFor()
    await lookInHand(guest, 'packet-opened')
    await phone.reload()
    await phone.getByText('已领 1 / 2 个').waitFor()
    await go(phone, '/people/packets')
    await phone.getByText('周末愉快').waitFor()
    await lookInHand(phone, 'packets')
  }, 60_000)

  test('somebody is asked for money and pays; one says no', async () => {
    const asks = async (memo: string, amount: string) => {
      await go(phone, '/people/requests/new')
      await phone.getByLabel('向谁收').fill((guests[0] as Person).number)
      await phone.getByLabel('金额').fill(amount)
      await phone.getByLabel('备注（可不填）').fill(memo)
      if (memo === '电影票') await lookInHand(phone, 'request-new')
      await phone.getByRole('button', { name: '发出收款请求' }).click()
      await phone.getByRole('button', { name: '撤回请求' }).waitFor()
    }
    await asks('电影票', '30')
    await go(guest, '')
    await guest.getByRole('link', { name: /请你付款/ }).click()
    await guest.getByText('电影票').waitFor()
    await lookInHand(guest, 'request')
    await guest.getByRole('button', { name: '付款', exact: true }).click()
    await typePin(guest)
    await guest.getByRole('link', { name: '查看转账' }).waitFor()
    await phone.getByRole('link', { name: '查看转账' }).waitFor()
    await asks('夜宵', '300')
    await go(guest, '/people/requests')
    await guest.getByRole('link', { name: /夜宵/ }).click()
    await guest.getByText(/超过可用余额 2/).waitFor()
    expect(await guest.getByRole('button', { name: '付款', exact: true }).isDisabled()).toBe(true)
    await lookInHand(guest, 'request-over')
    await guest.getByRole('button', { name: '谢绝' }).click()
    await guest.getByRole('dialog').getByRole('button', { name: '谢绝' }).click()
    await guest.getByRole('heading', { name: '已谢绝' }).waitFor()
    await go(phone, '/people/requests')
    await phone.getByText('已谢绝').waitFor()
    await lookInHand(phone, 'requests')
  }, 60_000)

  test('a payment code is read by a friend: a little is paid at once, more with the PIN', async () => {
    // The server's time has gone on since the pages were opened.
    for (const own of [phone, guest]) await own.clock.setFixedTime(stage.clock.now())
    await collectFaceToFace({ payer: guest, reader: phone, typePin, go })
  }, 60_000)

  test('a regular transfer is agreed to, listed and ended', async () => {
    await go(phone, '/people/standing/new')
    await phone.getByLabel('对方手机号').fill((guests[0] as Person).number)
    await phone.getByLabel('金额').fill('50')
    await phone.getByRole('radio', { name: '每周' }).check()
    await lookInHand(phone, 'standing-new')
    await phone.getByRole('button', { name: '下一步' }).click()
    await typePin(phone)
    await phone.getByText('进行中').waitFor()
    await lookInHand(phone, 'standing')
    await phone.getByRole('button', { name: '结束' }).click()
    await phone.getByRole('dialog').getByRole('button', { name: '结束' }).click()
    await phone.getByText('已结束').waitFor()
  }, 60_000)

  test('much to somebody new is offered late, and what one has chosen stays', async () => {
    await go(phone, '/transfer')
    await phone.getByLabel('对方手机号').fill(guests[0]?.number ?? '')
    await phone.getByRole('button', { name: '下一步' }).click()
    const late = phone.getByRole('radio', { name: '24小时后' })
    await phone.getByLabel('金额').fill('4999.99')
    expect(await late.isChecked()).toBe(false)
    await phone.getByLabel('金额').fill('5000')
    await phone.getByText('建议选24小时后到账').waitFor()
    expect(await late.isChecked()).toBe(true)
    await lookInHand(phone, 'transfer-much')
    await phone.getByRole('radio', { name: '立即到账' }).check()
    await phone.getByLabel('金额').fill('5001')
    expect(await late.isChecked()).toBe(false)
    await phone.getByRole('button', { name: '换人' }).click()
  }, 60_000)

  test('to a number without a wallet: said before, taken back after', async () => {
    const stranger = await stage.newNumber()
    await go(phone, '/transfer')
    await phone.getByLabel('对方手机号').fill(stranger.slice(3))
    await phone.getByRole('button', { name: '下一步' }).click()
    await phone.getByLabel('金额').fill('12')
    await phone.getByRole('button', { name: '转账', exact: true }).click()
    await phone.getByText('自动退回；之前可随时撤回').waitFor()
    await lookInHand(phone, 'transfer-unclaimed')
    // Done, its answer lost, and refused when it is asked for again: nobody here knows whether it was done.
    const keys: string[] = []
    await phone.route('**/consumer/transfers', async (route) => {
      keys.push(JSON.parse(route.request().postData() ?? '{}').key)
      if (keys.length === 1) await route.fetch()
      if (keys.length === 1) return route.abort('internetdisconnected')
      const problem = {
        type: 'about:blank',
        title: 'Busy',
        words: { zh: '请稍后再试', en: 'Busy' },
      }
      if (keys.length === 2) return route.fulfill({ status: 429, json: problem })
      return route.continue()
    })
    await typePin(phone)
    await phone.getByText('请稍后再试').waitFor()
    await typePin(phone)
    await phone.getByRole('heading', { name: '等对方领取' }).waitFor()
    expect(keys).toEqual(Array(3).fill(keys[0]))
    await phone.unroute('**/consumer/transfers')
    await lookInHand(phone, 'transferred-waiting')
    await phone.getByRole('button', { name: '撤回转账' }).click()
    await typePin(phone)
    await phone.getByRole('heading', { name: '已撤回' }).waitFor()
  }, 60_000)

  test('to somebody’s bank card: whose bank, what it costs, and the PIN', async () => {
    await go(phone, '/transfer')
    await phone.getByRole('link', { name: '转账到银行卡' }).click()
    await phone.getByLabel('银行卡号').fill('9990010000000096215')
    await phone.getByLabel('持卡人姓名').fill('林晚')
    // A cent below what there is: with the fee it is more.
    const all = (await stage.available(host.msisdn)) ?? 0n
    await phone.getByLabel('金额').fill(plain(all - 1n))
    await phone.getByText(/^加上手续费，超过可用余额/).waitFor()
    expect(await phone.getByRole('button', { name: '下一步' }).isDisabled()).toBe(true)
    await picture(phone, 'card-transfer-over')
    await phone.getByLabel('金额').fill('50')
    await phone.getByText('手续费 0.10，共扣 50.10').waitFor()
    await lookInHand(phone, 'card-transfer')
    await phone.getByRole('button', { name: '下一步' }).click()
    await phone.getByText('转给 林晚 江城银行 6215').waitFor()
    await lookInHand(phone, 'card-transfer-pin')
    await typePin(phone)
    await phone.getByRole('heading', { name: '已到银行卡' }).waitFor()
    await phone.getByText('转账到*晚的卡 6215').waitFor()
  }, 60_000)

  test('the order in which purses pay is the customer’s, changed with two buttons', async () => {
    await go(phone, '/sources')
    await phone.getByRole('button', { name: '话费上移' }).click()
    const rows = phone.getByRole('listitem')
    await phone.getByRole('listitem').nth(1).getByText('话费').waitFor()
    expect((await rows.allInnerTexts()).map((text) => text.replace(/\s/g, ''))).toEqual([
      '1钱包余额',
      '2话费',
      '3银行卡',
    ])
    await lookInHand(phone, 'sources')
    await load(phone, '/sources')
    await phone.getByRole('listitem').nth(1).getByText('话费').waitFor()
  }, 60_000)

  test('points are spent on a reward, whose code is there when it is asked for', async () => {
    for (const one of [host, guests[0] as Person]) await givePoints(stage, one, 1_280n)
    await offerReward(stage, 500n, ['TEA-8842-5507'], { zh: '热茶一杯', en: 'A cup of tea' })
    await offerReward(stage, 3_000n, 20n, { zh: '晴雨伞', en: 'Umbrella' })
    await go(phone, '/me')
    await phone.getByRole('link', { name: '积分 1,280' }).click()
    await phone.getByRole('button', { name: '兑换热茶一杯' }).waitFor()
    expect(await phone.getByRole('button', { name: '兑换晴雨伞' }).isDisabled()).toBe(true)
    await lookInHand(phone, 'points')
    await phone.getByRole('button', { name: '兑换热茶一杯' }).click()
    await lookInHand(phone, 'points-sheet')
    // Names on the left, values on the right.
    const widths = await phone.evaluate<number[]>(
      `[...document.querySelectorAll('.sheet .facts, .sheet .facts > div')].map((box) => box.clientWidth)`,
    )
    expect([widths.length, new Set(widths).size]).toEqual([3, 1])
    await phone.getByRole('button', { name: '确认兑换' }).click()
    await phone.getByRole('button', { name: '退回积分' }).waitFor()
    await phone.getByRole('button', { name: '查看兑换码' }).click()
    await phone.getByText('TEA-8842-5507').waitFor()
    await lookInHand(phone, 'points-code')
    await phone.getByRole('button', { name: '关闭' }).click()
    await phone.getByText('780', { exact: true }).first().waitFor()
    await phone.getByRole('link', { name: '兑换记录' }).click()
    await phone.getByRole('button', { name: /热茶一杯/ }).click()
    await phone.getByRole('button', { name: '查看兑换码' }).click()
    await phone.getByText('TEA-8842-5507').waitFor()
    await phone.getByRole('button', { name: '关闭' }).click()
    await lookInHand(phone, 'points-taken')
  }, 60_000)

  test('an outcome that nobody knows says where the money is, and turns by itself', async () => {
    stage.bank.next('silent')
    await go(phone, '/withdraw')
    await phone.getByLabel('金额').fill('20')
    await phone.getByRole('button', { name: '下一步' }).click()
    await typePin(phone)
    await phone.getByRole('heading', { name: '正在和银行核实' }).waitFor()
    await phone.getByText('银行没有答复，正在查询').waitFor()
    await lookInHand(phone, 'unknown')
    const id = phone.url().split('/').at(-1) ?? ''
    stage.bank.decide(id, 'done')
    await stage.wallet.look(id)
    await stage.wallet.work()
    await phone.getByRole('heading', { name: '已到银行卡' }).waitFor()
    await lookInHand(phone, 'known')
  }, 60_000)

  test('in English, which is longer, nothing is wider than a small phone', async () => {
    await phone.setViewportSize({ width: 360, height: 740 })
    const places = { home: '', splits: '/people/splits', requests: '/people/requests' }
    const forms = { 'split-new': '/people/splits/new', 'packet-new': '/people/packets/new' }
    const others = { 'standing-new': '/people/standing/new', closing: '/close', points: '/points' }
    const codes = { code: '/code', scan: '/code/scan' }
    for (const [name, path] of Object.entries({ ...places, ...forms, ...others, ...codes })) {
      await load(phone, `${path}?lang=en`)
      await phone.getByRole('link', { name: 'History' }).first().waitFor()
      await phone.locator('h1').first().waitFor()
      expect([name, await isNarrow(phone)]).toEqual([name, true])
      await picture(phone, `${name}-en-360`)
    }
    await load(phone, '?lang=zh')
    await phone.setViewportSize({ width: 390, height: 844 })
  }, 60_000)

  test('without a network the app opens, and says of when its figures are', async () => {
    const [context] = contexts
    await load(phone, '/statement')
    await phone.getByText('红包').first().waitFor()
    await phone.evaluate('navigator.serviceWorker.ready')
    await context?.setOffline(true)
    await load(phone, '')
    await phone.getByText(/ 的余额/).waitFor()
    await lookInHand(phone, 'home-offline')
    await phone.getByRole('link', { name: '账单', exact: true }).first().click()
    await phone.getByText(/截至 .* 的账单/).waitFor()
    await phone.getByText('红包').first().waitFor()
    await lookInHand(phone, 'statement-offline')
    for (const [name, title] of [
      ['cards', '卡包'],
      ['me', '我的'],
      ['top-up', '充值'],
    ]) {
      await go(phone, `/${name}`)
      await phone.getByRole('heading', { name: title ?? '', level: 1 }).waitFor()
      await phone.getByText(/^截至 \S+ \d\d:\d\d$/).waitFor()
      await picture(phone, `${name}-offline`)
    }
    const kept = await phone.evaluate<string[]>(`(async () => {
      const all = await Promise.all((await caches.keys()).map((name) => caches.open(name)))
      const files = await Promise.all(all.map((one) => one.keys()))
      return files.flat().map(({ url }) => new URL(url).pathname)
    })()`)
    expect(kept).toContain('/app')
    expect(kept.filter((path) => path !== '/app' && !path.startsWith('/assets/'))).toEqual([])
    await context?.setOffline(false)
    await load(phone, '')
    await phone.getByText(/ 的余额/).waitFor({ state: 'detached' })
    await load(phone, '/me')
    await phone.getByRole('button', { name: '退出登录' }).click()
    await phone.getByLabel('手机号').waitFor()
    expect(
      await phone.evaluate(
        'Object.keys(localStorage).filter((name) => name.startsWith("telepurse.app."))',
      ),
    ).toEqual([])
  }, 60_000)

  test('a passkey is made and signs in, through the app', async () => {
    const authenticator = await contexts[1]?.newCDPSession(guest)
    await authenticator?.send('WebAuthn.enable')
    await authenticator?.send('WebAuthn.addVirtualAuthenticator', {
      options: {
        ...{ protocol: 'ctap2', transport: 'internal', hasResidentKey: true },
        ...{ hasUserVerification: true, isUserVerified: true, automaticPresenceSimulation: true },
      },
    })
    const own = guests[0] as Person
    const elsewhere = await stage.signIn(own.msisdn)
    await go(guest, '/devices')
    await guest.getByText('还没有通行密钥。').waitFor()
    await lookInHand(guest, 'devices')
    await guest.getByRole('button', { name: '添加通行密钥' }).click()
    await lookInHand(guest, 'passkey-add')
    await typePin(guest, '000000')
    await guest.getByText(/支付密码错误/).waitFor()
    await typePin(guest)
    await guest.getByText(/已添加/).waitFor()
    await guest.getByText('还没用过').waitFor()

    // Another device is signed out when one has said yes; no leaves it, and the focus where it was.
    const end = guest.getByRole('button', { name: /^退出 Safari/ })
    await end.click()
    await guest
      .getByRole('dialog')
      .getByText(/Safari · iPhone，.* 用过/)
      .waitFor()
    await picture(guest, 'device-end')
    await guest.keyboard.press('Escape')
    await end.and(guest.locator(':focus')).waitFor()
    await end.press('Enter')
    await guest.getByRole('dialog').getByRole('button', { name: '返回' }).click()
    await end.and(guest.locator(':focus')).waitFor()
    expect((await elsewhere.get('/me')).status).toBe(200)
    await guest.getByRole('button', { name: '退出其他所有设备' }).click()
    await guest.getByRole('dialog').getByRole('button', { name: '退出其他所有设备' }).click()
    await guest.getByText('已退出。').waitFor()
    expect((await elsewhere.get('/me')).status).toBe(401)
    await go(guest, '/me')
    await guest.getByRole('button', { name: '退出登录' }).click()
    await guest.getByRole('button', { name: /通行密钥/ }).waitFor()
    await lookInHand(guest, 'sign-in')
    await guest.getByRole('button', { name: /通行密钥/ }).click()
    await guest.getByRole('heading', { name: '余额支付额度' }).waitFor()

    await go(guest, '/devices')
    await guest.getByText('这台设备用它登录').waitFor()
    await lookInHand(guest, 'passkeys')
    await guest.setViewportSize({ width: 360, height: 740 })
    await load(guest, '/devices?lang=en')
    await guest.getByText('It signed this device in').waitFor()
    expect(await isNarrow(guest)).toBe(true)
    await picture(guest, 'passkeys-en-360')
    await load(guest, '/devices?lang=zh')
    await guest.setViewportSize({ width: 390, height: 844 })
    const remove = guest.getByRole('button', { name: /^删除 .* 的通行密钥$/ })
    await remove.click()
    await guest.getByText(/仍可用短信验证码登录/).waitFor()
    await picture(guest, 'passkey-remove')
    // With a PIN that was locked, who has signed in long ago signs in again.
    for (let tries = 4; tries > 0; tries -= 1) {
      await typePin(guest, '000000')
      await guest.getByText(`支付密码错误，还可试${tries}次`).waitFor()
    }
    await typePin(guest, '000000')
    await guest.getByText(/支付密码已锁定/).waitFor()
    stage.clock.advance(11 * 60_000)
    await guest.getByRole('dialog').getByRole('button', { name: '删除' }).click()
    await guest.getByText('请退出后重新登录，并在10分钟内操作').waitFor()
    await picture(guest, 'passkey-sign-in-again')
    await stage.setPin(own.msisdn)
    await load(guest, '/devices')
    await remove.click()
    await typePin(guest)
    await guest.getByText('还没有通行密钥。').waitFor()
    await guest.getByText(/已删除/).waitFor()
  }, 60_000)

  test('the wallet is closed: what is left goes to the card first', async () => {
    await go(guest, '/me')
    await guest.getByRole('link', { name: '注销钱包' }).click()
    await guest.getByLabel('转到哪张卡').waitFor()
    await guest.getByText(/注销后 1,280 积分.*作废/).waitFor()
    await lookInHand(guest, 'closing')
    await guest.getByRole('button', { name: '注销钱包' }).click()
    await typePin(guest)
    await guest.getByRole('heading', { name: '正在注销，余额转出中' }).waitFor()
    expect(await stage.available((guests[0] as Person).msisdn)).toBe(0n)
  }, 60_000)
})
