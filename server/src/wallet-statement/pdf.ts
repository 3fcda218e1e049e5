/** A statement on paper, A4, a table over as many pages as it takes. The same statement makes the same bytes. */
import PDFDocument from 'pdfkit'
import { hanFont } from './han-font.ts'
import type { Line } from './line.ts'
import { cellsOf, cutText, headings, type Language } from './words.ts'

export interface Paper {
  readonly lines: readonly Line[]
  /** There are older ones: the last line says so. */
  readonly isCut: boolean
  readonly language: Language
  readonly time: (at: number) => string
  /** Whose, masked, from when to when, and of what. */
  readonly heading: string
  readonly madeAt: number
}

const margin = 36
const size = { title: 14, text: 8 }
const rowHeight = 15
const ink = { full: '#1F1A21', soft: '#6F6671', line: '#CDC6BF' }
/** Of the headings, in points; together the width of the page between its margins. */
const widths = [92, 74, 120, 62, 62, 78, 35] as const
const title = { zh: '手机钱包账单', en: 'Wallet statement' }

export function pdfOf({
  lines,
  isCut,
  language,
  time,
  heading,
  madeAt,
}: Paper): Promise<Uint8Array> {
  const info = { Title: `${title[language]} ${heading}`, CreationDate: new Date(madeAt) }
  const doc = new PDFDocument({
    size: 'A4',
    margin,
    lang: language === 'zh' ? 'zh-CN' : 'en',
    info,
  })
  const collected = bytesOf(doc)
  doc.registerFont('han', hanFont()).font('han').fillColor(ink.full)
  doc.fontSize(size.title).text(title[language])
  doc.fontSize(size.text).fillColor(ink.soft).text(heading).moveDown()
  row(doc, headings[language], ink.soft)
  for (const line of lines) row(doc, cellsOf(line, language, time), ink.full)
  if (isCut) note(doc, cutText(lines.length, language))
  void doc.end()
  return collected
}

function row(doc: PDFKit.PDFDocument, cells: readonly string[], color: string): void {
  if (doc.y + rowHeight > doc.page.height - margin) doc.addPage()
  const { y } = doc
  doc.fontSize(size.text).fillColor(color)
  let x: number = margin
  for (const [i, width] of widths.entries()) {
    const align = i === 3 || i === 4 ? 'right' : 'left'
    const box = { width: width - 6, height: rowHeight - 3, align, ellipsis: true } as const
    doc.text(cells[i] ?? '', x, y, box)
    x += width
  }
  doc.moveTo(margin, y + rowHeight - 3).lineTo(x, y + rowHeight - 3)
  doc.lineWidth(0.5).strokeColor(ink.line).stroke()
  doc.x = margin
  doc.y = y + rowHeight
}

function note(doc: PDFKit.PDFDocument, text: string): void {
  if (doc.y + rowHeight > doc.page.height - margin) doc.addPage()
  doc.fontSize(size.text).fillColor(ink.full).text(text, margin, doc.y)
}

function bytesOf(doc: PDFKit.PDFDocument): Promise<Uint8Array> {
  return new Promise((resolve, reject) => {
    const chunks: Uint8Array[] = []
    doc.on('data', (chunk: Uint8Array) => chunks.push(chunk))
    doc.on('end', () => resolve(Buffer.concat(chunks)))
    doc.on('error', reject)
  })
}
