/** The files of the repository, as paths from its root with `/`. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Source } from './source.ts'

export const root = join(import.meta.dirname, '../../..')

const passedBy = new Set(['node_modules', 'dist', 'data', 'coverage', '.git', '.cache'])

export function filesOf(folder = ''): string[] {
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = folder === '' ? entry.name : `${folder}/${entry.name}`
    if (passedBy.has(entry.name)) return []
    return entry.isDirectory() ? filesOf(path) : [path]
  })
}

export const textOf = (path: string): string => readFileSync(join(root, path), 'utf8')

export const sourceOf = (path: string): Source => ({ path, text: textOf(path) })
