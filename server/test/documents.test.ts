import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect, test } from 'vitest'
import { settingsMarkdown } from '../src/config/index.ts'
import { settings } from '../src/config/settings.ts'
import { filesOf, root, textOf } from './architecture/files.ts'

const files = filesOf()
const written = /\.(md|ts|tsx|mjs|js|json|sql|css|html|ya?ml|sh)$|(^|\/)\.ci\/|LICENSE$/
const documents = files.filter((path) => path.endsWith('.md'))
const version = (path: string) => (JSON.parse(textOf(path)) as { version: string }).version

test('every package has the version that the change log begins with', () => {
  const newest = /^## (\d+\.\d+\.\d+)/m.exec(textOf('CHANGELOG.md'))?.[1]
  const packages = files.filter((path) => /(^|\/)package\.json$/.test(path))
  expect(packages.length).toBeGreaterThan(4)
  expect(packages.map((path) => [path, version(path)])).toEqual(
    packages.map((path) => [path, newest]),
  )
})

test('the page of settings says what the program knows (npm run docs:settings)', () => {
  expect(textOf('docs/reference/settings.md')).toBe(settingsMarkdown())
})

test('every setting is used', () => {
  const code = files
    .filter((path) => /^server\/src\/.*\.ts$/.test(path) && !/settings\.ts$|\.test\.ts$/.test(path))
    .map(textOf)
    .join('\n')
  const unused = Object.keys(settings).filter((key) => !new RegExp(`\\b${key}\\b`).test(code))
  expect(unused).toEqual([])
})

test.each(documents)('the links of %s lead somewhere', (path) => {
  const text = textOf(path).replace(/```[\s\S]*?```/g, '')
  const links = [...text.matchAll(/\]\(([^)\s]+)\)/g)].map((match) => match[1] ?? '')
  const broken = links
    .filter((link) => !/^[a-z]+:/.test(link))
    .filter((link) => !leadsSomewhere(path, link))
  expect(broken).toEqual([])
})

function leadsSomewhere(from: string, link: string): boolean {
  const [file = '', anchor] = link.split('#')
  const target = file === '' ? from : join(dirname(from), file)
  if (!existsSync(join(root, target))) return false
  return anchor === undefined || anchorsOf(textOf(target)).has(anchor)
}

/** Headings as the usual viewers make anchors of them. */
const anchorsOf = (text: string) =>
  new Set(
    [...text.matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) =>
      heading
        .toLowerCase()
        .replace(/[^\p{L}\p{N}\s_-]/gu, '')
        .trim()
        .replace(/\s/g, '-'),
    ),
  )

test('no file names a place of one machine', () => {
  // In pieces, so that this file does not name one either.
  const homes = ['home', 'Users', 'root', 'work'].join('|')
  const place = new RegExp(`(?<![\\w.$}~/-])/(?:${homes})/\\w`)
  const found = files
    .filter((path) => written.test(path) && !path.endsWith('package-lock.json'))
    .filter((path) => place.test(textOf(path)))
  expect(found).toEqual([])
})
