import Fastify from 'fastify'
import { expect, test } from 'vitest'
import { createRouteClasses } from './route-classes.ts'

test('a request is for what its route says, else reading reads and the rest is urgent', async () => {
  const classes = createRouteClasses()
  const app = Fastify()
  app.addHook('onRoute', classes.learn)
  const handler = async () => ({})
  app.post('/v1/payments', { config: { admission: 'order' } }, handler)
  app.get('/v1/payments', handler)
  app.post('/v1/payments/:id/cancel', handler)
  app.get('/v1/statements/:date', { config: { admission: 'report' } }, handler)
  app.get('/health', { config: { admission: 'always' } }, handler)
  await app.register(
    async (scope) => {
      scope.addHook('onRoute', (route) => {
        route.config = { ...route.config, admission: 'console' }
      })
      scope.post('/merchants/:id', handler)
      scope.get('/merchants', handler)
    },
    { prefix: '/operator' },
  )
  await app.ready()
  const found = (
    [
      ['POST', '/v1/payments'],
      ['POST', '/v1/payments?page=1'],
      ['GET', '/v1/payments'],
      ['POST', '/v1/payments/1/cancel'],
      ['GET', '/v1/statements/2026-09-12?format=v3'],
      ['HEAD', '/v1/statements/2026-09-12'],
      ['GET', '/v1/statements/2026-09-12/more'],
      ['GET', '/health'],
      ['POST', '/operator/merchants/6021'],
      ['GET', '/operator/merchants'],
      ['GET', '/nowhere'],
      ['DELETE', '/nowhere'],
    ] as const
  ).map(([method, url]) => classes.of(method, url))
  expect(found).toEqual([
    'order',
    'order',
    'read',
    'urgent',
    'report',
    'report',
    'read',
    'always',
    'console',
    'console',
    'read',
    'urgent',
  ])
  await app.close()
})
