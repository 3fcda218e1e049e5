/** The pages people see: built by `web/`, served here with headers that let nothing foreign in. */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import fastifyStatic from '@fastify/static'
import type { FastifyInstance, FastifyReply } from 'fastify'
import { consumerCookie } from '../channels/consumer/index.ts'

/** Two folders up from here is the server's package, in the sources as in what is built from them. */
export const webFolder = join(import.meta.dirname, '../../../web/dist')

const contentSecurityPolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  // React writes some sizes as style attributes; they can run nothing.
  "style-src-attr 'unsafe-inline'",
  "font-src 'self'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "manifest-src 'self'",
  "base-uri 'none'",
  "form-action 'self'",
  "frame-ancestors 'none'",
].join('; ')

const balanceAhead = '</consumer/balance>; rel=preload; as=fetch; crossorigin'

/** What a device looks for under names that stay the same when it installs the app. */
const appFiles = [
  ['app.webmanifest', 'application/manifest+json'],
  ['app-worker.js', 'text/javascript; charset=utf-8'],
  ['app-icon-180.png', 'image/png'],
  ['app-icon-192.png', 'image/png'],
  ['app-icon-512.png', 'image/png'],
] as const

export async function pageRoutes(
  app: FastifyInstance,
  { demo, origin }: { readonly demo: boolean; readonly origin: string },
): Promise<void> {
  if (!existsSync(webFolder)) return
  await app.register(fastifyStatic, {
    root: join(webFolder, 'assets'),
    prefix: '/assets/',
    immutable: true,
    preCompressed: true,
    maxAge: '365d',
    decorateReply: false,
    schemaHide: true,
  })
  const page = (file: string) => {
    const html = readFileSync(join(webFolder, file), 'utf8')
    return async (_request: unknown, reply: FastifyReply) =>
      reply
        .type('text/html; charset=utf-8')
        .headers({
          'content-security-policy': contentSecurityPolicy,
          'referrer-policy': 'no-referrer',
          'x-content-type-options': 'nosniff',
          'cache-control': 'no-cache',
        })
        .send(html)
  }
  const schema = { hide: true }
  for (const [file, type] of appFiles)
    app.get(`/${file}`, { schema }, async (_request, reply) =>
      reply
        .type(type)
        .headers({
          // A worker fetches under the policy of its own file.
          'content-security-policy': contentSecurityPolicy,
          'x-content-type-options': 'nosniff',
          'cache-control': 'no-cache',
        })
        .send(readFileSync(join(webFolder, file))),
    )
  app.get('/pay/:id', { schema }, page('checkout.html'))
  app.get('/counter', { schema }, page('counter.html'))
  app.get('/operator', { schema }, page('operator.html'))
  const cookie = consumerCookie({ origin })
  const appPage = page('consumer.html')
  // What the first screen waits for comes beside its scripts; nobody else's page asks for it in vain.
  app.get('/app', { schema }, async (request, reply) => {
    if (cookie.read(request)) reply.headers({ link: balanceAhead, vary: 'cookie' })
    return appPage(request, reply)
  })
  // The app finds its screens itself: each of its addresses is the same page.
  app.get('/app/*', { schema }, appPage)
  if (demo) app.get('/demo', { schema }, page('demo.html'))
  app.get('/', { schema }, async (_request, reply) => reply.redirect(demo ? '/demo' : '/docs'))
}
