/** The example of the README is run, and prints what the README says. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import ts from 'typescript'
import { expect, test } from 'vitest'
import * as library from './index.ts'

const readme = readFileSync(join(import.meta.dirname, '../README.md'), 'utf8')
const [, example = '', printedThere = ''] =
  /```ts\n(.*?)```\n\n```text\n(.*?)```/s.exec(readme) ?? []

test('the example prints what it says', async () => {
  // As the body of an async function, which may wait at its top as a module may.
  const { outputText } = ts.transpileModule(example, {
    compilerOptions: { module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2023 },
  })
  const printed: string[] = []
  const run = new Function(
    'require',
    'exports',
    'console',
    `return (async () => {${outputText}})()`,
  )
  const log = (...texts: unknown[]) => printed.push(texts.join(' '))
  await run(() => library, {}, { log })
  expect(`${printed.join('\n')}\n`).toBe(printedThere)
})

test('all that is exported is spoken of', () => {
  expect(Object.keys(library).filter((name) => !readme.includes(name))).toEqual([])
})
