import { expect, test } from 'vitest'
import { filesOf, sourceOf } from './architecture/files.ts'
import { complaintsAbout } from './architecture/rules.ts'

const sources = filesOf()
  .filter((path) => /^(server|simulators|protocols|web|bench|test)\/.*\.tsx?$/.test(path))
  .filter((path) => !path.endsWith('.d.ts'))
  .map(sourceOf)

test('the sources are found', () => {
  expect(sources.length).toBeGreaterThan(150)
})

test('every source keeps to the map and the house rules', () => {
  const complaints = sources.flatMap((source) =>
    complaintsAbout(source).map((complaint) => `${source.path}: ${complaint}`),
  )
  expect(complaints).toEqual([])
})

const planted: readonly [path: string, text: string, complaint: string][] = [
  ['server/src/ledger/a.ts', `import { x } from '../payments/index.ts'`, 'ledger may not know'],
  ['server/src/risk/a.ts', `export { x } from '../merchants/index.ts'`, 'its neighbour merchants'],
  ['server/src/payments/a.ts', `import { x } from '../ledger/store.ts'`, 'enter ledger by its'],
  ['server/src/payments/a.ts', `const x = await import('../channels/sms/index.ts')`, 'not know'],
  [
    'server/src/channels/ussd/a.ts',
    `import { x } from '../sms/index.ts'`,
    'neighbour channels/sms',
  ],
  ['server/src/channels/sms/a.ts', `import { x } from '../../rails/carrier/index.ts'`, 'neighbour'],
  ['server/src/channels/sms/a.ts', `import { x } from '../../config/index.ts'`, 'below it'],
  ['server/src/loyalty/a.ts', `export const x = 1`, 'has no place in the map'],
  ['server/src/ledger/a.ts', `import { Pool } from 'pg'`, 'pg belongs to'],
  ['server/src/compose.ts', `import { x } from '@telepurse/simulators'`, 'belongs to'],
  [
    'simulators/src/a.ts',
    `import { x } from '../../server/src/kernel/index.ts'`,
    'leaves simulators',
  ],
  ['protocols/sms/src/a.ts', `import { x } from 'node:fs'`, 'also run in the browser'],
  ['protocols/sms/src/a.ts', `export const x = Buffer.alloc(1)`, 'also run in the browser'],
  ['protocols/iso8583/src/a.ts', `import { x } from 'node:crypto'`, 'also run in the browser'],
  ['protocols/iso8583/src/node.ts', `import { x } from 'node:fs'`, 'also run in the browser'],
  ['server/src/risk/a.ts', `export const x = Date.now()`, 'from a Clock'],
  ['server/src/risk/a.ts', `export const x = new Date()`, 'from a Clock'],
  ['simulators/src/a.ts', `export const x = Math.random()`, 'randomness'],
  ['server/src/risk/a.ts', `import { randomUUID } from 'node:crypto'`, 'randomness'],
  ['server/src/risk/a.ts', `export const x = process.env.X`, 'read settings'],
  ['server/src/risk/a.ts', `export const x = Number(order.amount)`, 'bigint'],
  ['server/src/risk/a.ts', `export const x = parseFloat('1')`, 'bigint'],
  ['server/src/risk/a.ts', 'const x = `update y set z = 1`', 'store.ts'],
  ['server/src/risk/a.ts', 'const x = `select $'.concat('{columns} from y`'), 'store.ts'],
  ['server/src/risk/a.ts', `console.log('x')`, 'the log'],
  ['server/src/risk/a.ts', `export default 1`, 'default export'],
  ['server/src/risk/a.ts', `export default function x() {}`, 'default export'],
  ['server/src/risk/a.ts', `enum X { A }`, 'enum'],
  ['server/src/risk/a.ts', 'const x = 1\n'.repeat(301), 'longer than 300'],
  ['server/src/risk/a.ts', `const x = ${'1 + '.repeat(40)}1`, 'is longer than'],
  ['server/src/risk/text-utils.ts', ``, 'called after nothing'],
  ['server/src/risk/a.ts', `// ${'TO'}${'DO'}: later`, 'unfinished'],
  ['server/src/risk/a.test.ts', `test('x', () => {})`, 'tests nothing'],
  ['server/src/risk/a.test.ts', `test.only('x', () => expect(1))`, 'leaves out'],
]

test.each(planted.map(([path, text, complaint]) => ({ path, text, complaint })))(
  'a breach in $path is found: $complaint',
  ({ path, text, complaint }) => {
    expect(complaintsAbout({ path, text })).toEqual([expect.stringContaining(complaint)])
  },
)

test.each([
  ['server/src/payments/a.ts', `import { x } from '../ledger/index.ts'`],
  ['server/src/ledger/a.ts', `import { x } from '../db/tx.ts'`],
  ['server/src/channels/camara/a.ts', `import type { x } from '../oauth/index.ts'`],
  ['server/src/demo/index.ts', `import { x } from '../compose.ts'`],
  ['server/src/risk/a.ts', `// never call Date.now() here\nexport const x = new Date(0)`],
  ['server/src/risk/store.ts', 'const x = `select 1 from y`'],
  ['protocols/iso8583/src/node.ts', `import { x } from 'node:crypto'`],
  ['server/src/risk/a.ts', `const x = 'Select the goods you want from the list. Then pay.'`],
  ['server/src/risk/a.ts', `const x = '${'long '.repeat(30)}'`],
])('what is allowed in %s is let be: %s', (path, text) => {
  expect(complaintsAbout({ path, text })).toEqual([])
})
