/** The modules that the contract is held against. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createIds, Secret } from '../kernel/index.ts'
import { openKeyFile } from './file/file-module.ts'
import type { KeyModule } from './module.ts'

export interface Stage {
  readonly name: string
  /** Why it cannot be tested on this machine. */
  readonly missing: string | undefined
  /** An empty module, and the same one as another process opens it. */
  open(): Promise<{ readonly module: KeyModule; again(): KeyModule }>
  stop(): void
}

const ids = createIds()

function fileStage(name: string, from: 'field-key' | 'passphrase'): Stage {
  const folders: string[] = []
  return {
    name,
    missing: undefined,
    async open() {
      const folder = mkdtempSync(join(tmpdir(), 'telepurse-keys-'))
      folders.push(folder)
      const secret = new Secret('a master secret for tests, 32 characters or more')
      const again = () => openKeyFile({ folder, ids, cost: 16, master: { from, secret } })
      return { module: again(), again }
    },
    stop: () => folders.forEach((folder) => rmSync(folder, { recursive: true })),
  }
}

export const stages: readonly Stage[] = [
  fileStage('a file under FIELD_KEY', 'field-key'),
  fileStage('a file under a passphrase', 'passphrase'),
]
