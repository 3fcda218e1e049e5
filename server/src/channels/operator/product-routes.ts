/** Products of a merchant, for the operator. */
import type { FastifyInstance } from 'fastify'
import type { ZodTypeProvider } from 'fastify-type-provider-zod'
import { z } from 'zod'
import {
  addProduct,
  type Changed,
  changeProduct,
  type Product,
  readMerchant,
  readProductsOf,
  readVersions,
  setProductStatus,
} from '../../merchants/index.ts'
import { changes, reads } from './access.ts'
import { change, type Desk, onlyGiven } from './desk.ts'
import { described, merchantId, msOrNull } from './fields.ts'
import {
  productContentOf,
  productFields,
  productStatus,
  productView,
  viewOfProduct,
} from './merchant-views.ts'
import { refused } from './problems.ts'

const ofMerchant = z.object({ id: merchantId })
const code = z.string().regex(/^\d{3}$/, 'must be a product code of three digits')
const ofProduct = ofMerchant.extend({ code })
const list = z.object({ items: z.array(productView) })
const path = '/operator/merchants/:id/products'

const told =
  (action: string) =>
  ({ before, after }: Changed<Product>) => ({
    action,
    subject: `goods:${after.merchantId}/${after.code}`,
    before: viewOfProduct(before),
    after: viewOfProduct(after),
  })

export function productRoutes(app: FastifyInstance, { db }: Desk): void {
  const routes = app.withTypeProvider<ZodTypeProvider>()

  routes.get(
    path,
    {
      config: reads,
      schema: {
        ...described('Products of a merchant, each in its newest version'),
        params: ofMerchant,
        response: { 200: list },
      },
    },
    async (request) => {
      const { id } = request.params
      if (!(await readMerchant(db, id))) throw refused('merchant_not_found')
      return { items: (await readProductsOf(db, id)).map(viewOfProduct) }
    },
  )
  routes.get(
    `${path}/:code/versions`,
    {
      config: reads,
      schema: {
        ...described('All versions of a product, the newest first'),
        params: ofProduct,
        response: { 200: list },
      },
    },
    async (request) => {
      const { id, code: of } = request.params
      const versions = await readVersions(db, id, of)
      if (versions.length === 0) throw refused('product_not_found')
      return { items: versions.map(viewOfProduct) }
    },
  )
}

export function productChangeRoutes(app: FastifyInstance, desk: Desk): void {
  const routes = app.withTypeProvider<ZodTypeProvider>()

  routes.post(
    path,
    {
      config: changes,
      schema: {
        ...described('Add a product'),
        params: ofMerchant,
        body: z.strictObject({ code, status: productStatus.default('draft'), ...productFields }),
        response: { 201: productView },
      },
    },
    async (request, reply) => {
      const { code: of, status, ...body } = request.body
      const content = productContentOf(body)
      const command = { merchantId: request.params.id, code: of, status, content }
      const product = await change(
        desk,
        request,
        (tx, now) => addProduct(tx, command, now),
        (made) => ({
          action: 'product.add',
          subject: `goods:${made.merchantId}/${made.code}`,
          before: null,
          after: viewOfProduct(made),
        }),
      )
      return reply.status(201).send(viewOfProduct(product))
    },
  )
  routes.patch(
    `${path}/:code`,
    {
      config: changes,
      schema: {
        ...described('Change a product: makes a new version'),
        params: ofProduct,
        body: z.strictObject(productFields).partial(),
        response: { 200: productView },
      },
    },
    async (request) => {
      const { price, validFrom, validTo, ...others } = request.body
      const changes = onlyGiven({
        ...others,
        price: price === undefined ? undefined : BigInt(price),
        validFrom: validFrom === undefined ? undefined : msOrNull(validFrom),
        validTo: validTo === undefined ? undefined : msOrNull(validTo),
      })
      const command = { merchantId: request.params.id, code: request.params.code, changes }
      const work = (tx: Parameters<typeof changeProduct>[0], now: number) =>
        changeProduct(tx, command, now)
      return viewOfProduct((await change(desk, request, work, told('product.change'))).after)
    },
  )
  routes.put(
    `${path}/:code/status`,
    {
      config: changes,
      schema: {
        ...described('Put a product on sale, pause it, or take it off'),
        params: ofProduct,
        body: z.strictObject({ status: productStatus }),
        response: { 200: productView },
      },
    },
    async (request) => {
      const { id, code: of } = request.params
      const command = { merchantId: id, code: of, status: request.body.status }
      const work = (tx: Parameters<typeof setProductStatus>[0]) => setProductStatus(tx, command)
      return viewOfProduct((await change(desk, request, work, told('product.status'))).after)
    },
  )
}
