/** The example of the README is run, and prints what the README says. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import ts from 'typescript'
import { expect, test } from 'vitest'
import * as library from './index.ts'
import type { Reason } from './refusal.ts'

const readme = readFileSync(join(import.meta.dirname, '../README.md'), 'utf8')
const blockOf = (language: string) =>
  new RegExp(`\`\`\`${language}\\n(.*?)\`\`\``, 's').exec(readme)?.[1] ?? ''

test('the example prints what it says', () => {
  const { outputText } = ts.transpileModule(blockOf('ts'), {
    compilerOptions: { module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2023 },
  })
  const printed: string[] = []
  const run = new Function('require', 'exports', 'console', outputText)
  run(() => library, {}, { log: (...texts: unknown[]) => printed.push(texts.join(' ')) })
  expect(`${printed.join('\n')}\n`).toBe(blockOf('text'))
})

test('all that is exported is spoken of, and every reason', () => {
  const reasons: Readonly<Record<Reason, true>> = {
    cut_short: true,
    bad_id: true,
    bad_length: true,
    empty: true,
    duplicate: true,
    missing: true,
    unexpected: true,
    misplaced: true,
    too_long: true,
    too_short: true,
    bad_character: true,
    bad_value: true,
    bad_precision: true,
    crc_differs: true,
  }
  const names = [...Object.keys(library), ...Object.keys(reasons)]
  expect(names.filter((name) => !readme.includes(name))).toEqual([])
})
