/** The whole demo in this process, in a folder of its own, for pages to be opened in a real browser. */
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core'
import { keptSecret, readConfig } from '../../server/src/config/index.ts'
import type { Log } from '../../server/src/db/index.ts'
import { composeDemo } from '../../server/src/demo/index.ts'
import { systemClock } from '../../server/src/kernel/index.ts'
import { installDatabaseIn } from '../database.ts'

const chromiumPath = '/usr/bin/chromium'
/** A machine without the browser cannot open pages; everything else is tested there all the same. */
export const hasBrowser = existsSync(chromiumPath)

const quiet: Log = { info: () => {}, warn: () => {}, error: (...all) => console.error(...all) }

/** By a name, where a browser is to make passkeys: an address of figures has none. */
export async function startDemo({ host = '127.0.0.1' } = {}) {
  const dataDir = mkdtempSync(join(tmpdir(), 'telepurse-e2e-'))
  const read = readConfig({ TELEPURSE_DATA: dataDir, HOST: host, PORT: '0' })
  if (!read.ok) throw new Error(read.refusal.join('\n'))
  await installDatabaseIn(dataDir)
  const config = {
    ...read.value,
    fieldKey: keptSecret(dataDir, 'field-key'),
    operatorToken: keptSecret(dataDir, 'operator-token'),
  }
  const demo = await composeDemo(config, { clock: systemClock, log: quiet })
  const { url } = await demo.start()
  return {
    url,
    operatorToken: config.operatorToken.reveal(),
    async close() {
      await demo.close()
      rmSync(dataDir, { recursive: true, force: true })
    },
  }
}

export type Demo = Awaited<ReturnType<typeof startDemo>>

/** Calls the demo as a program would; answers the parsed body. Throws when it is refused. */
export async function ask<Body>(demo: Demo, path: string, body?: object): Promise<Body> {
  const answer = await fetch(demo.url + path, {
    ...(body && {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    }),
  })
  if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`)
  return (await answer.json()) as Body
}

export const openBrowser = (): Promise<Browser> =>
  chromium.launch({
    executablePath: chromiumPath,
    args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking'],
  })

export interface View {
  readonly width: number
  readonly height: number
  readonly dark?: boolean
  readonly locale?: string
}

/** A page that keeps a list of everything a page must not do: errors, breaches of policy, foreign calls. */
export async function openPage(
  browser: Browser,
  demo: Pick<Demo, 'url'>,
  path: string,
  view: View,
) {
  const context: BrowserContext = await browser.newContext({
    viewport: { width: view.width, height: view.height },
    colorScheme: view.dark ? 'dark' : 'light',
    locale: view.locale ?? 'zh-CN',
    reducedMotion: 'reduce',
  })
  const page: Page = await context.newPage()
  const complaints: string[] = []
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) complaints.push(message.text())
  })
  page.on('pageerror', (error) => complaints.push(String(error)))
  context.on('request', (request) => {
    const url = request.url()
    if (!url.startsWith(demo.url) && !url.startsWith('data:')) complaints.push(`foreign: ${url}`)
  })
  await page.goto(demo.url + path)
  return { page, context, complaints }
}

/** A refused call is told by the page, and a slip opens in the browser's own reader. */
const expected = /status of [45]\d\d|^foreign: (?:blob|chrome|chrome-extension):/
export const seriousOf = (complaints: string[]) => complaints.filter((text) => !expected.test(text))
