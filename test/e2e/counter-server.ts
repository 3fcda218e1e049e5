/** A business hall over ports in memory, listening, with what a clerk does on its page put into words. */
import type { Page } from 'playwright-core'
import { createGuesses, operatorGuesses } from '../../server/src/channels/http/index.ts'
import { operatorRoutes } from '../../server/src/channels/operator/index.ts'
import { refuse, Secret } from '../../server/src/kernel/index.ts'
import { createCatalogue } from '../../server/src/merchants/index.ts'
import { createPolicy } from '../../server/src/risk/index.ts'
import { customer, openCounter, owner, pan } from '../../server/test/counter-stage.ts'
import { createMovements, type Movements } from './movements.ts'

export const hall = '滨江路厅'
export const number = customer.slice(3)
export const card = pan

export async function startCounter() {
  const movements = createMovements()
  const stage = await openCounter('pglite', operatorToo(movements))
  await stage.hire('0417', ['clerk'])
  await stage.hire('0500', ['supervisor'])
  await stage.hire('0600', ['clerk'], { fresh: true })
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

export const operatorToken = 'operator-token-of-at-least-32-characters'

/** The operator's page asks the same server, and the supervisors of the hall agree to what it asks for. */
const operatorToo: (movements: Movements) => NonNullable<Parameters<typeof openCounter>[1]> =
  (movements) => async (app, tools) => {
    const { db, clock, staff } = tools
    await app.register(operatorRoutes, {
      ...{ ...tools, token: new Secret(operatorToken) },
      guesses: createGuesses(operatorGuesses, clock),
      catalogue: await createCatalogue(db, clock),
      policy: await createPolicy(db, clock),
      proveSupervisor: staff.signIn.proveSupervisor,
      billers: { findOut: async () => refuse('bill_not_paid') },
      wallet: {
        ...{ account: async () => undefined, restrict: async () => refuse('wallet_not_found') },
        ...movements.port,
      },
      ...{ release: async () => {}, signOut: async () => {} },
    })
  }

export type Counter = Awaited<ReturnType<typeof startCounter>>

const words = {
  zh: { login: '工号', password: '密码', code: '动态码' },
  en: { login: 'Login', password: 'Password', code: 'Code' },
}

export async function signIn(
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
  // The next page has taken the focus: from here on it also listens to keys.
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
