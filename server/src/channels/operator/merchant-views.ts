/** Merchants, products and API clients as the operator reads and writes them. */
import { z } from 'zod'
import type { ApiClient, Application, Merchant, Product, Terms } from '../../merchants/index.ts'
import { amount, bilingual, fen, instant, iso, isoOrNull, line, msOrNull } from './fields.ts'

const name = z.object({ zh: z.string(), en: z.string() })
const delivery = z.enum(['none', 'notify'])

const openAmount = z.strictObject({
  min: amount,
  max: amount,
  step: amount,
  goods: bilingual,
  delivery,
})
const rate = z.int().min(0).max(10_000).describe('Hundredths of a percent')

export const termsFields = {
  feeRate: rate,
  carrierShare: rate,
  settlementPeriod: z.enum(['day', 'week', 'month']),
  dailyCap: amount,
  refundDays: z.int().min(0).max(3_650),
  directCharge: z.boolean(),
  openAmount: openAmount.nullable(),
}

export const partyFields = {
  name: bilingual,
  site: line(100),
  helpTel: line(30),
}

export const merchantView = z.object({
  id: z.string(),
  ...partyFields,
  name,
  status: z.enum(['applied', 'test', 'on', 'paused', 'closed']),
  ...termsFields,
})

type TermsBody = z.infer<z.ZodObject<typeof termsFields>>

export const openAmountOf = (body: TermsBody['openAmount']): Terms['openAmount'] =>
  body && { ...body, min: BigInt(body.min), max: BigInt(body.max), step: BigInt(body.step) }

export const termsOf = (body: TermsBody): Terms => ({
  ...body,
  dailyCap: BigInt(body.dailyCap),
  openAmount: openAmountOf(body.openAmount),
})

export const viewOfMerchant = (merchant: Merchant): z.infer<typeof merchantView> => ({
  ...merchant,
  dailyCap: merchant.dailyCap.toString(),
  openAmount: merchant.openAmount && {
    ...merchant.openAmount,
    min: merchant.openAmount.min.toString(),
    max: merchant.openAmount.max.toString(),
    step: merchant.openAmount.step.toString(),
  },
})

export const applicationView = z.object({
  id: z.string(),
  ...partyFields,
  name,
  contact: z.string(),
  status: z.enum(['waiting', 'approved', 'refused']),
  merchantId: z.string().nullable(),
  reason: z.string().nullable(),
  createdAt: z.string(),
  decidedAt: z.string().nullable(),
})

export const viewOfApplication = (application: Application): z.infer<typeof applicationView> => ({
  ...application,
  createdAt: iso(application.createdAt),
  decidedAt: isoOrNull(application.decidedAt),
})

export const productFields = {
  kind: z.enum(['per_use', 'topup']),
  name: bilingual,
  price: amount,
  delivery,
  keywords: z.array(line(24)).max(20),
  accountPattern: line(200).nullable(),
  regions: z.array(z.string().regex(/^\d{6}$/)).max(500),
  brands: z.array(line(24)).max(50),
  validFrom: instant.nullable(),
  validTo: instant.nullable(),
}

export const productStatus = z.enum(['draft', 'test', 'on', 'paused', 'off'])

export const productView = z.object({
  merchantId: z.string(),
  code: z.string(),
  version: z.int(),
  status: productStatus,
  ...productFields,
  name,
})

type ProductBody = z.infer<z.ZodObject<typeof productFields>>

/** What is given of a product's content, in our own types. */
export const productContentOf = (body: ProductBody) => ({
  ...body,
  price: BigInt(body.price),
  validFrom: msOrNull(body.validFrom),
  validTo: msOrNull(body.validTo),
})

export const viewOfProduct = (product: Product): z.infer<typeof productView> => ({
  ...product,
  price: fen(product.price) ?? '',
  keywords: [...product.keywords],
  regions: [...product.regions],
  brands: [...product.brands],
  validFrom: isoOrNull(product.validFrom),
  validTo: isoOrNull(product.validTo),
})

export const grantTypes = [
  'client_credentials',
  'authorization_code',
  'refresh_token',
  'urn:openid:params:grant-type:ciba',
] as const

export const clientFields = {
  name: line(60),
  scopes: z.array(z.string().regex(/^[a-z0-9:._-]{1,100}$/)).max(30),
  grantTypes: z.array(z.enum(grantTypes)).max(grantTypes.length),
  redirectUris: z.array(line(500)).max(10),
  tokenSeconds: z.int().min(60).max(86_400),
  test: z.boolean(),
}

export const clientView = z.object({
  id: z.string(),
  merchantId: z.string(),
  ...clientFields,
  grantTypes: z.array(z.string()),
  // The sandbox has clients whose tokens live shorter than an operator may choose.
  tokenSeconds: z.int(),
  revokedAt: z.string().nullable(),
})

export const issuedView = clientView.extend({
  secret: z.string().describe('Shown this once'),
})

/** Without its secret's hash, which is nobody's to see. */
export const viewOfClient = (client: ApiClient): z.infer<typeof clientView> => ({
  id: client.id,
  merchantId: client.merchantId,
  name: client.name,
  scopes: [...client.scopes],
  grantTypes: [...client.grantTypes],
  redirectUris: [...client.redirectUris],
  tokenSeconds: client.tokenSeconds,
  test: client.test,
  revokedAt: isoOrNull(client.revokedAt),
})
