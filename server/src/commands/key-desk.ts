/**
 * What people do with keys. Each act is written into the operator's log before it is done, and what came of
 * it after; the log holds names, versions and check values, and no octet of a key.
 */
import { appendLog } from '../audit/index.ts'
import { armReseal, cardKeys, cardsUnder } from '../card-vault/index.ts'
import type { Database } from '../db/index.ts'
import { armIdentityReseal, identitiesUnder, identityKeys } from '../identities/index.ts'
import { type Clock, type FieldCipher, type Ids, type Result, refuse } from '../kernel/index.ts'
import type { KeyComponent, KeyInfo, KeySpec, KeyStore } from '../keys/index.ts'
import { textsUnder } from '../payments/index.ts'
import { pinsUnder } from '../wallet-pins/index.ts'

export interface KeyDeskTools {
  readonly keys: KeyStore
  readonly db: Database
  readonly clock: Clock
  readonly ids: Ids
  readonly cipher: Pick<FieldCipher, 'mac'>
  readonly operator: string
}

type When = 'now' | 'later'
type Version = { readonly name: string; readonly version: number }

export function createKeyDesk({ keys, db, clock, ids, cipher, operator }: KeyDeskTools) {
  async function log(action: string, name: string, after: object): Promise<void> {
    const at = clock.now()
    await db.transact((tx) =>
      appendLog(tx, cipher, {
        ...{ id: ids.next(0, at), at, operator, action, subject: `key:${name}` },
        ...{ before: null, after },
      }),
    )
  }

  async function logged<Refusal extends string>(
    action: string,
    { name, asked }: { readonly name: string; readonly asked: object },
    act: () => Promise<Result<KeyInfo, Refusal>>,
  ): Promise<Result<KeyInfo, Refusal>> {
    await log(`key.${action}`, name, asked)
    const done = await act()
    await log(`key.${action}.${done.ok ? 'done' : 'refused'}`, name, told(done))
    const arm = done.ok ? resealOf(name) : undefined
    if (arm) await db.transact(async (tx) => arm(tx, clock.now()))
    return done
  }

  return {
    generate: (spec: KeySpec) =>
      logged('generate', { name: spec.name, asked: spec }, () => keys.generate(spec)),
    importComponents: (
      spec: KeySpec,
      entered: {
        readonly components: readonly KeyComponent[]
        readonly custodians: readonly string[]
        readonly checkValue: string
      },
    ) => {
      const { components, custodians, checkValue } = entered
      return logged('import', { name: spec.name, asked: { ...spec, custodians } }, () =>
        keys.importComponents(spec, components, checkValue),
      )
    },
    importWrapped: (
      spec: KeySpec,
      key: { readonly under: string; readonly wrapped: Uint8Array; readonly checkValue: string },
    ) =>
      logged('import', { name: spec.name, asked: { ...spec, under: key.under } }, () =>
        keys.importWrapped(spec, { ...key, under: { name: key.under } }),
      ),
    rotate: (name: string, activate: When) =>
      logged('rotate', { name, asked: { activate } }, () => keys.rotate(name, activate)),
    activate: (key: Version) =>
      logged('activate', { name: key.name, asked: { version: key.version } }, () =>
        keys.activate(key),
      ),
    /** Not while a card, a person, a PIN or a text on its way would be lost with it. */
    async retire(key: Version) {
      for (const [refusal, countUnder] of held)
        if ((await countUnder(db, key)) > 0n) return refuse(refusal)
      return logged('retire', { name: key.name, asked: { version: key.version } }, () =>
        keys.retire(key),
      )
    },
    async wrap(name: string, under: string) {
      await log('key.wrap', name, { under })
      return keys.wrapForExport({ name }, { name: under })
    },
  }
}

export type KeyDesk = ReturnType<typeof createKeyDesk>

const told = (done: Result<KeyInfo, string>): object =>
  done.ok
    ? {
        version: done.value.version,
        state: done.value.state,
        algorithm: done.value.algorithm,
        checkValue: done.value.checkValue,
      }
    : { refusal: done.refusal }

const held = [
  ['cards_are_under_it', cardsUnder],
  ['identities_are_under_it', identitiesUnder],
  ['pins_are_under_it', pinsUnder],
  ['texts_are_under_it', textsUnder],
] as const

/** What seals anew what stands under older versions of a key. */
function resealOf(name: string): typeof armReseal | undefined {
  if (Object.values<string>(cardKeys).includes(name)) return armReseal
  return Object.values<string>(identityKeys).includes(name) ? armIdentityReseal : undefined
}
