/** The settings as people read them: `telepurse config`, and docs/reference/settings.md. */
import { type Environment, givenText } from './read.ts'
import type { Setting } from './setting.ts'
import { settings } from './settings.ts'

const all: readonly Setting[] = Object.values(settings)
const mask = '••••'

/** Each setting with its value and where that comes from; secrets are masked. */
export function settingsText(environment: Environment): string {
  return all
    .map((declared) => {
      const given = givenText(declared, environment)
      const value = given ?? declared.default
      const source = given === null ? (value === null ? 'not set' : 'default') : 'environment'
      const shown = value === null || value === '' ? '' : ` = ${maskedText(declared, value)}`
      const fallback = declared.default ? `, default ${declared.default}` : ''
      return `${declared.name}${shown} (${source})\n    ${declared.type}${fallback}\n    ${declared.help}\n`
    })
    .join('\n')
}

function maskedText(declared: Setting, value: string): string {
  if (declared.secret === 'no') return value
  if (declared.secret === 'whole' || !URL.canParse(value)) return mask
  return value.replace(/^([^:]+:\/\/[^:@/]*):.*@/, `$1:${mask}@`)
}

/** The whole of docs/reference/settings.md. */
export function settingsMarkdown(): string {
  const groups = [...new Set(all.map((declared) => declared.group))]
  const tables = groups.map((group) => {
    const rows = all
      .filter((declared) => declared.group === group)
      .map(({ name, type, default: fallback, secret, help }) => {
        const kept = secret === 'no' ? '' : ' Secret.'
        return `| \`${name}\` | ${code(type)} | ${fallback ? code(fallback) : ''} | ${help}${kept} |`
      })
    return [`## ${group}`, '', '| Name | Value | Default | Meaning |', '|---|---|---|---|', ...rows]
      .join('\n')
      .concat('\n')
  })
  return `${intro}\n${tables.join('\n')}`
}

const code = (text: string) => `\`${text}\``

const intro = `# Settings

Settings are environment variables; there is no configuration file. An empty value counts as not set.
\`telepurse config\` prints each one with its present value, and \`telepurse doctor\` tries them out.
This page is made by \`npm run docs:settings\`.
`
