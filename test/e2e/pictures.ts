/** Pictures of pages, for people to look at. None without a folder to put them in. */
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from 'playwright-core'

const folder = process.env.TELEPURSE_PICTURES
const views = [
  { width: 1280, height: 800 },
  { width: 390, height: 844 },
]

/** What is in sight. */
export async function picture(page: Page, name: string): Promise<void> {
  if (folder === undefined) return
  mkdirSync(folder, { recursive: true })
  await page.screenshot({ path: join(folder, `${name}.png`) })
}

/** The whole page on a desk and on a phone; afterwards it is as wide as before. */
export async function pictures(page: Page, name: string): Promise<void> {
  if (folder === undefined) return
  mkdirSync(folder, { recursive: true })
  await page.evaluate('scrollTo(0, 0)')
  const before = page.viewportSize()
  for (const view of views) {
    await page.setViewportSize(view)
    const path = join(folder, `${name}-${view.width}.png`)
    await page.screenshot({ path, fullPage: true })
  }
  if (before) await page.setViewportSize(before)
}
