/**
 * A voucher on paper, 80 mm wide as receipt printers have it.
 * The same voucher makes the same bytes.
 */
import PDFDocument from 'pdfkit'
import type { Bilingual, VoucherContent } from '../../staff/index.ts'
import { hanFont } from '../../wallet-statement/index.ts'

export interface Printed {
  readonly number: string
  readonly content: VoucherContent
  readonly issuedAt: number
  readonly copy: boolean
}

const mm = 72 / 25.4
const paper = { width: 80 * mm, margin: 6 * mm }
const inner = paper.width - 2 * paper.margin
const ink = { full: '#1F1A21', soft: '#6F6671', line: '#CDC6BF' }
const size = { title: 12, text: 9, small: 7.5 }
const lineGap = 3
/** As the pad has it: 220 by 80. */
const pad = { width: 220, height: 80 }
const signatureWidth = inner * 0.6

/** Longer than any voucher; what is not used is cut off. */
const longest = 1_000 * mm

export function voucherPdf({ number, content, issuedAt, copy }: Printed): Promise<Uint8Array> {
  const doc = new PDFDocument({
    size: [paper.width, longest],
    margin: paper.margin,
    lang: 'zh-CN',
    info: { Title: `${content.title.zh} ${number}`, CreationDate: new Date(issuedAt) },
  })
  const collected = bytesOf(doc)
  doc.registerFont('han', hanFont()).font('han')
  doc.fillColor(ink.full).fontSize(size.title).text('手机钱包业务凭条', { align: 'center' })
  const heading = `${content.title.zh} · ${content.title.en}`
  doc.fillColor(ink.soft).fontSize(size.small).text(heading, { align: 'center' })
  if (copy) doc.text('补打 · Copy', { align: 'center' })
  rule(doc)
  row(doc, { zh: '凭条号', en: 'Voucher' }, number)
  for (const { label, value } of content.lines) row(doc, label, value)
  if (content.note) {
    rule(doc)
    doc.fillColor(ink.soft).fontSize(size.small)
    doc.text(content.note.zh, { lineGap: 1 }).moveDown(0.3).text(content.note.en, { lineGap: 1 })
  }
  rule(doc)
  if (content.signature !== null) sign(doc, content.signature)
  doc.fillColor(ink.soft).fontSize(size.small).text('客户签名 · Signature of the customer')
  // Measured from the bottom, as PDF does (ISO 32000-1 §8.3.2.3).
  const MediaBox = [0, longest - doc.y - paper.margin, paper.width, longest]
  Object.assign(doc.page.dictionary.data, { MediaBox })
  doc.end()
  return collected
}

/** The label in both languages on the left, the value on the right: words in both languages too. */
function row(doc: PDFKit.PDFDocument, label: Bilingual, value: string | Bilingual): void {
  const { x, y } = doc
  doc
    .fillColor(ink.soft)
    .fontSize(size.small)
    .text(`${label.zh} ${label.en}`, x, y + 1, { width: inner * 0.45 })
  const left = doc.y
  doc.fillColor(ink.full).fontSize(size.text)
  const text = typeof value === 'string' ? value : `${value.zh}\n${value.en}`
  doc.text(text, x + inner * 0.4, y, { width: inner * 0.6, align: 'right' })
  doc.x = x
  doc.y = Math.max(left, doc.y) + lineGap
}

function rule(doc: PDFKit.PDFDocument): void {
  const y = doc.y + 4
  doc.moveTo(paper.margin, y).lineTo(paper.width - paper.margin, y)
  doc.dash(2, { space: 2 }).lineWidth(0.5).strokeColor(ink.line).stroke().undash()
  doc.y = y + 6
}

/** The pen's line; what is no path leaves the place empty. */
function sign(doc: PDFKit.PDFDocument, path: string): void {
  const scale = signatureWidth / pad.width
  const { x, y } = doc
  doc.save().translate(x, y).scale(scale)
  doc.path(path).lineWidth(2.4).lineCap('round').strokeColor(ink.full).stroke()
  doc.restore()
  doc.x = x
  doc.y = y + pad.height * scale + 2
}

function bytesOf(doc: PDFKit.PDFDocument): Promise<Uint8Array> {
  return new Promise((resolve, reject) => {
    const chunks: Uint8Array[] = []
    doc.on('data', (chunk: Uint8Array) => chunks.push(chunk))
    doc.on('end', () => resolve(Buffer.concat(chunks)))
    doc.on('error', reject)
  })
}
