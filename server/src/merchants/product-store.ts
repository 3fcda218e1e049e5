/** The table `product`: all its SQL. A version once written keeps its content for ever. */
import { type Reader, type Tx, texts } from '../db/index.ts'
import type { Product } from './merchant.ts'

interface ProductRow {
  merchant_id: string
  code: string
  version: number
  kind: Product['kind']
  name_zh: string
  name_en: string
  price: bigint
  delivery: Product['delivery']
  status: Product['status']
  keywords: string[]
  account_pattern: string | null
  regions: string[]
  brands: string[]
  valid_from: bigint | null
  valid_to: bigint | null
}

const columns = `merchant_id, code, version, kind, name_zh, name_en, price, delivery, status,
  keywords, account_pattern, regions, brands, valid_from, valid_to`

const toProduct = (row: ProductRow): Product => ({
  merchantId: row.merchant_id,
  code: row.code,
  version: row.version,
  kind: row.kind,
  name: { zh: row.name_zh, en: row.name_en },
  price: row.price,
  delivery: row.delivery,
  status: row.status,
  keywords: row.keywords,
  accountPattern: row.account_pattern,
  regions: row.regions,
  brands: row.brands,
  validFrom: row.valid_from === null ? null : Number(row.valid_from),
  validTo: row.valid_to === null ? null : Number(row.valid_to),
})

const newest = `select distinct on (merchant_id, code) ${columns} from product`
const newestFirst = 'order by merchant_id, code, version desc'

/** The newest version of every product of every merchant. */
export async function readProducts(reader: Reader): Promise<Product[]> {
  return (await reader.query<ProductRow>(`${newest} ${newestFirst}`)).map(toProduct)
}

export async function readProductsOf(reader: Reader, merchantId: string): Promise<Product[]> {
  const rows = await reader.query<ProductRow>(`${newest} where merchant_id = $1 ${newestFirst}`, [
    merchantId,
  ])
  return rows.map(toProduct)
}

/** All versions of one product, the newest first. */
export async function readVersions(
  reader: Reader,
  merchantId: string,
  code: string,
): Promise<Product[]> {
  const rows = await reader.query<ProductRow>(
    `select ${columns} from product where merchant_id = $1 and code = $2 order by version desc`,
    [merchantId, code],
  )
  return rows.map(toProduct)
}

export async function insertProduct(tx: Tx, product: Product, now: number): Promise<void> {
  await tx.query(
    `insert into product (${columns}, created_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10::text[], $11, $12::text[], $13::text[],
       $14, $15, $16)`,
    [
      product.merchantId,
      product.code,
      product.version,
      product.kind,
      product.name.zh,
      product.name.en,
      product.price.toString(),
      product.delivery,
      product.status,
      texts(product.keywords),
      product.accountPattern,
      texts(product.regions),
      texts(product.brands),
      product.validFrom,
      product.validTo,
      now,
    ],
  )
}

export async function saveProductStatus(tx: Tx, product: Product): Promise<void> {
  await tx.query(
    'update product set status = $4 where merchant_id = $1 and code = $2 and version = $3',
    [product.merchantId, product.code, product.version, product.status],
  )
}
