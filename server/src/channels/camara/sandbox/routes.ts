/** `GET /sandbox/numbers/{msisdn}/messages`: what a test number was texted. For test clients only. */
import type { FastifyInstance } from 'fastify'
import type { ZodTypeProvider } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { type Msisdn, parseMsisdn } from '../../../kernel/index.ts'
import { common, problem } from '../problems.ts'
import { errorAnswer } from '../responses.ts'
import { callerOf, type OperationConfig } from '../scope.ts'
import { isSandboxNumber } from './numbers.ts'

export interface SandboxMessage {
  /** ms since 1970 UTC. */
  readonly at: number
  readonly from: string
  readonly text: string
}

/** Newest first, at most a hundred. */
export type SandboxMessages = (msisdn: Msisdn) => Promise<readonly SandboxMessage[]>

export function registerSandbox(app: FastifyInstance, messages: SandboxMessages): void {
  const config: OperationConfig = { scope: null }
  app.withTypeProvider<ZodTypeProvider>().get(
    '/numbers/:msisdn/messages',
    {
      config,
      schema: {
        tags: ['Sandbox'],
        summary: 'Read what a test number was texted',
        operationId: 'readTestMessages',
        security: [{ openId: [] }],
        params: z.object({ msisdn: z.string().max(32).meta({ example: '+8613900000003' }) }),
        response: {
          200: z.array(z.object({ time: z.iso.datetime(), from: z.string(), text: z.string() })),
          404: errorAnswer,
        },
      },
    },
    async (request) => {
      const number = parseMsisdn(request.params.msisdn)
      if (!callerOf(request).test || !number.ok || !isSandboxNumber(number.value))
        throw problem(common.notFound)
      const found = await messages(number.value)
      return found.map(({ at, from, text }) => ({ time: new Date(at).toISOString(), from, text }))
    },
  )
}
