/**
 * The font of papers: Noto Sans SC (SIL Open Font License 1.1, from the package `@embedpdf/fonts-sc`). Of it only
 * the glyphs that are printed go into a file.
 */
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'

const file = join(
  dirname(createRequire(import.meta.url).resolve('@embedpdf/fonts-sc')),
  '../fonts/NotoSansHans-Regular.otf',
)

let font: Buffer | undefined

/** Read when the first paper is printed. */
export function hanFont(): Buffer {
  font ??= readFileSync(file)
  return font
}
