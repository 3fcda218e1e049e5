// Tells the app's worker which files the app is made of: its entry, and everything that comes from there.
import { createHash } from 'node:crypto'
import type { Plugin, Rollup } from 'vite'

export const workerFile = 'app-worker.js'

export function appFiles(entry: string): Plugin {
  return {
    name: 'telepurse-app-files',
    apply: 'build',
    generateBundle: {
      order: 'post',
      handler(_options, bundle) {
        const worker = bundle[workerFile]
        const begin = Object.values(bundle).find(
          (one) => one.type === 'chunk' && one.name === entry,
        )
        if (worker?.type !== 'chunk' || !begin) throw new Error('the app or its worker is missing')
        const paths = [...filesFrom(bundle, begin.fileName)].toSorted().map((file) => `/${file}`)
        const version = createHash('sha256').update(paths.join()).digest('hex').slice(0, 16)
        worker.code = `const appFiles = ${JSON.stringify({ version, paths })};\n${worker.code}`
      },
    },
  }
}

function filesFrom(bundle: Rollup.OutputBundle, first: string): Set<string> {
  const found = new Set<string>()
  const visit = (file: string) => {
    if (found.has(file)) return
    found.add(file)
    const chunk = bundle[file]
    if (chunk?.type !== 'chunk') return
    const { importedCss, importedAssets } = chunk.viteMetadata ?? {}
    for (const next of [
      ...chunk.imports,
      ...chunk.dynamicImports,
      ...(importedCss ?? []),
      ...(importedAssets ?? []),
    ])
      visit(next)
  }
  visit(first)
  return found
}
