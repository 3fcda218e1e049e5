/** What every source file keeps to. Each rule answers its complaints about one file. */
import { basename, dirname, join } from 'node:path/posix'
import { acquaintances, gatherings, nodeDoors, open, packageHomes, rows } from './map.ts'
import { type Facts, factsOf, type Source } from './source.ts'

type Rule = (source: Source, facts: Facts) => readonly string[]

export function complaintsAbout(source: Source): string[] {
  const facts = factsOf(source)
  return rules.flatMap((rule) => rule(source, facts))
}

const isTest = (path: string) => /\.test\.tsx?$|(^|\/)test\//.test(path)
const isServer = (path: string) => path.startsWith('server/src/')

/** `server/src/payments/decide/yes.ts` is of `payments`, `…/channels/sms/texts.ts` of `channels/sms`. */
function moduleOf(path: string): string | undefined {
  const [first = '', second] = path.replace(/^server\/src\//, '').split('/')
  if (!isServer(path)) return undefined
  return second !== undefined && gatherings.includes(first)
    ? `${first}/${second}`
    : first.replace(/\.ts$/, '')
}

const rankOf = (module: string) => rows.findIndex((row) => row.includes(module.split('/')[0] ?? ''))

const knowsAsNeighbour = (from: string, to: string) =>
  acquaintances.some(
    ([who, whom]) =>
      whom === to && (who === from || (who === '*' && from.startsWith('channels/') && from !== to)),
  )

const modules: Rule = ({ path }, { imports }) => {
  const from = moduleOf(path)
  if (from === undefined || isTest(path)) return []
  if (rankOf(from) < 0) return [`${from} has no place in the map (server/test/architecture/map.ts)`]
  return imports.flatMap((name) => {
    const target = name.startsWith('.') ? join(dirname(path), name) : ''
    const to = moduleOf(target)
    if (to === undefined || to === from) return []
    if (rankOf(to) > rankOf(from)) return [`${from} may not know ${to}, which is below it`]
    if (rankOf(to) === rankOf(from) && !knowsAsNeighbour(from, to))
      return [`${from} may not know its neighbour ${to}`]
    const byDoor = target.endsWith('/index.ts') || target === `server/src/${to}.ts`
    return byDoor || open.includes(to) ? [] : [`${name}: enter ${to} by its index.ts`]
  })
}

const packages: Rule = ({ path }, { imports }) =>
  isTest(path)
    ? []
    : imports.flatMap((name) => {
        const parts = name.split('/').slice(0, name.startsWith('@') ? 2 : 1)
        const home = packageHomes[parts.join('/')]
        return home === undefined || home.test(path) ? [] : [`${name} belongs to ${home.source}`]
      })

const insideProjects: Rule = ({ path }, { imports }) => {
  const project = /^(protocols\/[^/]+|simulators|web|server)\//.exec(path)?.[1]
  if (project === undefined || isTest(path)) return []
  return imports
    .filter((name) => name.startsWith('.') && !join(dirname(path), name).startsWith(`${project}/`))
    .map((name) => `${name}: leaves ${project}`)
}

const protocols: Rule = ({ path }, { imports, names }) => {
  if (!path.startsWith('protocols/') || isTest(path)) return []
  const foreign = imports.filter(
    (name) =>
      !name.startsWith('.') && !name.startsWith('@telepurse/') && !nodeDoors[name]?.test(path),
  )
  const globals = ['Buffer', 'process', 'setTimeout', 'console'].filter((name) => names.has(name))
  return [...foreign, ...globals].map((name) => `${name}: protocols also run in the browser`)
}

/** Things that make code untestable or amounts wrong, and the one place where each may live. */
const bans: readonly {
  readonly found: (facts: Facts) => boolean
  readonly home: RegExp
  readonly instead: string
}[] = [
  {
    found: ({ properties, calls }) =>
      properties.has('Date.now') || calls.some((call) => /^new Date(\(\s*\))?$/.test(call)),
    home: /\/kernel\/clock\.ts$/,
    instead: 'take `now` from a Clock, not from the machine',
  },
  {
    found: ({ properties, names }) => properties.has('Math.random') || names.has('randomUUID'),
    home: /\/kernel\/ids\.ts$/,
    instead: 'take randomness from kernel/ids.ts',
  },
  {
    found: ({ properties }) => properties.has('process.env'),
    home: /\/config\/read\.ts$/,
    instead: 'read settings in config/, once',
  },
  {
    found: ({ calls }) =>
      calls.some((call) =>
        /^(parseFloat|Number(\.parseFloat)?)\((\w+\.)*\w*[aA]mount\w*\)|^(Number\.)?parseFloat\(/.test(
          call,
        ),
      ),
    home: /^$/,
    instead: 'keep money in bigint',
  },
  {
    found: ({ strings }) => strings.some((text) => statement.some((one) => one.test(text))),
    home: /(store|verify)\.ts$|server\/src\/db\//,
    instead: 'SQL lives in a store.ts',
  },
  {
    found: ({ properties }) =>
      ['log', 'error', 'warn', 'info'].some((name) => properties.has(`console.${name}`)),
    home: /server\/src\/commands\//,
    instead: 'write to the log',
  },
]

/** In the two ways SQL is written; a sentence that begins with "Select" is none. */
const statement = [
  /\b(insert into \w|delete from \w|update \w+ (\w+ )?set\b|select\s[^.!?]*\sfrom \w)/,
  /\b(INSERT INTO|DELETE FROM|UPDATE \w+ SET|SELECT\s.*\sFROM)\b/,
]

const banned: Rule = ({ path }, facts) =>
  !/^(server\/src|simulators\/src)\//.test(path) || isTest(path)
    ? []
    : bans.flatMap(({ found, home, instead }) =>
        found(facts) && !home.test(path) ? [instead] : [],
      )

/** The formatter keeps code within 100; this is for comments, which it lets be. */
const widthMax = 120

const shape: Rule = ({ path, text }, { hasDefaultExport, hasEnum, textLines }) => {
  const lines = text.split('\n')
  const wide = lines.findIndex((line, index) => line.length > widthMax && !textLines.has(index))
  return [
    lines.length > 301 && !isTest(path) ? 'longer than 300 lines: is this two ideas?' : [],
    wide >= 0 ? `line ${wide + 1} is longer than ${widthMax}` : [],
    hasDefaultExport && !/\.config\.ts$/.test(path) ? 'has a default export' : [],
    hasEnum ? 'has an enum' : [],
    /^(?:.*-)?(utils?|helpers?|managers?)\.tsx?$/.test(basename(path))
      ? 'is called after nothing'
      : [],
  ].flat()
}

// In pieces, so that this line does not complain about itself.
const leftover = new RegExp(
  `\\b(${['TO', 'FIX'].map((start) => `${start}${start === 'TO' ? 'DO' : 'ME'}`).join('|')})\\b`,
)

const leftovers: Rule = ({ text }) => (leftover.test(text) ? ['has a note of unfinished work'] : [])

const asserts: Rule = ({ path }, { names, properties }) => {
  if (!/\.test\.tsx?$/.test(path)) return []
  const only = ['test', 'it', 'describe'].filter((name) => properties.has(`${name}.only`))
  return [
    names.has('expect') || names.has('assert') || properties.has('fc.assert')
      ? []
      : 'tests nothing: no expect in it',
    only.map((name) => `${name}.only leaves out the others`),
  ].flat()
}

const rules: readonly Rule[] = [
  modules,
  packages,
  insideProjects,
  protocols,
  banned,
  shape,
  leftovers,
  asserts,
]
