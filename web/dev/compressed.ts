// Beside each file of text, the same file small: it is pressed once, as hard as it goes, and not at every request.
import { brotliCompressSync, gzipSync } from 'node:zlib'
import type { Plugin } from 'vite'

const isText = /\.(?:js|css|svg)$/

export function compressed(): Plugin {
  return {
    name: 'telepurse-compressed',
    apply: 'build',
    generateBundle: {
      order: 'post',
      handler(_options, bundle) {
        for (const [fileName, file] of Object.entries(bundle)) {
          if (!isText.test(fileName) || !fileName.startsWith('assets/')) continue
          const source = Buffer.from(file.type === 'chunk' ? file.code : file.source)
          this.emitFile({
            type: 'asset',
            fileName: `${fileName}.gz`,
            source: gzipSync(source, { level: 9 }),
          })
          this.emitFile({
            type: 'asset',
            fileName: `${fileName}.br`,
            source: brotliCompressSync(source),
          })
        }
      },
    },
  }
}
