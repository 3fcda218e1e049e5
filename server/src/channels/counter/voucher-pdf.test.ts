/** The paper a customer takes home, as a program that reads PDFs sees it. */
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { inflateSync } from 'node:zlib'
import { expect, test } from 'vitest'
import type { VoucherContent } from '../../staff/index.ts'
import { type Printed, voucherPdf } from './voucher-pdf.ts'

const content: VoucherContent = {
  title: { zh: '绑定银行卡', en: 'Bank card bound' },
  lines: [
    { label: { zh: '业务', en: 'Act' }, value: { zh: '绑定银行卡', en: 'Bank card bound' } },
    { label: { zh: '手机号', en: 'Number' }, value: '138****8000' },
    { label: { zh: '卡号', en: 'Card' }, value: '6217 **** **** 6215' },
    { label: { zh: '户名', en: 'Name' }, value: '*赟' },
    { label: { zh: '协议', en: 'Agreement' }, value: '2026-09' },
    { label: { zh: '时间', en: 'Time' }, value: '2026-11-23 14:36:20' },
    { label: { zh: '网点 / 柜员', en: 'Hall / clerk' }, value: '滨江路厅 / 0417' },
  ],
  note: {
    zh: '初始支付密码用短信发到 138****8000。首次付款前必须修改，请勿告诉他人。',
    en: 'The initial payment PIN goes to 138****8000 by SMS. Change it before the first payment; tell nobody.',
  },
  signature: 'M18 52c10-28 22-36 24-30s-8 34-12 36 14-30 26-30 2 26 8 26',
}
const printed: Printed = {
  ...{ number: 'BD-2611-004172', content, copy: false },
  issuedAt: Date.UTC(2026, 10, 23, 6, 36, 20),
}

/** What text there is, by the table from glyphs to characters that each subset of a font brings along. */
function textIn(pdf: Uint8Array): string {
  const raw = Buffer.from(pdf).toString('latin1')
  const streams = [...raw.matchAll(/stream\r?\n([\s\S]*?)\r?\nendstream/g)].flatMap(
    ([, body = '']) => {
      try {
        return [inflateSync(Buffer.from(body, 'latin1')).toString('latin1')]
      } catch {
        return []
      }
    },
  )
  const map = streams.find((text) => text.includes('beginbfrange')) ?? ''
  const characters = [...map.matchAll(/<([0-9a-f]{4,})>(?=[^<[]*[<\]])/gi)].map(([, hex = '']) =>
    Buffer.from(hex, 'hex').swap16().toString('utf16le'),
  )
  return characters.join('')
}

test('has every character as text that can be searched, rare ones of names too, in one small file', async () => {
  const pdf = await voucherPdf(printed)
  expect(Buffer.from(pdf).subarray(0, 5).toString()).toBe('%PDF-')
  const text = textIn(pdf)
  for (const character of '绑定银行卡手机号户名赟协议滨江路厅柜员初始支付密码')
    expect(text).toContain(character)
  // A whole font is 8 MB; what is printed is a few hundredths of it.
  expect(pdf.length).toBeLessThan(150_000)
})

test('is the same bytes each time, and a second print says that it is a copy', async () => {
  const first = await voucherPdf(printed)
  expect(Buffer.compare(first, await voucherPdf(printed))).toBe(0)
  const copy = await voucherPdf({ ...printed, copy: true })
  expect(textIn(copy)).toContain('补')
  expect(textIn(first)).not.toContain('补')
})

test('takes any line of a pen that is let in, and any length of words', async () => {
  const strange = {
    ...content,
    signature: 'M1 2 z z q 1 h',
    lines: [...content.lines, ...content.lines],
  }
  expect((await voucherPdf({ ...printed, content: strange })).length).toBeGreaterThan(1_000)
  const bare = { ...content, note: null, signature: null }
  expect((await voucherPdf({ ...printed, content: bare })).length).toBeGreaterThan(1_000)
})

/** With poppler at hand, it is read by a program that is not ours. */
const poppler = (() => {
  try {
    execFileSync('pdftotext', ['-v'], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
})()

test.runIf(poppler)('is one page that poppler reads in the order of the paper', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'telepurse-voucher-'))
  try {
    const file = join(folder, 'voucher.pdf')
    writeFileSync(file, await voucherPdf(printed))
    const text = execFileSync('pdftotext', ['-layout', file, '-']).toString()
    expect(text.split('\f').filter((page) => page.trim() !== '')).toHaveLength(1)
    expect(text).toMatch(/业务 Act\s+绑定银行卡\s+Bank card bound/)
    expect(text).toMatch(
      /手机钱包业务凭条[\s\S]*BD-2611-004172[\s\S]*138\*{4}8000[\s\S]*\*赟[\s\S]*客户签名/,
    )
  } finally {
    rmSync(folder, { recursive: true })
  }
})
