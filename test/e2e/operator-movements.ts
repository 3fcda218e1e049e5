/** The operator's page of movements that nobody knows the outcome of: what its reader does there, put into words. */
import type { Page } from 'playwright-core'
import { expect } from 'vitest'
import type { Counter } from './counter-server.ts'
import { expectFocus, tabBackTo, tabTo } from './keyboard.ts'
import { isNarrow, look } from './looks.ts'
import { lose } from './operator-points.ts'
import { pictures } from './pictures.ts'

const idOf = (n: number) => `01990000-0000-7000-8000-${String(n).padStart(12, '0')}`
const press = (page: Page, name: string) => page.getByRole('button', { name, exact: true }).click()
const cardOf = (page: Page, n: number) => page.getByRole('article').filter({ hasText: idOf(n) })

/** None, then three, of which a bank may still end the second. */
export async function listMovements({ stage, movements }: Counter, page: Page): Promise<void> {
  const requestedAt = stage.clock.now() - 75 * 3_600_000
  await page.route('**/movements/unknown*', (route) => route.fulfill({ status: 503 }), {
    times: 1,
  })
  await press(page, '结果不明')
  await page.getByText('代码 503').waitFor()
  await press(page, '再试一次')
  await page.getByText('没有结果不明的资金。').waitFor()
  await pictures(page, 'operator-movements-none')

  movements.hold(idOf(1), { requestedAt })
  movements.atBank.add(idOf(2))
  movements.hold(idOf(2), { requestedAt, kind: 'top_up', amount: 50_00n, fee: 0n })
  movements.hold(idOf(3), { requestedAt })
  await press(page, '银行差错')
  await press(page, '结果不明')
  await cardOf(page, 1).getByText('3 天').waitFor()
  const topUp = cardOf(page, 2)
  await topUp.getByRole('button', { name: '核对结果' }).click()
  await topUp.getByText('现在不能由人决定').waitFor()
  await topUp.getByRole('button', { name: '再查一次' }).click()
}

/** Without a mouse; a wrong code does nothing, and an answer that is lost does not do it twice. */
export async function giveBackByKeys({ stage, movements }: Counter, page: Page): Promise<void> {
  const first = cardOf(page, 1)
  await first.getByRole('button', { name: '核对结果' }).focus()
  await page.keyboard.press('Enter')
  await expectFocus(page, '银行已入账到卡')
  await tabTo(page, '原因')
  await page.keyboard.press('Enter')
  for (const missing of ['请选择核对的结果。', '请写明原因。', '请输入主管工号。'])
    await first.getByText(missing).waitFor()
  await page.keyboard.type('江城银行 11 月 22 日文件没有这一笔')
  await tabBackTo(page, '银行没有入账')
  await page.keyboard.press('Space')
  await first.getByText('金额连同手续费退回客户钱包').waitFor()
  await tabTo(page, '原因', '主管工号')
  await page.keyboard.type('0500')
  await tabTo(page, '主管动态码')
  await page.keyboard.type('000000')
  await page.keyboard.press('Enter')
  await first.getByText('动态码不对').waitFor()
  await look(page, 'operator-movement')
  expect(movements.said).toEqual([])

  // It is done and its answer is lost: said again, it is known by now.
  await page.route('**/resolve', lose, { times: 1 })
  const agree = async () => {
    await first.getByLabel('主管动态码').fill(stage.freshCode('0500'))
    await page.keyboard.press('Enter')
  }
  await agree()
  await first.getByText('没有收到结果').waitFor()
  await agree()
  await first.getByText('这一笔已有结果').waitFor()
  await first.getByRole('button', { name: '返回' }).click()
  await first.waitFor({ state: 'detached' })
  expect(movements.said).toEqual([`not_done ${idOf(1)}`])
}

export async function countAsPaidInEnglish(
  { stage, movements }: Counter,
  page: Page,
): Promise<void> {
  await press(page, 'Switch to English')
  const third = cardOf(page, 3)
  await third.getByRole('button', { name: 'Say what was found' }).click()
  await third.getByLabel('The bank has paid it to the card').check()
  await third.getByLabel('Reason').fill('The bank confirmed it by phone, Wang')
  await third.getByLabel('Supervisor’s login').fill('0500')
  await third.getByLabel('Supervisor’s code').fill(stage.freshCode('0500'))
  expect(await isNarrow(page)).toBe(true)
  await pictures(page, 'en-operator-movement')
  await page.keyboard.press('Enter')
  await page.getByText('It counts as paid.', { exact: true }).waitFor()
  await third.waitFor({ state: 'detached' })
  expect(movements.said).toEqual([`not_done ${idOf(1)}`, `done ${idOf(3)}`])

  // More than a page of them, the oldest first.
  const requestedAt = stage.clock.now()
  for (let n = 4; n <= 23; n += 1) movements.hold(idOf(n), { requestedAt })
  await press(page, 'Banks')
  await press(page, 'Not known')
  await press(page, 'More')
  const all = page.getByRole('article')
  await expect.poll(() => all.count()).toBe(21)
  await all.last().getByText(idOf(23)).waitFor()
}
