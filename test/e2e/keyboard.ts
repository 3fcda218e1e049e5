/** A page that is worked by keys alone: each step goes to what comes next, and says when that cannot be seen. */
import type { Page } from 'playwright-core'
import { expect } from 'vitest'

interface Focus {
  /** As a reader would announce it. */
  readonly name: string
  /** There is a ring around it, or around the box that it stands for. */
  readonly ringed: boolean
  /** It is on the page and nothing lies over it. */
  readonly inSight: boolean
}

const look = `(() => {
  const focused = document.activeElement
  const named = focused.labels?.[0]?.textContent ?? focused.getAttribute('aria-label')
  const frame = focused.closest('.box, .pin-cells') ?? focused
  const { outlineStyle, outlineWidth, boxShadow } = getComputedStyle(frame)
  const { left, top, width, height } = frame.getBoundingClientRect()
  const there = document.elementFromPoint(left + width / 2, top + height / 2)
  return {
    name: (named ?? focused.textContent).trim(),
    ringed:
      (outlineStyle !== 'none' && Number.parseFloat(outlineWidth) >= 2) ||
      (frame !== focused && boxShadow !== 'none'),
    inSight: frame.contains(there),
  }
})()`

/** What has the focus is `name`, and who looks at the page sees it. */
export async function expectFocus(page: Page, name: string): Promise<void> {
  await expect
    .poll(async () => (await page.evaluate<Focus>(look)).name, { timeout: 20_000 })
    .toContain(name)
  expect(await page.evaluate<Focus>(look)).toMatchObject({ ringed: true, inSight: true })
}

/** One press of Tab for each name, in this order. */
export async function tabTo(page: Page, ...names: string[]): Promise<void> {
  for (const name of names) {
    await page.keyboard.press('Tab')
    await expectFocus(page, name)
  }
}

export async function tabBackTo(page: Page, ...names: string[]): Promise<void> {
  for (const name of names) {
    await page.keyboard.press('Shift+Tab')
    await expectFocus(page, name)
  }
}
