/** Mounts the authorization server in Fastify: the library's routes as they are, our pages beside. */
import formbody from '@fastify/formbody'
import type {} from '@fastify/swagger'
import type { FastifyInstance, FastifyPluginAsync } from 'fastify'
import type { Provider } from 'oidc-provider'
import { cookieNames } from './provider.ts'
import { registerSignIn, type SignInRoutes } from './sign-in/routes.ts'

/** Forms of the sign-in are one field long. */
const formBytesMax = 4_096

export function oauthPlugin(deps: SignInRoutes): FastifyPluginAsync {
  return async (app) => {
    await app.register(
      async (scope) => {
        await scope.register(async (pages) => {
          await pages.register(formbody, { bodyLimit: formBytesMax })
          registerSignIn(pages, deps)
        })
        await scope.register((protocol) => mountProtocol(protocol, deps))
      },
      { prefix: deps.mountPath },
    )
  }
}

async function mountProtocol(app: FastifyInstance, deps: SignInRoutes): Promise<void> {
  // The library reads the body itself.
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('*', (_request, _payload, done) => done(null))
  let mounted: { provider: Provider; callback: ReturnType<Provider['callback']> } | undefined
  app.all('/*', { schema: { hide: true } }, async (request, reply) => {
    const provider = await deps.provider()
    if (mounted?.provider !== provider) mounted = { provider, callback: provider.callback() }
    const path = request.url.slice(deps.mountPath.length)
    // A sign-in is good for one authorization: the next customer at this browser proves his own number.
    if (/^\/auth([/?]|$)/.test(path)) dropSession(request.raw.headers)
    Object.assign(request.raw, { originalUrl: request.url, url: path })
    reply.hijack()
    await mounted.callback(request.raw, reply.raw)
  })
}

function dropSession(headers: { cookie?: string | undefined }): void {
  const kept = (headers.cookie ?? '')
    .split(';')
    .filter((cookie) => !cookie.trim().startsWith(cookieNames.session))
  headers.cookie = kept.join(';')
}
