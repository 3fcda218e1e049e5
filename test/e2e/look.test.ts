import { test } from 'vitest'
import { ask, openBrowser, openPage, startDemo } from './demo-server.ts'

test('look', async () => {
  const t0 = performance.now()
  const demo = await startDemo()
  console.log('demo up', performance.now() - t0, demo.url)
  const browser = await openBrowser()
  const { page, complaints } = await openPage(browser, demo, '/demo', { width: 1440, height: 900 })
  await page.waitForSelector('.feature-phone')
  console.log('page up', performance.now() - t0)
  await page.screenshot({ path: '/tmp/shots/1-start.png' })
  await ask(demo, '/simulator/handsets/13800138000/messages', { to: '1065800886021', text: '100' })
  await page.getByText('回复Y确认').first().waitFor()
  await page.screenshot({ path: '/tmp/shots/2-asked.png' })
  await ask(demo, '/simulator/handsets/13800138000/messages', { to: '1065800886021', text: 'Y' })
  await page.getByText('已付10.00元').first().waitFor()
  await new Promise((r) => setTimeout(r, 1500))
  await page.screenshot({ path: '/tmp/shots/3-paid.png' })
  console.log(complaints, performance.now() - t0)
  await browser.close()
  await demo.close()
  console.log('closed', performance.now() - t0)
}, 60_000)
