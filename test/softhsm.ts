/** A token of SoftHSM for tests, where the machine has it. */
import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Secret } from '../server/src/kernel/index.ts'
import { missingPackage } from '../server/src/keys/index.ts'

const modulePath = [
  '/usr/lib/softhsm/libsofthsm2.so',
  '/usr/lib64/pkcs11/libsofthsm2.so',
  '/usr/local/lib/softhsm/libsofthsm2.so',
  '/opt/homebrew/lib/softhsm/libsofthsm2.so',
].find((path) => existsSync(path))

/** Why there is none, or undefined. */
export const softHsmMissing: string | undefined =
  modulePath === undefined || spawnSync('softhsm2-util', ['--version']).error !== undefined
    ? 'softhsm2 is not installed'
    : missingPackage()

export interface SoftHsm {
  readonly modulePath: string
  readonly label: string
  readonly pin: Secret
  /** What another process needs in its environment to see the same token. */
  readonly environment: { readonly SOFTHSM2_CONF: string }
  stop(): void
}

/** Once a process: the library reads its configuration when it is loaded. */
export function startSoftHsm(): SoftHsm {
  if (modulePath === undefined) throw new Error(softHsmMissing)
  const folder = mkdtempSync(join(tmpdir(), 'telepurse-softhsm-'))
  const conf = join(folder, 'softhsm2.conf')
  writeFileSync(
    conf,
    `directories.tokendir = ${folder}\nobjectstore.backend = file\nlog.level = ERROR\n`,
  )
  process.env.SOFTHSM2_CONF = conf
  const [label, pin] = ['telepurse-test', '246810']
  execFileSync(
    'softhsm2-util',
    ['--init-token', '--free', '--label', label, '--so-pin', '12345678', '--pin', pin],
    { env: process.env },
  )
  return {
    ...{ modulePath, label, pin: new Secret(pin), environment: { SOFTHSM2_CONF: conf } },
    stop: () => rmSync(folder, { recursive: true, force: true }),
  }
}
