/** The charts of docs/reference/performance.md, from the latest results: plain SVG, bars with their figures. */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Figure, type Report, resultsFolder } from './report.ts'

const folder = join(import.meta.dirname, '../../docs/reference/performance')
const width = 760
const rowHeight = 34
const labelWidth = 290
const barWidth = 330

interface Chart {
  readonly bench: string
  readonly file: string
  readonly title: string
  readonly unit: string
  readonly measureOf: (figure: Figure) => number
}

const perSecond = (figure: Figure) => figure.median.perSecond
const seconds = (figure: Figure) => figure.median.p50Ms / 1_000
const processor = (figure: Figure) =>
  Object.values(figure.cpuUs).reduce<number>((sum, us) => sum + (us ?? 0), 0)

const charts: readonly Chart[] = [
  { bench: 'ledger', file: 'ledger', title: 'Transfers', unit: 'a second', measureOf: perSecond },
  {
    bench: 'ledger',
    file: 'ledger-processor',
    title: 'Processor time of a transfer, client and server',
    unit: 'µs',
    measureOf: processor,
  },
  {
    bench: 'payments',
    file: 'payments',
    title: 'Requests',
    unit: 'a second',
    measureOf: perSecond,
  },
  {
    bench: 'growth',
    file: 'growth',
    title: 'Processor time of a payment, all parts',
    unit: 'µs',
    measureOf: processor,
  },
  { bench: 'start', file: 'start', title: 'From start to ready', unit: 's', measureOf: seconds },
]

/** Answers the exit code. Quick runs are left out: their figures are not for showing. */
export function drawCharts(): number {
  for (const one of [folder, resultsFolder]) mkdirSync(one, { recursive: true })
  for (const chart of charts) {
    const latest = latestOf(chart.bench)
    if (!latest) {
      console.log(`no results of ${chart.bench}: npm run bench -- ${chart.bench}`)
      continue
    }
    writeFileSync(join(folder, `${chart.file}.svg`), draw(chart, latest))
    console.log(`docs/reference/performance/${chart.file}.svg`)
  }
  return 0
}

function latestOf(bench: string): Report | undefined {
  return readdirSync(resultsFolder)
    .filter((name) => name.startsWith(`${bench}-`) && name.endsWith('.json'))
    .toSorted()
    .map((name) => JSON.parse(readFileSync(join(resultsFolder, name), 'utf8')) as Report)
    .findLast(({ isQuick }) => !isQuick)
}

function draw({ title, unit, measureOf }: Chart, { figures, before, at }: Report): string {
  const most = Math.max(...figures.map(measureOf))
  const height = 70 + figures.length * rowHeight
  const rows = figures.map((figure, index) => {
    const y = 52 + index * rowHeight
    const length = Math.max(1, Math.round((measureOf(figure) / most) * barWidth))
    return `  <text x="0" y="${y + 9}">${markup(figure.name)}</text>
  <text x="0" y="${y + 22}" class="small">${markup(figure.load)}</text>
  <rect x="${labelWidth}" y="${y}" width="${length}" height="18" rx="2"/>
  <text x="${labelWidth + length + 8}" y="${y + 14}">${spell(measureOf(figure))} ${unit}</text>`
  })
  const where = `${before.cores} × ${before.processor}, Node ${before.node}, load average ${before.loadAverage[0]} before, ${at.slice(0, 10)}`
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" role="img" aria-label="${markup(title)}">
  <style>text { font: 13px sans-serif; fill: #667 } .title { font-weight: 600; font-size: 15px }
    .small { font-size: 10px } rect { fill: #2f7d6b }</style>
  <text x="0" y="16" class="title">${markup(title)}</text>
  <text x="0" y="34" class="small">${markup(where)}</text>
${rows.join('\n')}
</svg>
`
}

const spell = (value: number) =>
  value.toLocaleString('en', { maximumFractionDigits: value < 100 ? 1 : 0 })

const markup = (text: string) =>
  text.replace(
    /[&<>"]/g,
    (one) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' })[one] ?? '',
  )
