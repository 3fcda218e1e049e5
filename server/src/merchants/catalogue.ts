/** The catalogue in memory, and the check of API keys against it. */
import { timingSafeEqual } from 'node:crypto'
import type { Database, Reader } from '../db/index.ts'
import type { Clock } from '../kernel/index.ts'
import { secretHashOf } from './client-commands.ts'
import { type KeptClient, readClients } from './client-store.ts'
import type { ApiClient, Catalogue, Product } from './merchant.ts'
import { readProducts } from './product-store.ts'
import { createSnapshot, type Snapshot } from './snapshot.ts'
import { readMerchants } from './store.ts'

export interface LiveCatalogue extends Catalogue, Omit<Snapshot<unknown>, 'current'> {
  /** The client a secret's hash belongs to at `now`; revoked ones and old secrets are not found. */
  clientOfSecret(secretHash: string, now: number): ApiClient | undefined
}

/** Resolves when the catalogue has been read once; see `snapshot.ts` for how it stays true. */
export async function createCatalogue(db: Database, clock: Clock): Promise<LiveCatalogue> {
  const { current, refresh, reload } = await createSnapshot({ db, clock, load })
  return {
    refresh,
    reload,
    merchant: (id) => current().merchants.get(id),
    product: (merchantId, code) => current().goods.get(merchantId)?.byCode.get(code),
    productByWord(merchantId, word) {
      const goods = current().goods.get(merchantId)
      return goods?.byCode.get(word) ?? goods?.byKeyword.get(word)
    },
    productsOf: (merchantId) => current().goods.get(merchantId)?.all ?? [],
    merchants: () => [...current().merchants.values()],
    client: (id) => current().clients.get(id),
    clientOfSecret(secretHash, now) {
      const client = current().secrets.get(secretHash)
      if (!client || client.revokedAt !== null) return undefined
      if (equal(client.secretHash, secretHash)) return client
      return now < (client.previousUntil ?? 0) ? client : undefined
    },
  }
}

const load = async (reader: Reader) =>
  index({
    merchants: await readMerchants(reader),
    products: await readProducts(reader),
    clients: await readClients(reader),
  })

interface Goods {
  readonly all: Product[]
  readonly byCode: Map<string, Product>
  readonly byKeyword: Map<string, Product>
}

function index(rows: {
  readonly merchants: Awaited<ReturnType<typeof readMerchants>>
  readonly products: readonly Product[]
  readonly clients: readonly KeptClient[]
}) {
  const goods = new Map<string, Goods>()
  for (const product of rows.products) {
    let shelf = goods.get(product.merchantId)
    if (!shelf) {
      shelf = { all: [], byCode: new Map(), byKeyword: new Map() }
      goods.set(product.merchantId, shelf)
    }
    shelf.all.push(product)
    shelf.byCode.set(product.code, product)
    // What is off has given its words back, and another product may have them.
    if (product.status !== 'off')
      for (const word of product.keywords) shelf.byKeyword.set(word, product)
  }
  const secrets = new Map<string, KeptClient>()
  for (const client of rows.clients) {
    if (client.previousSecretHash !== null) secrets.set(client.previousSecretHash, client)
    secrets.set(client.secretHash, client)
  }
  return {
    merchants: new Map(rows.merchants.map((merchant) => [merchant.id, merchant])),
    goods,
    clients: new Map<string, ApiClient>(rows.clients.map((client) => [client.id, client])),
    secrets,
  }
}

/** Who presents this API key; undefined when nobody may. */
export type ApiKeyVerifier = (presented: string) => Promise<ApiClient | undefined>

/**
 * Checks a bearer secret against the catalogue in memory. Only hashes are compared, so the time it
 * takes says nothing of a secret.
 */
export function apiKeyVerifier(catalogue: LiveCatalogue, clock: Clock): ApiKeyVerifier {
  return async (presented) => {
    if (!/^tp_(live|test)_[\w-]{43}$/.test(presented)) return undefined
    await catalogue.refresh()
    return catalogue.clientOfSecret(secretHashOf(presented), clock.now())
  }
}

const equal = (one: string, other: string) =>
  one.length === other.length && timingSafeEqual(Buffer.from(one), Buffer.from(other))
