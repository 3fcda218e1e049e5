/** The modules that the contract is held against. */
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createIds, Secret } from '../server/src/kernel/index.ts'
import { openKeyFile } from '../server/src/keys/file/file-module.ts'
import type { KeyModule } from '../server/src/keys/module.ts'
import { findObjects } from '../server/src/keys/pkcs11/key-objects.ts'
import { openPkcs11 } from '../server/src/keys/pkcs11/pkcs11-module.ts'
import { openToken } from '../server/src/keys/pkcs11/token.ts'
import { type SoftHsm, softHsmMissing, startSoftHsm } from './softhsm.ts'

export interface Stage {
  readonly name: string
  /** Why it cannot be tested on this machine. */
  readonly missing: string | undefined
  /** An empty module, and the same one as another process opens it. */
  open(): Promise<{
    readonly module: KeyModule
    again(): KeyModule
    /** Rotates a key in a process of its own, and answers the new version. */
    rotateElsewhere(name: string): string
  }>
  stop(): void
}

const ids = createIds()

function rotateIn(given: readonly string[]): string {
  const program = join(import.meta.dirname, 'programs/rotate-key.ts')
  const node = ['--conditions=source', '--import', 'tsx', program, ...given]
  return execFileSync(process.execPath, node, { encoding: 'utf8' }).trim()
}

function fileStage(): Stage {
  const folders: string[] = []
  const secret = new Secret('a master secret for tests, 32 characters or more')
  return {
    name: 'a file',
    missing: undefined,
    async open() {
      const folder = mkdtempSync(join(tmpdir(), 'telepurse-keys-'))
      folders.push(folder)
      const again = () => openKeyFile({ folder, ids, master: { from: 'field-key', secret } })
      const rotateElsewhere = (name: string) => rotateIn(['file', folder, name, secret.reveal()])
      return { module: again(), again, rotateElsewhere }
    },
    stop: () => folders.forEach((folder) => rmSync(folder, { recursive: true })),
  }
}

function tokenStage(): Stage {
  let hsm: SoftHsm | undefined
  const folder = mkdtempSync(join(tmpdir(), 'telepurse-token-'))
  return {
    name: 'a token (PKCS #11, SoftHSM)',
    missing: softHsmMissing,
    async open() {
      hsm ??= startSoftHsm()
      const where = { ...hsm, folder }
      openToken(hsm).change((open) => {
        for (const object of findObjects(open, []))
          open.cryptoki.C_DestroyObject(open.session, object)
      })
      const again = () => openPkcs11(where)
      const { pin, modulePath, label } = hsm
      const rotateElsewhere = (name: string) =>
        rotateIn(['token', folder, name, pin.reveal(), modulePath, label])
      return { module: again(), again, rotateElsewhere }
    },
    stop() {
      hsm?.stop()
      rmSync(folder, { recursive: true })
    },
  }
}

export const stages: readonly Stage[] = [fileStage(), tokenStage()]
