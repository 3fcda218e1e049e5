/**
 * What a merchant sells. A changed product is a new version: a pending purchase keeps the version it
 * showed, so a price rise never reaches it. A status is not content and changes in place.
 */
import { isDeepStrictEqual } from 'node:util'
import type { Tx } from '../db/index.ts'
import { accept, type Result, refuse } from '../kernel/index.ts'
import type { Product } from './merchant.ts'
import type { Changed } from './merchant-commands.ts'
import { insertProduct, readProductsOf, saveProductStatus } from './product-store.ts'
import { checkProduct, isProductCode, type ProductContent, type ProductRefusal } from './rules.ts'
import { readMerchant } from './store.ts'
import { moveVersion } from './version-store.ts'

export type AddRefusal = 'merchant_not_found' | 'merchant_closed' | 'code_taken' | ProductRefusal

/** Adds a product as version 1. A code once used stays with its product. */
export async function addProduct(
  tx: Tx,
  command: {
    readonly merchantId: string
    readonly code: string
    readonly status: Product['status']
    readonly content: ProductContent
  },
  now: number,
): Promise<Result<Product, AddRefusal>> {
  const { merchantId, code, status } = command
  if (!isProductCode(code)) return refuse('code_malformed')
  await moveVersion(tx)
  const merchant = await readMerchant(tx, merchantId)
  if (!merchant) return refuse('merchant_not_found')
  if (merchant.status === 'closed') return refuse('merchant_closed')
  const siblings = await readProductsOf(tx, merchantId)
  if (siblings.some((product) => product.code === code)) return refuse('code_taken')
  const content = checkProduct(command.content, siblings)
  if (!content.ok) return content
  const product: Product = { merchantId, code, version: 1, status, ...content.value }
  await insertProduct(tx, product, now)
  return accept(product)
}

export type ChangeRefusal = 'product_not_found' | ProductRefusal

/** Changes what is named and keeps the rest; writes nothing when nothing differs. */
export async function changeProduct(
  tx: Tx,
  command: {
    readonly merchantId: string
    readonly code: string
    readonly changes: Partial<ProductContent>
  },
  now: number,
): Promise<Result<Changed<Product>, ChangeRefusal>> {
  await moveVersion(tx)
  const { before, siblings } = await find(tx, command)
  if (!before) return refuse('product_not_found')
  const { merchantId, code, version, status, ...kept } = before
  const content = checkProduct({ ...kept, ...command.changes }, siblings)
  if (!content.ok) return content
  const after: Product = { merchantId, code, version: version + 1, status, ...content.value }
  if (sameContent(before, after)) return accept({ before, after: before })
  await insertProduct(tx, after, now)
  return accept({ before, after })
}

/** Puts a product on sale, pauses it, or takes it off. */
export async function setProductStatus(
  tx: Tx,
  command: {
    readonly merchantId: string
    readonly code: string
    readonly status: Product['status']
  },
): Promise<Result<Changed<Product>, 'product_not_found' | 'keyword_taken'>> {
  await moveVersion(tx)
  const { before, siblings } = await find(tx, command)
  if (!before) return refuse('product_not_found')
  // Another product may have taken a word while this one was off.
  const clash = siblings.some(
    (sibling) =>
      sibling.status !== 'off' && sibling.keywords.some((word) => before.keywords.includes(word)),
  )
  if (command.status !== 'off' && clash) return refuse('keyword_taken')
  const after = { ...before, status: command.status }
  await saveProductStatus(tx, after)
  return accept({ before, after })
}

async function find(tx: Tx, key: { readonly merchantId: string; readonly code: string }) {
  const products = await readProductsOf(tx, key.merchantId)
  return {
    before: products.find((product) => product.code === key.code),
    siblings: products.filter((product) => product.code !== key.code),
  }
}

const sameContent = (one: Product, other: Product) =>
  isDeepStrictEqual({ ...one, version: 0 }, { ...other, version: 0 })
