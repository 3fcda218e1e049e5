/** How a page looks: as pictures, where a folder is named for them, and by the rules of WCAG AA. */
import { mkdirSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { expect } from 'vitest'

/** A folder for pictures to be looked at; none without it. */
const folder = process.env.TELEPURSE_PICTURES
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

const themes = ['light', 'dark'] as const
const widths = { phone: { width: 390, height: 844 }, desktop: { width: 1280, height: 800 } }

/** As `look`, of a screen that is used on a phone: nothing to touch is smaller than a fingertip. */
export async function lookInHand(page: Page, name: string) {
  expect(await tooSmall(page), `${name} is for fingers`).toEqual([])
  await look(page, name)
}

/** Of a screen as it stands: nothing is wider than the page, and nothing breaks WCAG 2.1 AA in either theme. */
export async function look(page: Page, name: string) {
  expect(await isNarrow(page), `${name} is no wider than the page`).toBe(true)
  for (const theme of themes) {
    await page.emulateMedia({ colorScheme: theme })
    expect(await breaches(page, theme), `${name} in ${theme}`).toEqual([])
    if (folder !== undefined) await pictures(page, folder, `${name}-${theme}`)
  }
  await page.emulateMedia({ colorScheme: 'light' })
}

export async function picture(page: Page, name: string) {
  if (folder === undefined) return
  mkdirSync(folder, { recursive: true })
  await page.screenshot({ path: join(folder, `${name}.png`), fullPage: true })
}

async function pictures(page: Page, into: string, name: string) {
  mkdirSync(into, { recursive: true })
  for (const [width, size] of Object.entries(widths)) {
    await page.setViewportSize(size)
    await page.screenshot({ path: join(into, `${name}-${width}.png`), fullPage: width === 'phone' })
  }
  await page.setViewportSize(widths.phone)
}

export const isNarrow = (page: Page): Promise<boolean> =>
  page.evaluate('document.documentElement.scrollWidth <= document.documentElement.clientWidth')

/** Apple's and WCAG 2.5.5's measure. A field is as large as its label; what a dialog covers is out of reach. */
const fingertip = 44
const tooSmall = (page: Page): Promise<string[]> =>
  page.evaluate(`[...(document.querySelector('dialog[open]') ?? document)
    .querySelectorAll('a, button, input, select, summary')]
    .filter((one) => one.checkVisibility() && !one.matches('p a'))
    .flatMap((one) => {
      const { width, height } = (one.closest('label') ?? one).getBoundingClientRect()
      const isSmall = Math.round(width) < ${fingertip} || Math.round(height) < ${fingertip}
      return isSmall ? [one.outerHTML.slice(0, 100) + ' ' + width + 'x' + height] : []
    })`)

/** The structure is the same in both themes: in the dark one only its colours are looked at. */
async function breaches(page: Page, theme: (typeof themes)[number]): Promise<string[]> {
  if (!(await page.evaluate('"axe" in window'))) await page.evaluate(axe)
  const runOnly =
    theme === 'light'
      ? { type: 'tag', values: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa'] }
      : { type: 'rule', values: ['color-contrast'] }
  const options = JSON.stringify({ runOnly, resultTypes: ['violations'] })
  return page.evaluate(`axe.run(document, ${options}).then(({ violations }) =>
    violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => id + ': ' + html.slice(0, 160))))`)
}
