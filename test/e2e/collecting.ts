/** Two phones before each other: one shows the payment code, the other reads it and is paid. */
import type { Page } from 'playwright-core'
import { lookInHand, picture } from './looks.ts'

export interface FaceToFace {
  /** Shows the code. */
  readonly payer: Page
  /** Reads it. */
  readonly reader: Page
  readonly typePin: (page: Page) => Promise<void>
  readonly go: (page: Page, path: string) => Promise<unknown>
}

export async function collectFaceToFace({ payer, reader, typePin, go }: FaceToFace) {
  await go(payer, '/code')
  await go(reader, '/code/scan')
  await read(reader, await digitsOf(payer))
  await reader.getByLabel('收多少').fill('25')
  await reader.getByLabel('收款说明（可不填）').fill('奶茶')
  await lookInHand(reader, 'collect')
  await reader.getByRole('button', { name: '收款', exact: true }).click()
  await reader.getByRole('heading', { name: '已收款' }).waitFor()
  await reader.getByText(/\*三 136\*{4}\d{4} 付给你/).waitFor()
  await picture(reader, 'collected')
  // Whoever shows the code looks on, and touches nothing.
  await payer.getByRole('heading', { name: '已付款' }).waitFor()
  await payer.getByRole('link', { name: '显示新的付款码' }).click()

  await reader.getByRole('link', { name: '再收一笔' }).click()
  await read(reader, await digitsOf(payer))
  await reader.getByLabel('收多少').fill('200.01')
  await reader.keyboard.press('Enter')
  await reader.getByRole('heading', { name: '请对方在手机上输入密码' }).waitFor()
  await payer.getByText('输入 6 位支付密码').waitFor()
  await lookInHand(payer, 'collect-asked')
  await lookInHand(reader, 'collect-waits')
  await typePin(payer)
  await payer.getByRole('heading', { name: '已付款' }).waitFor()
  await reader.getByRole('heading', { name: '已收款' }).waitFor()

  await payer.getByRole('link', { name: '显示新的付款码' }).click()
  await reader.getByRole('link', { name: '再收一笔' }).click()
  await read(reader, await digitsOf(payer))
  await reader.getByLabel('收多少').fill('5000')
  await reader.getByRole('button', { name: '收款', exact: true }).click()
  await reader.getByText('对方这次付不了款').waitFor()
  await payer.getByText('余额不足').waitFor()
}

async function digitsOf(payer: Page): Promise<string> {
  await payer.getByRole('button', { name: '查看数字' }).click()
  const shown = await payer.getByText(/^76\d\d \d{4} /).textContent()
  return (shown ?? '').replace('隐藏数字', '').trim()
}

/** As it is shown, in groups: no camera is here. */
async function read(reader: Page, digits: string): Promise<void> {
  await reader.getByLabel('二维码内容、付款码数字或付款链接').fill(digits)
  await reader.getByRole('button', { name: '下一步' }).click()
}
