/** The API page is made from the routes: every operation of the contracts is there, under its name. */
import swagger from '@fastify/swagger'
import Fastify from 'fastify'
import { jsonSchemaTransform } from 'fastify-type-provider-zod'
import { expect, test } from 'vitest'
import { camaraRoutes } from '../../server/src/channels/camara/index.ts'
import { createGuesses, keyGuesses } from '../../server/src/channels/http/index.ts'
import { openIdScheme } from '../../server/src/channels/oauth/index.ts'
import { createFieldCipher, createIds, manualClock, Secret } from '../../server/src/kernel/index.ts'
import type { Payments } from '../../server/src/payments/index.ts'
import { testCatalogue } from './catalogue.ts'
import { type OperationId, operations, prefixes } from './operations.ts'

test('the OpenAPI 3.1 document names every operation with its scope', async () => {
  const app = Fastify()
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: { title: 'test', version: '0' },
      components: { securitySchemes: openIdScheme('http://pay.example') },
    },
    transform: jsonSchemaTransform,
  })
  const ids = createIds()
  await app.register(
    camaraRoutes({
      payments: {} as Payments,
      catalogue: testCatalogue(),
      verify: async () => ({ ok: false, refusal: 'unauthenticated' }),
      guesses: createGuesses(keyGuesses, manualClock(0)),
      cipher: createFieldCipher(new Secret('a field key for tests, 32 characters or more'), ids),
      clock: manualClock(0),
      ids,
      origin: 'http://pay.example',
      sandboxMessages: async () => [],
    }),
  )
  await app.ready()
  const { paths = {} } = app.swagger() as unknown as {
    paths?: Record<string, Record<string, Record<string, unknown>>>
  }
  for (const id of Object.keys(operations) as OperationId[]) {
    const { contract, method, path, scope } = operations[id]
    const described = paths[prefixes[contract] + path]?.[method.toLowerCase()]
    expect(described).toMatchObject({ operationId: id, security: [{ openId: [scope] }] })
    expect(described).toHaveProperty('summary')
    expect(described).toHaveProperty('tags')
  }
  const create = paths['/carrier-billing/v0.5/payments']?.post
  expect(JSON.stringify(create)).toContain('multipleOf')
  expect(JSON.stringify(create)).toContain('clientCorrelator')
})
