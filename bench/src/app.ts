/**
 * The app in Chromium, signed in: from the call for its page until the balance is there and can be pressed on, on a
 * processor slowed to a quarter and a line as 4G has it; and how soon a payment made elsewhere is seen.
 */
import type { BrowserContext, Page } from 'playwright-core'
import { ask, type Demo, openBrowser, startDemo } from '../../test/e2e/demo-server.ts'
import type { BenchOptions } from './main.ts'
import { figureOfRuns } from './once.ts'
import type { Figure } from './report.ts'
import { appNames } from './targets.ts'

const number = '13900139000'
const pin = '258036'
const slowdown = 4
/** Ten a second: a minute for the text to come. */
const triesMax = 600
/** “Fast 4G” of Chromium's developer tools: nine tenths of 9 and 1.5 Mbit/s, 60 ms to the mast made 165. */
const line = {
  offline: false,
  latency: 165,
  downloadThroughput: (9_000_000 / 8) * 0.9,
  uploadThroughput: (1_500_000 / 8) * 0.9,
}
const load = `CPU ${slowdown}× slower, ${line.latency} ms, 8.1 Mbit/s`

/** In the page: the moment, since it was called for, at which what is looked for stands there. */
const watch = `new Promise((seen) => {
  const look = () => document.querySelector('.balance-sum .money') ? seen(performance.now()) : requestAnimationFrame(look)
  look()
})`

export async function measureApp({ isQuick }: BenchOptions): Promise<readonly Figure[]> {
  const rounds = isQuick ? 2 : 7
  const demo = await startDemo()
  const browser = await openBrowser()
  try {
    await ask(demo, '/demo/customers', {})
    const cookie = await signIn(demo)
    const first: Opened[] = []
    const again: Opened[] = []
    for (let round = 0; round < rounds; round += 1) {
      const context = await browser.newContext({ viewport: { width: 390, height: 844 } })
      await context.addCookies([{ ...cookie, url: demo.url }])
      first.push(await open(context, demo))
      again.push(await open(context, demo))
      await context.close()
    }
    const pushed = await push(await browser.newContext(), demo, cookie, rounds)
    return [
      figure(appNames.usable, first),
      figure(appNames.again, again),
      figureOfRuns({ name: appNames.pushed, load: 'as it is', count: 1 }, pushed.map(timed)),
    ]
  } finally {
    await browser.close()
    await demo.close()
  }
}

interface Opened {
  readonly ms: number
  readonly octets: number
}

async function open(context: BrowserContext, demo: Demo): Promise<Opened> {
  const page = await context.newPage()
  const cdp = await context.newCDPSession(page)
  let octets = 0
  cdp.on('Network.loadingFinished', ({ encodedDataLength }) => {
    octets += encodedDataLength
  })
  await cdp.send('Network.enable')
  await cdp.send('Network.emulateNetworkConditions', line)
  await cdp.send('Emulation.setCPUThrottlingRate', { rate: slowdown })
  await page.goto(`${demo.url}/app`, { waitUntil: 'commit' })
  const ms = await page.evaluate<number>(watch)
  const opened = { ms, octets }
  await page.close()
  return opened
}

/** Each time a little goes to the other handset; what is told is from the answer until the page shows it. */
async function push(context: BrowserContext, demo: Demo, cookie: Cookie, rounds: number) {
  await context.addCookies([{ ...cookie, url: demo.url }])
  const page = await context.newPage()
  await page.goto(`${demo.url}/app`)
  await page.waitForSelector('.balance-sum .money')
  const all: number[] = []
  for (let round = 0; round < rounds; round += 1) all.push(await pushOnce(page, demo, cookie))
  return all
}

async function pushOnce(page: Page, demo: Demo, { name, value }: Cookie): Promise<number> {
  const shown = await page.textContent('.balance-sum')
  const changed = page.evaluate<number>(`new Promise((seen) => {
    const look = () => document.querySelector('.balance-sum').textContent === ${JSON.stringify(shown)}
      ? requestAnimationFrame(look) : seen(Date.now())
    look()
  })`)
  const answer = await fetch(`${demo.url}/consumer/transfers`, {
    method: 'POST',
    headers: {
      ...{ 'content-type': 'application/json', 'x-telepurse': 'bench', cookie: `${name}=${value}` },
    },
    body: JSON.stringify({ to: '13800138000', amount: '1', pin, key: crypto.randomUUID() }),
  })
  const at = Date.now()
  if (!answer.ok) throw new Error(await answer.text())
  return Math.max(0, (await changed) - at)
}

interface Cookie {
  readonly name: string
  readonly value: string
}

interface Handsets {
  readonly lines: readonly {
    readonly msisdn: string
    readonly messages: readonly { readonly text: string }[]
  }[]
}

async function signIn(demo: Demo): Promise<Cookie> {
  const headers = { 'content-type': 'application/json', 'x-telepurse': 'bench' }
  const post = (path: string, body: object) =>
    fetch(demo.url + path, { method: 'POST', headers, body: JSON.stringify(body) })
  await post('/consumer/codes', { number })
  for (let tries = 0; tries < triesMax; tries += 1) {
    const { lines } = await ask<Handsets>(demo, '/demo/state')
    const texts = lines.find(({ msisdn }) => msisdn.endsWith(number))?.messages ?? []
    const code = texts.flatMap(({ text }) => /^(?!银行)\D*(\d{6})\b/.exec(text)?.[1] ?? []).at(-1)
    const answer =
      code === undefined ? undefined : await post('/consumer/sessions', { number, code })
    const [name = '', value = ''] = (answer?.headers.get('set-cookie') ?? '').split(/[=;]/)
    if (answer?.ok) return { name, value }
    await new Promise((wake) => setTimeout(wake, 100))
  }
  throw new Error('the code to sign in did not come')
}

function figure(name: string, opened: readonly Opened[]): Figure {
  const runs = opened.map(({ ms }) => timed(ms))
  const most = Math.max(...opened.map(({ octets }) => octets))
  return { ...figureOfRuns({ name, load, count: 1 }, runs), loadedKb: Math.round(most / 1_000) }
}

const timed = (ms: number) => ({ seconds: ms / 1_000, cpuSeconds: {}, peakMb: {} })
