// What this device makes its codes of. The key is kept where no script can read it out again, and goes with sign-out.
import type { HmacKey } from '@telepurse/payment-code'

export type Pool = {
  key: HmacKey
  prefix: string
  aliases: readonly string[]
  expiresAt: number
  /** In which step of time each alias was shown last: within one step it has one code, which counts once. */
  shown: Readonly<Record<string, number>>
}

const name = 'telepurse-codes'
const store = 'pool'
const only = 'only'

function open(): Promise<IDBDatabase> {
  const request = indexedDB.open(name, 1)
  request.onupgradeneeded = () => request.result.createObjectStore(store)
  return settled(request)
}

function settled<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result)
    request.onerror = () => reject(request.error)
  })
}

async function within<T>(
  mode: IDBTransactionMode,
  act: (pools: IDBObjectStore) => IDBRequest<T>,
): Promise<T> {
  const db = await open()
  try {
    return await settled(act(db.transaction(store, mode).objectStore(store)))
  } finally {
    db.close()
  }
}

export const readPool = (): Promise<Pool | undefined> =>
  within<Pool | undefined>('readonly', (pools) => pools.get(only))

export const keepPool = (pool: Pool): Promise<unknown> =>
  within('readwrite', (pools) => pools.put(pool, only))
