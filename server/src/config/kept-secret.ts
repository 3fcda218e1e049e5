/** A secret that a machine makes for itself once and keeps in its data directory, for the demo. */
import { chmodSync, existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createIds, Secret } from '../kernel/index.ts'

const onlyOwner = 0o600

type Name = 'field-key' | 'operator-token'

const read = (file: string) => new Secret(readFileSync(file, 'utf8').trim())

/** Without making one. */
export function foundSecret(dataDir: string, name: Name): Secret | null {
  const file = join(dataDir, name)
  return existsSync(file) ? read(file) : null
}

/** 32 random bytes in Base64. The file is readable by its owner only. */
export function keptSecret(dataDir: string, name: Name): Secret {
  const file = join(dataDir, name)
  if (!existsSync(file)) {
    mkdirSync(dataDir, { recursive: true })
    const draft = `${file}.${process.pid}`
    const value = Buffer.from(createIds().random(32)).toString('base64')
    writeFileSync(draft, `${value}\n`, { mode: onlyOwner })
    renameSync(draft, file)
  }
  chmodSync(file, onlyOwner)
  return read(file)
}
