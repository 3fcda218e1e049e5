/**
 * `telepurse keys …`: makes keys, takes them in, rotates and retires them. Components are typed without echo,
 * each by another person, and are never arguments: those are seen by everybody on the machine. Needs the
 * database, for each act is in the operator's log. Exit code 1 when it is refused.
 */
import { sealHead } from '../audit/index.ts'
import { openKeys } from '../composition/keys.ts'
import { foundSecret } from '../config/index.ts'
import { createFieldCipher, createIds, type Result, systemClock } from '../kernel/index.ts'
import { type KeyInfo, type KeySpec, type KeyStore, keyAlgorithms, keyUses } from '../keys/index.ts'
import { createKeyDesk, type KeyDesk } from './key-desk.ts'
import { askComponents } from './key-entry.ts'
import { CannotGoOn, complain, say } from './output.ts'
import { configOrStop, withDatabase } from './place.ts'
import { createPrompt } from './prompt.ts'

export interface KeyOptions {
  readonly operator: string
}

export interface NewKeyOptions extends KeyOptions {
  readonly use: string
  readonly algorithm: string
  readonly exportable?: boolean
  readonly later?: boolean
}

export interface ImportOptions extends NewKeyOptions {
  readonly components?: string
  readonly under?: string
  readonly wrapped?: string
  readonly checkValue?: string
}

export function listKeys(): number {
  const { keys } = openStore()
  for (const key of keys.list()) say(lineOf(key))
  keys.close()
  return 0
}

export const generateKey = (name: string, options: NewKeyOptions): Promise<number> =>
  atDesk(options, (desk) => desk.generate(specOf(name, options)))

export async function importKey(name: string, options: ImportOptions): Promise<number> {
  const spec = specOf(name, options)
  const { under, wrapped, checkValue } = options
  if (under !== undefined || wrapped !== undefined) {
    if (!under || !checkValue || !wrapped || !/^([0-9A-Fa-f]{2})+$/.test(wrapped))
      throw new CannotGoOn(
        'a wrapped key needs --under, --wrapped in hexadecimal, and --check-value',
      )
    const key = { under, checkValue, wrapped: Buffer.from(wrapped, 'hex') }
    return atDesk(options, (desk) => desk.importWrapped(spec, key))
  }
  const count = Number(options.components ?? 2)
  if (count !== 2 && count !== 3) throw new CannotGoOn('--components is 2 or 3')
  const prompt = createPrompt(process.stdin, (text) => process.stderr.write(text))
  try {
    const entered = await askComponents(prompt, spec.algorithm, count)
    return await atDesk(options, (desk) => desk.importComponents(spec, entered))
  } finally {
    prompt.close()
  }
}

export const rotateKey = (
  name: string,
  options: KeyOptions & { readonly later?: boolean },
): Promise<number> => atDesk(options, (desk) => desk.rotate(name, options.later ? 'later' : 'now'))

export const activateKey = (name: string, version: string, options: KeyOptions): Promise<number> =>
  atDesk(options, (desk) => desk.activate({ name, version: Number(version) }))

export const retireKey = (name: string, version: string, options: KeyOptions): Promise<number> =>
  atDesk(options, (desk) => desk.retire({ name, version: Number(version) }))

export function wrapKey(
  name: string,
  options: KeyOptions & { readonly under: string },
): Promise<number> {
  return atDesk(options, async (desk, keys) => {
    const wrapped = await desk.wrap(name, options.under)
    if (!wrapped.ok) return wrapped
    const key = keys.list().find((one) => one.name === name && one.state === 'current')
    say(Buffer.from(wrapped.value).toString('hex').toUpperCase())
    return { ok: true, value: key }
  })
}

function openStore() {
  const config = configOrStop()
  const fieldKey = config.fieldKey ?? foundSecret(config.dataDir, 'field-key')
  if (!fieldKey) throw new CannotGoOn('FIELD_KEY must be set, as for serve')
  const ids = createIds()
  const keys = openKeys(config, { fieldKey, ids, clock: systemClock })
  return { config, keys, ids, cipher: createFieldCipher(fieldKey, ids) }
}

async function atDesk(
  { operator }: KeyOptions,
  act: (desk: KeyDesk, keys: KeyStore) => Promise<Result<KeyInfo | undefined, string>>,
): Promise<number> {
  const { config, keys, ...tools } = openStore()
  try {
    return await withDatabase(config, async (db) => {
      await sealHead(db, tools.cipher)
      const desk = createKeyDesk({ ...tools, keys, db, clock: systemClock, operator })
      const done = await act(desk, keys)
      if (done.ok) {
        if (done.value) say(lineOf(done.value))
        return 0
      }
      complain(done.refusal.replaceAll('_', ' '))
      return 1
    })
  } finally {
    keys.close()
  }
}

function specOf(name: string, options: NewKeyOptions): KeySpec {
  const use = keyUses.find((one) => one === options.use)
  const algorithm = keyAlgorithms.find((one) => one === options.algorithm)
  if (!use) throw new CannotGoOn(`--use is one of ${keyUses.join(', ')}`)
  if (!algorithm) throw new CannotGoOn(`--algorithm is one of ${keyAlgorithms.join(', ')}`)
  const activate = options.later ? 'later' : 'now'
  return { name, use, algorithm, exportable: options.exportable ?? false, activate }
}

const lineOf = ({ name, version, use, algorithm, state, checkValue, createdAt }: KeyInfo) =>
  [
    `${name} ${version}`.padEnd(28),
    `${state.padEnd(8)}  ${checkValue}`,
    `${use}, ${algorithm}, made ${new Date(createdAt).toISOString().slice(0, 19)}Z`,
  ].join('  ')
