/** The operator's page of points over the real demo: what its reader does there, put into words. */
import type { Page, Route } from 'playwright-core'
import { expect } from 'vitest'
import { type Demo, openPage, type View } from './demo-server.ts'
import { freshCode, type Hall, patienceMs } from './hall.ts'
import { expectFocus, tabTo } from './keyboard.ts'
import { isNarrow, look } from './looks.ts'
import { pictures } from './pictures.ts'

export async function openOperator({ demo, browser }: Hall, view: View) {
  const opened = await openPage(browser, demo, '/operator#demo', view)
  const { page } = opened
  page.setDefaultTimeout(patienceMs)
  await freshCode(demo, '0801')
  await page.getByRole('button', { name: '运营 0801' }).click()
  await expect.poll(() => page.getByLabel('动态码').inputValue()).toMatch(/^\d{6}$/)
  await page.getByLabel('动态码').press('Enter')
  await page.getByRole('button', { name: '积分', exact: true }).click()
  await expectFocus(page, '客户手机号')
  return opened
}

const turnTo = (page: Page, part: string) =>
  page.getByRole('navigation', { name: '积分的内容' }).getByRole('button', { name: part }).click()

/** Two points for each yuan that a card pays. */
export async function setProgramme(page: Page): Promise<void> {
  await turnTo(page, '积分规则')
  await page.getByLabel('消费送积分').check()
  await page.getByLabel('钱包余额').uncheck()
  await page.getByLabel('每满 1 元送').fill('0')
  await page.keyboard.press('Enter')
  await page.getByText('请输入 1 到 1,000 的整数。').waitFor()
  await page.getByText('请至少选一种付款方式。').waitFor()
  await page.getByLabel('银行卡').check()
  await page.getByLabel('每满 1 元送').fill('2')
  await page.keyboard.press('Enter')
  const dialog = page.getByRole('dialog')
  await dialog.getByText('用银行卡付款每满 1 元送 2 积分').waitFor()
  await dialog.getByRole('button', { name: '保存规则' }).click()
  await page.getByText(/本规则自 .* 起生效。/).waitFor()
  await look(page, 'operator-programme')
}

/** Offered, stocked with two codes that the page forgets, and made cheaper; then there are more than a page. */
export async function offerReward({ demo }: Hall, page: Page): Promise<void> {
  await turnTo(page, '兑换品')
  await page.getByText('还没有兑换品。').waitFor()
  await page.getByRole('button', { name: '新增兑换品' }).click()
  await expectFocus(page, '中文名称')
  await page.keyboard.press('Enter')
  expect(await page.getByText('请填写名称。').count()).toBe(2)
  await page.keyboard.type('热茶一杯')
  await tabTo(page, '英文名称')
  await page.keyboard.type('A cup of tea')
  await tabTo(page, '所需积分')
  await page.keyboard.type('500')
  await page.getByLabel('最后一天').fill('2099-12-31')
  await pictures(page, 'operator-reward-new')
  await page.keyboard.press('Enter')
  const tea = page.getByRole('article').filter({ hasText: '热茶一杯' })
  await tea.getByText('未上货').waitFor()
  await tea.getByText('2100-01-01 00:00').waitFor()

  const confirm = () => tea.getByRole('button', { name: '确认上货' }).click()
  const stock = async () => {
    await tea.getByRole('button', { name: '上货', exact: true }).click()
    await tea.getByLabel('券码，每行一个').fill('TEA-8842\n TEA-5507 \n')
    await confirm()
  }
  await page.route('**/stockings/*', lose, { times: 1 })
  await stock()
  await tea.getByText('请原样再提交一次').waitFor()
  expect(await tea.getByRole('button', { name: '返回' }).count()).toBe(0)
  await confirm()
  await tea.getByText('2 / 共 2').waitFor()
  await stock()
  await tea.getByText('有券码已经导入过').waitFor()
  await tea.getByRole('button', { name: '返回' }).click()
  expect(await page.content()).not.toContain('TEA-')
  await tea.getByRole('button', { name: '修改' }).click()
  await tea.getByLabel('所需积分').fill('450')
  await page.keyboard.press('Enter')
  await tea.getByText('450 积分').waitFor()
  await look(page, 'operator-rewards')

  for (let number = 1; number <= 20; number += 1) await addReward(demo, `伞 ${number}`)
  await turnTo(page, '积分规则')
  await turnTo(page, '兑换品')
  const rewards = page.getByRole('article')
  await rewards.first().getByText('伞 20').waitFor()
  expect(await rewards.count()).toBe(20)
  await page.getByRole('button', { name: '更多' }).click()
  await tea.getByText('兑换中').waitFor()
  expect(await page.getByRole('button', { name: '更多' }).count()).toBe(0)
}

async function addReward({ url, operatorToken }: Demo, zh: string): Promise<void> {
  const [from, until] = ['2026-01-01T00:00:00+08:00', '2100-01-01T00:00:00+08:00']
  const answer = await fetch(`${url}/operator/points/rewards`, {
    method: 'POST',
    headers: {
      ...{ authorization: `Bearer ${operatorToken}`, 'x-operator': 'Chen Li' },
      'content-type': 'application/json',
    },
    body: JSON.stringify({
      name: { zh, en: 'Umbrella' },
      points: '900',
      kind: 'stock',
      from,
      until,
    }),
  })
  expect(answer.status).toBe(201)
}

/** 1,280 for a complaint, agreed to by a supervisor; more than there are cannot be taken. */
export async function givePoints({ demo }: Hall, page: Page, number: string): Promise<void> {
  await turnTo(page, '客户积分')
  await expectFocus(page, '客户手机号')
  await page.keyboard.type('13700000000')
  await page.keyboard.press('Enter')
  await page.getByText('这个号码没有可用的钱包。').waitFor()
  await page.getByLabel('客户手机号').fill(number)
  await page.keyboard.press('Enter')
  await page.getByRole('button', { name: '扣回积分' }).click()
  await expectFocus(page, '积分数')
  await page.keyboard.type('5000')
  await page.keyboard.press('Enter')
  await page.getByText('客户没有这么多积分。').waitFor()
  await page.getByText('请写明原因。').waitFor()
  await page.getByRole('button', { name: '返回' }).click()

  await page.getByRole('button', { name: '补发积分' }).click()
  await expectFocus(page, '积分数')
  await page.keyboard.type('1280')
  await tabTo(page, '原因')
  await page.keyboard.type('投诉 7：活动漏送')
  await page.keyboard.press('Enter')
  await expectFocus(page, '主管工号')
  await page.getByText('1,300').waitFor()
  await page.keyboard.type('0901')
  await tabTo(page, '主管动态码')
  await page.keyboard.type('000000')
  await page.keyboard.press('Enter')
  await page.getByText('动态码不对').waitFor()
  await look(page, 'operator-points-agree')
  await agreeTwice(demo, page)
  await page
    .getByRole('listitem')
    .filter({ hasText: '投诉 7：活动漏送' })
    .getByText('0801 申请，0901 复核')
    .waitFor()
  await page.getByText('余 1,300').waitFor()
  await page.getByRole('listitem').filter({ hasText: '消费得积分' }).getByText('+20').waitFor()
}

/** It is done, and its answer is lost on its way. */
export async function lose(route: Route): Promise<void> {
  await route.fetch()
  await route.fulfill({ status: 502 })
}

/** The first answer is lost: then there is no way back, and the second try is the same adjustment. */
async function agreeTwice(demo: Demo, page: Page): Promise<void> {
  const agree = async () => {
    await page.getByLabel('主管动态码').fill(await freshCode(demo, '0901'))
    await page.keyboard.press('Enter')
  }
  await page.route('**/points-adjustments/*', lose, { times: 1 })
  await agree()
  await page.getByText('没有收到结果，可能已经办了。').waitFor()
  expect(await page.getByRole('button', { name: '返回' }).count()).toBe(0)
  await agree()
  await page.getByText('已补发，并短信告知客户。').waitFor()
}

/** All three parts, in words that are longer. */
export async function readInEnglish(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Switch to English' }).click()
  await page.getByText('Asked by 0801').waitFor()
  await look(page, 'en-operator-points')
  for (const part of ['Programme', 'Rewards']) {
    await page.getByRole('button', { name: part, exact: true }).click()
    await page
      .getByText(part === 'Rewards' ? '900 points' : 'In force from')
      .first()
      .waitFor()
    expect([part, await isNarrow(page)]).toEqual([part, true])
    await pictures(page, `en-operator-${part.toLowerCase()}`)
  }
}
