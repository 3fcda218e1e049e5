/** Reads docs/reference/faults.md and finds what it claims and is not there. */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { invariants } from '../server/src/composition/invariants.ts'
import { workloads } from './races/workloads/index.ts'

const root = join(import.meta.dirname, '..')

/** One number of the catalogue of faults was never given. */
const faults = Array.from({ length: 72 }, (_, n) => `F${String(n + 1).padStart(2, '0')}`)
const wanted: readonly string[] = [
  ...faults.filter((name) => name !== 'F19'),
  ...Array.from({ length: 27 }, (_, n) => `P${n + 1}`),
  ...Array.from({ length: 16 }, (_, n) => `I${n + 1}`),
]
const rules = new Set(invariants.map(({ name }) => name))
const races = new Set(workloads.map(({ name }) => name))
const mutants = workloads.flatMap((race) =>
  race.mutants.map((mutant) => `| \`${race.name}\` | \`${mutant.name}\` | ${mutant.lacks} |`),
)

export const faultTable = () => readFileSync(join(root, 'docs/reference/faults.md'), 'utf8')

/** Empty when every row is there and everything it names is too. */
export function complaintsAbout(text: string): string[] {
  const rows = text.split('\n').filter((line) => /^\| [FPI]\d+ \|/.test(line))
  const names = rows.map((row) => row.split('|')[1]?.trim() ?? '')
  const listed = text.split('\n').filter((line) => /^\| `[a-z-]+` \| `/.test(line))
  return [
    ...wanted.filter((name) => !names.includes(name)).map((name) => `${name} is missing`),
    ...names.filter((name, i) => names.indexOf(name) !== i).map((name) => `${name} is there twice`),
    ...rows.flatMap(complaintsAboutRow),
    ...mutants
      .filter((start) => !listed.some((line) => line.startsWith(start)))
      .map((start) => `${start} is missing`),
    ...listed
      .filter((line) => !mutants.some((start) => line.startsWith(start)))
      .map((line) => `${line} is no mutant`),
  ]
}

function complaintsAboutRow(row: string): string[] {
  const shown = row.split('|').at(-2) ?? ''
  const isShown = /`[^`]+\.(?:test|fault)\.ts` “|race `|comes with /.test(shown)
  const tests = [...row.matchAll(/`([^`]+\.(?:test|fault)\.ts)` “([^”]+)”/g)]
  const bare = [...row.matchAll(/`([^`]+\.(?:test|fault)\.ts)`(?! “)/g)]
  return [
    ...(isShown ? [] : ['nothing shows it']),
    ...bare.map(([, path = '']) => `no test is named in ${path}`),
    ...tests.flatMap(([, path = '', title = '']) =>
      hasTest(path, title) ? [] : [`no “${title}” in ${path}`],
    ),
    ...namesAfter(row, 'race')
      .filter((name) => !races.has(name))
      .map((name) => `no race ${name}`),
    ...namesAfter(row, 'rule')
      .filter((name) => !rules.has(name))
      .map((name) => `no rule ${name}`),
    ...[...row.matchAll(/`([^`\s]+\/[^`\s]+)`/g)].flatMap(([, path = '']) =>
      existsSync(join(root, path)) ? [] : [`no file ${path}`],
    ),
  ].map((complaint) => `${row.split('|')[1]?.trim()}: ${complaint}`)
}

/** The title as it stands between quotes in the source. */
function hasTest(path: string, title: string): boolean {
  const file = join(root, path)
  if (!existsSync(file)) return false
  const source = readFileSync(file, 'utf8')
  return ["'", '`', '"'].some((quote) => source.includes(quote + title + quote))
}

/** After "rule", a list of names may follow. */
function namesAfter(row: string, word: string): string[] {
  return [...row.matchAll(new RegExp(`\\b${word} \`([^\`]+)\``, 'g'))].map(([, name = '']) => name)
}
