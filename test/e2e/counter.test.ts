/** A clerk's morning in a real browser: by keys, on a phone, with a bank that is silent and a second person. */
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { owner, pan } from '../../server/test/counter-stage.ts'
import {
  agreeFor,
  type Counter,
  fillDocument,
  fillSignIn,
  findCustomer,
  hall,
  number,
  openTill,
  signIn,
  startCounter,
} from './counter-server.ts'
import { hasBrowser, openBrowser, openPage, seriousOf, type View } from './demo-server.ts'
import { look } from './looks.ts'
import { countAsPaidInEnglish, giveBackByKeys, listMovements } from './operator-movements.ts'
import { pictures } from './pictures.ts'

const desk = { width: 1440, height: 900 }
const phone = { width: 390, height: 844 }
const pin = '271828'
/** Names the line that waits, and not only the test. */
const patienceMs = 12_000

/** Everything that could hold a secret once its act has gone. */
const tracesIn = (page: Page) =>
  page.evaluate<string>(`JSON.stringify([
    location.href, { ...localStorage }, { ...sessionStorage }, document.cookie, history.state,
    [...document.querySelectorAll('input')].map((input) => input.value),
    document.documentElement.outerHTML,
  ])`)

/** What is wider than the page, or wider than what it stands in. */
const hangingOver = (page: Page) =>
  page.evaluate<string[]>(`
    [...document.querySelectorAll('html, body *:not(nav, nav *)')]
      .filter((one) => getComputedStyle(one).display !== 'inline' && !one.closest('svg, thead, .visually-hidden'))
      .filter((one) => one.clientWidth > 0 && one.scrollWidth > one.clientWidth + 1)
      .map((one) => one.outerHTML.slice(0, 120))`)

const namelessIn = (page: Page) =>
  page.evaluate<string[]>(`
    [...document.querySelectorAll('main input, main select')]
      .filter((field) => !field.labels?.length && !field.getAttribute('aria-label'))
      .map((field) => field.outerHTML)`)

describe.skipIf(!hasBrowser)('the counter in Chromium', () => {
  let counter: Counter
  let browser: Browser
  beforeAll(async () => {
    counter = await startCounter()
    browser = await openBrowser()
  }, 90_000)
  afterAll(async () => {
    await browser?.close()
    await counter?.close()
  })
  const visit = async (view: View) => {
    const visited = await openPage(browser, counter, '/counter', view)
    visited.page.setDefaultTimeout(patienceMs)
    return visited
  }

  test('who has an initial password changes it first, on a phone, and then serves', async () => {
    const { page, context, complaints } = await visit(phone)
    await page.getByLabel('工号').fill('0600')
    await page.getByLabel('密码', { exact: true }).fill('not the one handed over')
    await page.getByLabel('动态码').fill('000000')
    await page.keyboard.press('Enter')
    await page.getByText('CT-02').waitFor()
    await signIn(counter, page, '0600')
    await pictures(page, 'new-password')
    const next = 'a long walk by the river'
    await page.getByLabel('初始密码').fill(counter.stage.secretsOf('0600').password.reveal())
    await page.getByLabel('新密码', { exact: true }).fill(next)
    await page.getByLabel('再输一遍新密码').fill(next)
    await page.getByLabel('动态码').fill(counter.stage.freshCode('0600'))
    await page.keyboard.press('Enter')
    await page.getByText('请客户报手机号').waitFor()
    expect(await tracesIn(page)).not.toContain(next)
    expect(seriousOf(complaints)).toEqual([])
    await context.close()
  })

  test('a customer is found, a wallet opened, a card bound with the bank’s code, all by keys', async () => {
    const { page, context, complaints } = await visit(desk)
    await signIn(counter, page, '0417')
    await findCustomer(page)
    await page.keyboard.press('Alt+2')
    await fillDocument(page)
    await page.getByText('首次登记').waitFor()
    await page.keyboard.press('Control+Enter')
    await page.getByText('请客户阅读并同意后勾选').waitFor()
    await page.keyboard.press('Space')
    await page.keyboard.press('Control+Enter')
    await page.getByText('钱包已开户').waitFor()
    expect(counter.stage.fakes.texts.map(({ kind }) => kind)).toEqual(['initial'])

    await page.keyboard.press('Alt+3')
    await page.getByLabel('卡号').fill(pan)
    await page.getByLabel('卡密码').fill(pin)
    await page.getByText('可以绑定').waitFor()
    await page.getByText('通过 5 / 7').waitFor()
    await page.getByLabel('客户已阅读并同意').check()
    const pad = page.getByRole('img', { name: '签名板' })
    await pad.scrollIntoViewIfNeeded()
    await pad.hover({ position: { x: 20, y: 30 } })
    await page.mouse.down()
    await pad.hover({ position: { x: 120, y: 50 } })
    await page.mouse.up()
    await page.getByRole('img', { name: '已签名' }).waitFor()
    counter.stage.fakes.answers.push('code_sent')
    await page.keyboard.press('Control+Enter')
    await page.getByLabel('银行验证码').fill('111111')
    await page.keyboard.press('Enter')
    await page.getByText('BK-E17').waitFor()
    await pictures(page, 'code-wrong')
    await page.getByLabel('银行验证码').fill('123456')
    await page.keyboard.press('Enter')
    await page.getByText('银行卡已绑定').waitFor()
    const traces = await tracesIn(page)
    for (const secret of [pan, pin, '123456']) expect(traces).not.toContain(secret)

    const printed = page.waitForResponse((answer) => answer.url().endsWith('/prints'))
    await page.keyboard.press('Enter')
    const paper = await printed
    expect([paper.status(), paper.headers()['content-type']]).toEqual([200, 'application/pdf'])
    await page.keyboard.press('Alt+n')
    expect(await tracesIn(page)).not.toContain(owner.documentNumber)
    expect(seriousOf(complaints)).toEqual([])
    await context.close()
  })

  test('while a bank is silent it is asked again, and the page turns, without a click', async () => {
    const { page, context } = await visit(desk)
    await signIn(counter, page, '0417')
    await findCustomer(page)
    await page.keyboard.press('Alt+4')
    await page.getByRole('button', { name: '换绑 6217' }).click()
    await fillDocument(page)
    await page.getByLabel('卡号').fill(pan)
    await page.getByText('可以绑定').waitFor()
    const { fakes, askAgainMs } = counter.stage
    fakes.answers.push('unknown')
    askAgainMs.push(1_000)
    const asked = () => fakes.asked.filter((one) => one.startsWith('verify')).length
    const before = asked()
    await page.keyboard.press('Control+Enter')
    await page.getByText('不要重复提交').waitFor()
    await page.getByText('银行卡已重新绑定').waitFor()
    expect(asked()).toBe(before + 2)
    await page.keyboard.press('Alt+8')
    await page.getByText('120 积分').waitFor()
    await page.getByText('2 个没有查看的兑换码').waitFor()
    await pictures(page, 'close-loses')
    await context.close()
  })

  test('cash whose answer is lost is found again under its key, and moves once', async () => {
    const { page, context } = await visit(desk)
    const { fakes } = counter.stage
    await signIn(counter, page, '0417')
    await openTill(page)
    await findCustomer(page)
    await page.keyboard.press('Alt+5')
    await page.getByLabel('金额（元）').fill('500')
    await page.keyboard.press('Enter')
    await page.getByRole('dialog').getByText('500').waitFor()
    fakes.around.after = async () => {
      fakes.around.after = async () => {}
      throw new Error('gone after the money has moved')
    }
    await page.keyboard.press('Enter')
    await page.getByText('没有收到结果').waitFor()
    await pictures(page, 'lost')
    await page.getByText('现金已存入钱包').waitFor()
    expect([...fakes.moved.values()]).toEqual([500_00n])
    await page.getByText('钱箱 3,760.00').waitFor()

    await page.keyboard.press('Alt+5')
    await page.getByText('现金取出').click()
    await page.getByLabel('金额（元）').fill('200')
    await fillDocument(page)
    await page.getByLabel('支付密码').fill(pin)
    await page.keyboard.press('Control+Enter')
    await page.getByRole('dialog').getByText('200').waitFor()
    await page.keyboard.press('Enter')
    await page.getByText('CT-24').waitFor()
    expect(await page.getByLabel('支付密码').inputValue()).toBe('')
    expect(fakes.moved.size).toBe(1)
    await context.close()
  })

  test('a second person agrees in another session, a clerk never to his own, and idleness ends it all', async () => {
    const clerk = await visit(desk)
    const { page } = clerk
    await signIn(counter, page, '0417')
    const ask = async () => {
      await findCustomer(page)
      await page.keyboard.press('Alt+6')
      await fillDocument(page)
      await page.getByLabel('原因').fill('客户忘记密码')
      await page.keyboard.press('Enter')
      await page.getByRole('dialog').waitFor()
      await page.keyboard.press('Enter')
      await page.getByText(`已请${hall}的主管复核`).waitFor()
    }
    await ask()
    const second = await visit({ ...desk, locale: 'en' })
    await signIn(counter, second.page, '0500', 'en')
    await second.page.keyboard.press('Alt+0')
    await second.page.getByRole('button', { name: 'Decline' }).click()
    await second.page.keyboard.type('ask for the old SIM first')
    await second.page.keyboard.press('Enter')
    await page.getByText('ask for the old SIM first').waitFor()
    await page.getByText('没有办理，钱没有动').waitFor()
    await pictures(page, 'declined')

    await ask()
    await page.keyboard.press('Alt+0')
    await page.getByText('不能复核自己的业务').waitFor()
    expect(await page.getByRole('button', { name: '同意' }).count()).toBe(0)
    await second.page.getByRole('button', { name: 'Agree' }).click()
    await second.page.keyboard.type(counter.stage.freshCode('0500'))
    await second.page.keyboard.press('Enter')
    await page.getByText('已同意，待办理').click()
    await page.getByText('按回车继续办理').waitFor()
    await page.keyboard.press('Enter')
    await page.getByText('支付密码已重置').waitFor()
    expect(counter.stage.fakes.texts.at(-1)?.kind).toBe('reset')

    await ask()
    counter.stage.clock.advance(16 * 60_000)
    await page.getByText('登录已过期').waitFor()
    await pictures(page, 'session-over')
    expect(seriousOf([...clerk.complaints, ...second.complaints])).toEqual([])
    await clerk.context.close()
    await second.context.close()
  })

  test('a till that does not balance closes only with a reason and a second person', async () => {
    const { page, context } = await visit(phone)
    await signIn(counter, page, '0417')
    await page.getByRole('button', { name: '钱箱' }).click()
    await page.getByLabel('100.00 元的张数').fill('37')
    await page.getByRole('button', { name: '请主管复核' }).click()
    await page.getByText('请写明原因。').waitFor()
    await page.getByLabel('原因').fill('找零少收')
    await page.getByRole('button', { name: '请主管复核' }).click()
    await page.getByRole('dialog').getByRole('button', { name: '请主管复核' }).click()
    await page.getByText('待复核', { exact: true }).waitFor()
    await agreeFor(counter, '0500')
    await page.getByRole('button', { name: '关钱箱' }).click()
    await page.getByText('未开钱箱').waitFor()
    await context.close()
  })

  test('every screen fits a phone and a desk, in English and in the dark, also with complaints', async () => {
    const { page, context, complaints } = await visit({ ...phone, dark: true, locale: 'en' })
    await signIn(counter, page, '0417', 'en')
    await page.getByLabel('Phone number').fill(number)
    await page.keyboard.press('Enter')
    await page.getByText('Wallet balance').waitFor()
    for (const tab of await page.locator('nav button').all()) {
      await tab.click()
      await page.locator('main > :not(h1)').first().waitFor()
      if ((await tab.getAttribute('data-screen')) === 'acts')
        await page.getByText('BD-2611').first().waitFor()
      const name = await page.locator('main h1').textContent()
      await page.keyboard.press('Control+Enter')
      for (const view of [desk, phone]) {
        await page.setViewportSize(view)
        expect([name, await hangingOver(page)]).toEqual([name, []])
      }
      expect(await namelessIn(page)).toEqual([])
      await pictures(page, `en-${await tab.getAttribute('data-screen')}`)
    }
    await page
      .getByRole('button', { name: /^BD-2611/ })
      .first()
      .click()
    await page.getByRole('dialog').getByText('Hall / clerk').waitFor()
    expect(await hangingOver(page)).toEqual([])
    await pictures(page, 'en-voucher')
    await page.keyboard.press('Escape')
    await page.getByRole('dialog').waitFor({ state: 'detached' })
    expect(seriousOf(complaints)).toEqual([])
    await context.close()
  })

  test('what differs with a biller or a bank is asked for by the operator, and a supervisor agrees', async () => {
    const { stage } = counter
    const { db, clock } = stage
    await db.transact(async (tx) => {
      await tx.query(
        `insert into biller_difference (biller, day, kind, bill_id, ours, theirs, receipt_no, found_at)
         values ('power', '2026-11-22', 'missing_here', 'P-7', null, '1500', 'F3', $1),
           ('water', '2026-11-16', 'state', 'P-8', 'refunded', '8640', 'F2', $2)`,
        [clock.now(), clock.now() - 7 * 86_400_000],
      )
      await tx.query(
        `insert into bank_difference (bank, day, kind, key, ours, theirs, found_at, side, amount)
         values ('jiangcheng', '2026-11-22', 'missing_here', '004172', null, '15.00', $1, 'long', 1500)`,
        [clock.now()],
      )
    })
    const { page, context, complaints } = await openPage(browser, counter, '/operator', phone)
    page.setDefaultTimeout(patienceMs)
    await page.getByLabel('工号').fill('0801')
    await page.getByLabel('密码', { exact: true }).fill('not this one')
    await page.getByLabel('动态码').fill('000000')
    await page.keyboard.press('Enter')
    await page.getByText('工号、密码或动态码有误。').waitFor()
    await pictures(page, 'operator-sign-in')
    await fillSignIn(counter, page, '0801')
    await page.getByText('运营 0801').waitFor()
    const first = page.getByRole('article').filter({ hasText: 'P-7' })
    await page.getByText('已超期').waitFor()
    await pictures(page, 'operator-queue')
    await first.getByRole('button', { name: '自有资金垫付' }).click()
    await first.getByRole('button', { name: '提交' }).click()
    await first.getByText('请写明原因。').waitFor()
    await first.getByLabel('原因').fill('对方查无此缴费人')
    await pictures(page, 'operator-ask')
    for (const view of [desk, phone]) {
      await page.setViewportSize(view)
      expect(await hangingOver(page)).toEqual([])
    }
    await page.keyboard.press('Enter')
    await first.getByText('等待复核').first().waitFor()
    const agree = async (code: string) => {
      await first.getByLabel('主管工号').fill('0500')
      await first.getByLabel('主管动态码').fill(code)
      await page.keyboard.press('Enter')
    }
    await agree('000000')
    await first.getByText('动态码不对').waitFor()
    await pictures(page, 'operator-waiting')
    expect(await namelessIn(page)).toEqual([])
    await agree(stage.freshCode('0500'))
    await first.waitFor({ state: 'detached' })
    const [line] = await db.query<{ amount: bigint }>(
      `select amount from transfer where debit_account = 'biller-suspense:power'`,
    )
    expect(line?.amount).toBe(15_00n)
    await page.getByRole('button', { name: 'Switch to English' }).click()
    await page.getByRole('button', { name: 'Resolved', exact: true }).click()
    await first.getByText('Cover from own money').waitFor()
    await page.getByRole('button', { name: 'Banks' }).click()
    await page.getByRole('button', { name: 'Hold in suspense' }).waitFor()
    await pictures(page, 'en-operator-banks')
    const { password } = stage.credentials('0801')
    expect(await tracesIn(page)).not.toContain(password)

    await page.getByRole('button', { name: 'Sign out' }).click()
    await page.getByText('You are signed out.').waitFor()
    await fillSignIn(counter, page, '0802', 'en')
    await page.getByText('Viewer 0802').waitFor()
    await page.getByRole('button', { name: 'Banks' }).click()
    await page.getByText('004172').waitFor()
    expect(await page.getByRole('button', { name: 'Hold in suspense' }).count()).toBe(0)
    await page.getByRole('button', { name: 'Points' }).click()
    await page.getByRole('button', { name: 'Programme' }).click()
    expect(await page.getByLabel('Purchases earn points').isDisabled()).toBe(true)
    expect(await page.getByRole('button', { name: 'Save' }).count()).toBe(0)
    expect(await page.getByRole('button', { name: 'People' }).count()).toBe(0)
    expect(seriousOf(complaints)).toEqual([])
    await context.close()
  })

  test('an admin adds somebody, hands over what is shown once, changes a role and blocks the login', async () => {
    const { page, context, complaints } = await openPage(browser, counter, '/operator', phone)
    page.setDefaultTimeout(patienceMs)
    await fillSignIn(counter, page, '0800')
    await page.getByRole('article', { name: '员工0800' }).getByText('由另一位管理员办理').waitFor()
    await pictures(page, 'operator-people')
    await page.getByRole('button', { name: '新增人员' }).click()
    await page.keyboard.press('Enter')
    await page.getByText('请至少选一个岗位。').waitFor()
    await page.getByLabel('工号').fill('wu.min')
    await page.getByLabel('姓名').fill('吴敏')
    await page.getByLabel('营业厅或部门').fill('风控部')
    await page.getByLabel(/^人员管理/).check()
    await page.getByLabel(/^主管/).check()
    expect(await page.getByLabel(/^人员管理/).isChecked()).toBe(false)
    await pictures(page, 'operator-person-new')
    await page.getByRole('button', { name: '新增', exact: true }).click()
    const handover = page.getByRole('region', { name: '交给 吴敏（wu.min）' })
    await handover.getByRole('img').waitFor()
    await look(page, 'operator-handover')
    const [password = '', secret = ''] = await handover.locator('samp').allTextContents()
    await handover.getByRole('button', { name: '已交给本人，关闭' }).click()
    for (const shown of [password, secret]) expect(await tracesIn(page)).not.toContain(shown)
    const person = page.getByRole('article', { name: '吴敏' })
    await person.getByText('待首次登录').waitFor()
    await person.getByRole('button', { name: '改岗位' }).click()
    await person.getByLabel(/^查看/).check()
    await person.getByRole('button', { name: '保存' }).click()
    await person.getByText('主管、查看').waitFor()
    await person.getByRole('button', { name: '停用' }).click()
    await page.getByRole('dialog').getByRole('button', { name: '停用' }).click()
    await person.getByText('已停用').waitFor()
    await page.getByRole('button', { name: 'Switch to English' }).click()
    await person.getByText('Blocked').waitFor()
    await pictures(page, 'en-operator-people')
    expect(await hangingOver(page)).toEqual([])
    expect(await namelessIn(page)).toEqual([])
    expect(seriousOf(complaints)).toEqual([])
    await context.close()
  })

  test('of a movement nobody knows the outcome of two people say what the bank did', async () => {
    const { page, context, complaints } = await openPage(browser, counter, '/operator', phone)
    page.setDefaultTimeout(patienceMs)
    await fillSignIn(counter, page, '0801')
    await listMovements(counter, page)
    await giveBackByKeys(counter, page)
    await countAsPaidInEnglish(counter, page)
    expect(await namelessIn(page)).toEqual([])
    expect(seriousOf(complaints)).toEqual([])
    await context.close()
  })
})
