/** A business hall over ports in memory, listening, with what a clerk does on its page put into words. */
import type { Page } from 'playwright-core'
import { customer, openCounter, owner, pan } from '../../server/test/counter-stage.ts'

export const hall = '滨江路厅'
export const number = customer.slice(3)
export const card = pan

export async function startCounter() {
  const stage = await openCounter('pglite')
  await stage.hire('0417', ['clerk'])
  await stage.hire('0418', ['clerk'])
  await stage.hire('0500', ['supervisor'])
  await stage.hire('0600', ['clerk'], { fresh: true })
  // All rows of the clerk's list, where the fake tells only of two.
  const { check } = stage.desk.cards
  Object.assign(stage.desk.cards, {
    check: async (card: Parameters<typeof check>[0]) => {
      const { issuer, checks } = await check(card)
      const kept = checks.owner === 'bound_elsewhere'
      const rest = { free: kept ? 'bound_elsewhere' : null, room: null, open: null }
      return { issuer, checks: { ...checks, owner: kept ? null : checks.owner, ...rest } }
    },
  } satisfies Partial<typeof stage.desk.cards>)
  const url = await stage.app.listen({ port: 0, host: '127.0.0.1' })
  return { stage, url, close: () => stage.close() }
}

export type Counter = Awaited<ReturnType<typeof startCounter>>

export async function signIn({ stage }: Counter, page: Page, login: string): Promise<void> {
  const { password, code } = stage.credentials(login)
  await page.getByLabel('工号').fill(login)
  await page.getByLabel('密码', { exact: true }).fill(password)
  await page.getByLabel('动态码').fill(code)
  await page.keyboard.press('Enter')
}

/** Every act is reached by keys, as with a queue waiting. */
export async function findCustomer(page: Page): Promise<void> {
  await page.keyboard.press('Alt+n')
  await page.getByLabel('手机号').waitFor()
  await page.keyboard.type(number)
  await page.keyboard.press('Enter')
  await page.getByText('钱包余额').waitFor()
}

export async function fillDocument(page: Page): Promise<void> {
  await page.getByLabel('姓名').fill(owner.name)
  await page.getByLabel('身份证号').fill(owner.documentNumber)
}
