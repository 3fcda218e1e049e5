/** The HTTP server every channel hangs its routes on: limits, errors, ids, the API's description. */
import type { IncomingHttpHeaders } from 'node:http'
import swagger from '@fastify/swagger'
import swaggerUi from '@fastify/swagger-ui'
import Fastify, { type FastifyInstance } from 'fastify'
import {
  jsonSchemaTransform,
  jsonSchemaTransformObject,
  serializerCompiler,
  validatorCompiler,
} from 'fastify-type-provider-zod'
import type { Log } from '../../db/index.ts'
import { type Admission, createAdmission } from './admission.ts'
import { createEdge } from './edge.ts'
import { endStreams } from './event-stream.ts'
import { descriptionPolicy, guardAnswer } from './headers.ts'
import { problemHandler, sendProblem } from './problem.ts'

type SecurityScheme = { readonly type: 'openIdConnect'; readonly openIdConnectUrl: string }

export interface HttpOptions {
  readonly log: Log
  readonly behindProxy: boolean
  /** The outside reaches this server by TLS. */
  readonly https?: boolean
  readonly version: string
  readonly requestId: () => string
  /** Whom to let in; the usual limits without it. */
  readonly admission?: Admission
  /** How callers prove who they are, for the description of the API. */
  readonly securitySchemes: Readonly<Record<string, SecurityScheme>>
}

/** No request of ours is larger; statements are downloads. */
const bodyLimit = 64 * 1024

export async function createHttpServer(options: HttpOptions): Promise<FastifyInstance> {
  const edge = createEdge(options.admission ?? createAdmission())
  const app = Fastify({
    logger: false,
    bodyLimit,
    serverFactory: edge.serverFor,
    trustProxy: options.behindProxy,
    genReqId: options.requestId,
    forceCloseConnections: 'idle',
    // Addresses that cannot be read never reach the error handler below.
    frameworkErrors: problemHandler(options.log),
  })
  app.setValidatorCompiler(validatorCompiler)
  app.setSerializerCompiler(serializerCompiler)
  app.addHook('onRequest', async (request, reply) => {
    guardAnswer(reply.raw, { https: options.https ?? false })
    forgetTypeOfNothing(request.raw.headers)
  })
  app.addHook('onRoute', edge.learn)
  app.addHook('preClose', async () => endStreams(app))
  app.addHook('onClose', async () => edge.close())
  app.setErrorHandler(problemHandler(options.log))
  app.setNotFoundHandler((request, reply) => {
    void sendProblem(reply, {
      status: 404,
      type: 'not_found',
      title: `There is nothing at this address for ${request.method}`,
    })
  })
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Telepurse',
        description: 'Pay from the phone bill: the merchant API, carrier billing and checkout.',
        version: options.version,
        license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
      },
      tags: [
        { name: 'Payments', description: 'Charge a phone bill, ask, refund' },
        { name: 'Checkout', description: 'The hosted payment page' },
        { name: 'Scans', description: 'Face to face: codes that a till reads' },
        { name: 'Statements', description: 'What a day brought' },
        { name: 'Webhooks', description: 'How merchants are told' },
        { name: 'App', description: 'The wallet in its owner’s hand: signing in, balance, cards' },
        { name: 'Counter', description: 'The business hall: clerks, tills, vouchers' },
      ],
      components: {
        securitySchemes: {
          ...options.securitySchemes,
          apiKey: { type: 'http', scheme: 'bearer', description: 'tp_live_…' },
          counterSession: {
            type: 'apiKey',
            in: 'cookie',
            name: 'counter',
            description:
              'Set by signing in; `__Host-counter` over TLS. With X-CSRF-Token to change',
          },
          consumerSession: {
            type: 'apiKey',
            in: 'cookie',
            name: 'consumer',
            description:
              'Set by signing in; `__Host-consumer` over TLS. With X-Telepurse to change something',
          },
          operatorSession: {
            type: 'apiKey',
            in: 'cookie',
            name: 'operator',
            description:
              'Set by signing in; `__Host-operator` over TLS. With X-CSRF-Token to change',
          },
          operatorToken: {
            type: 'http',
            scheme: 'bearer',
            description: 'OPERATOR_TOKEN, for programs: not for what needs a person',
          },
        },
      },
    },
    transform: jsonSchemaTransform,
    transformObject: jsonSchemaTransformObject,
  })
  await app.register(swaggerUi, { routePrefix: '/docs', staticCSP: descriptionPolicy })
  return app
}

/** Many clients name a type also where they send no body; that is no malformed JSON. */
function forgetTypeOfNothing(headers: IncomingHttpHeaders): void {
  const length = headers['content-length'] ?? '0'
  if (length === '0' && headers['transfer-encoding'] === undefined) delete headers['content-type']
}
