/** A business hall over ports in memory, listening, with what a clerk does on its page put into words. */
import type { Page } from 'playwright-core'
import { customer, openCounter, owner, pan } from '../../server/test/counter-stage.ts'
import { operatorToo } from '../../server/test/operator-routes.ts'
import { createMovements } from './movements.ts'

export const hall = '滨江路厅'
export const number = customer.slice(3)
export const card = pan

export async function startCounter() {
  const movements = createMovements()
  const stage = await openCounter('pglite', operatorToo(movements.port))
  await stage.hire('0417', ['clerk'])
  await stage.hire('0500', ['supervisor'])
  await stage.hire('0600', ['clerk'], { fresh: true })
  await stage.hire('0801', ['operator'])
  await stage.hire('0802', ['viewer'])
  await stage.hire('0800', ['admin'])
  // All rows of the clerk's list, where the fake tells only of two.
  const { check } = stage.desk.cards
  Object.assign(stage.desk.cards, {
    check: async (card: Parameters<typeof check>[0]) => {
      const { issuer, checks } = await check(card)
      const kept = checks.owner === 'bound_elsewhere'
      const rest = { free: kept ? 'bound_elsewhere' : null, room: null, open: null }
      return { issuer, checks: { ...checks, owner: kept ? null : (checks.owner ?? null), ...rest } }
    },
  } satisfies Partial<typeof stage.desk.cards>)
  const url = await stage.app.listen({ port: 0, host: '127.0.0.1' })
  return { stage, url, movements, close: () => stage.close() }
}

export type Counter = Awaited<ReturnType<typeof startCounter>>

const words = {
  zh: { login: '工号', password: '密码', code: '动态码' },
  en: { login: 'Login', password: 'Password', code: 'Code' },
}

/** Both factors, on either page of the staff. */
export async function fillSignIn(
  { stage }: Counter,
  page: Page,
  login: string,
  language: keyof typeof words = 'zh',
): Promise<void> {
  const { password, code } = stage.credentials(login)
  const labels = words[language]
  await page.getByLabel(labels.login).fill(login)
  await page.getByLabel(labels.password, { exact: true }).fill(password)
  await page.getByLabel(labels.code).fill(code)
  await page.keyboard.press('Enter')
}

/** At the counter, where the next page takes the focus: from here on it also listens to keys. */
export async function signIn(
  counter: Counter,
  page: Page,
  login: string,
  language: keyof typeof words = 'zh',
): Promise<void> {
  await fillSignIn(counter, page, login, language)
  await page.locator('#msisdn:focus, #current:focus').waitFor()
}

/** By keys, as with a queue waiting. */
export async function findCustomer(page: Page): Promise<void> {
  await page.keyboard.press('Alt+n')
  await page.getByLabel('手机号').fill(number)
  await page.keyboard.press('Enter')
  await page.getByText('钱包余额').waitFor()
}

export async function fillDocument(page: Page): Promise<void> {
  await page.getByLabel('姓名').fill(owner.name)
  await page.getByLabel('身份证号').fill(owner.documentNumber)
}

export async function openTill(page: Page): Promise<void> {
  await page.keyboard.press('Alt+9')
  await page.getByLabel('台号').fill('3')
  await page.getByLabel('100.00 元的张数').fill('30')
  await page.getByLabel('10.00 元的张数', { exact: true }).fill('26')
  await page.getByRole('button', { name: '开钱箱' }).click()
  await page.getByText('应有现金').waitFor()
}

/** A supervisor agrees to what waits, without a page of his own. */
export async function agreeFor({ stage }: Counter, login: string): Promise<void> {
  const supervisor = await stage.signIn(login)
  const { items } = (await supervisor.get('/approvals')).body
  const code = stage.freshCode(login)
  const done = await supervisor.post(`/approvals/${items[0].id}/approve`, { code })
  if (done.status !== 200) throw new Error(JSON.stringify(done.body))
}
