/** A merchant's code before the app: refused the camera, out of pictures, by a camera that sees it; and its page. */
import type { BrowserContext, Page } from 'playwright-core'
import { expect } from 'vitest'
import { picture } from './pictures.ts'

/** From the home screen to the form that pays; the browser reads no codes by itself. */
export async function scanEveryWay(page: Page, code: { text: string; svg: string; shows: string }) {
  const decoders: string[] = []
  page.on('request', (request) => {
    if (/\/assets\/decoder-/.test(request.url())) decoders.push(request.url())
  })
  const shown = page.getByText(code.shows).first()
  const other = page.getByRole('button', { name: '换一个' })
  await page.evaluate(`delete globalThis.BarcodeDetector
    navigator.mediaDevices.getUserMedia = async () => { throw new DOMException('', 'NotAllowedError') }`)
  await page.getByRole('link', { name: '扫一扫' }).click()
  await page.getByText('没有相机权限').waitFor()
  await picture(page, 'scan')
  await page.getByLabel('二维码内容、付款码数字或付款链接').fill(code.text)
  await page.getByRole('button', { name: '下一步' }).click()
  await shown.waitFor()
  await other.click()
  expect(decoders).toEqual([])

  await choose(page, Buffer.from('no picture'))
  await page.getByText('这个文件不能作为图片打开').waitFor()
  await choose(page, await pngOf(page, '<svg xmlns="http://www.w3.org/2000/svg"/>'))
  await page.getByText('图片里没有找到二维码').waitFor()
  await picture(page, 'scan-blank')
  expect(decoders).toHaveLength(1)
  // Too dull to be read as it is.
  await choose(page, await pngOf(page, code.svg, 'contrast(0.05)'))
  await shown.waitFor()

  await page.evaluate(seeing(await pngOf(page, code.svg)))
  await other.click()
  await shown.waitFor()
}

/** From the payment page of an order of 300.00, in a browser that is signed in to the app, which has less. */
export async function openFromPage(context: BrowserContext, url: string) {
  const shop = await context.newPage()
  await shop.goto(url)
  const [app] = await Promise.all([
    context.waitForEvent('page'),
    shop.getByRole('link', { name: '在钱包 App 里付款' }).click(),
  ])
  await picture(shop, 'pay-page')
  await app.getByText('300.00').first().waitFor()
  const pay = app.getByRole('button', { name: '付款', exact: true })
  await expect.poll(() => pay.isEnabled()).toBe(true)
  // Of one bank there may be two.
  expect(await app.getByRole('radio', { name: '储蓄卡 1327' }).isChecked()).toBe(true)
  await app.getByRole('radio', { name: '信用卡 1327' }).waitFor()
  await app.getByRole('radio', { name: /钱包余额/ }).check()
  await app.getByText('超过可用余额').waitFor()
  expect(await pay.isDisabled()).toBe(true)
  await picture(app, 'pay-dear')
  await app.close()
  await shop.close()
}

const choose = (page: Page, buffer: Buffer) =>
  page.getByLabel('从图片识别').setInputFiles({ name: 'code.png', mimeType: 'image/png', buffer })

async function pngOf(page: Page, svg: string, filter = 'none'): Promise<Buffer> {
  const url: string = await page.evaluate(`(async () => {
    ${canvasOf(`data:image/svg+xml;base64,${Buffer.from(svg).toString('base64')}`, filter)}
    return canvas.toDataURL('image/png')
  })()`)
  return Buffer.from(url.slice(url.indexOf(',') + 1), 'base64')
}

/** A camera before which the picture lies: frames come for as long as it is on. */
const seeing = (png: Buffer) => `navigator.mediaDevices.getUserMedia = async () => {
    ${canvasOf(`data:image/png;base64,${png.toString('base64')}`)}
    const stream = canvas.captureStream()
    const frames = setInterval(() => {
      draw()
      if (!stream.active) clearInterval(frames)
    }, 50)
    return stream
  }`

const canvasOf = (url: string, filter = 'none') => `
    const image = new Image()
    await new Promise((resolve) => { image.onload = image.onerror = resolve; image.src = '${url}' })
    const canvas = Object.assign(document.createElement('canvas'), { width: 480, height: 480 })
    canvas.getContext('2d').filter = '${filter}'
    const draw = () => canvas.getContext('2d').drawImage(image, 0, 0, 480, 480)
    draw()`
