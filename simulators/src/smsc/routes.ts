/**
 * The HTTP face of the handsets and of the network's faults. Mount it only where strangers may play:
 * whoever reaches it can send as anyone. Errors are RFC 9457 problems, and change nothing.
 */
import type { FastifyError, FastifyInstance, FastifyReply } from 'fastify'
import type { Smsc } from './contract.ts'
import { type NetworkFaults, parseFaults } from './faults.ts'
import { parseHandset } from './numbers.ts'
import { type HandsetTextRefusal, HandsetTextRefused } from './originated.ts'

const problems = {
  not_a_mobile_number: { status: 400, title: 'The number is not a mobile number' },
  not_a_number_to_send_to: { status: 400, title: 'The number cannot be sent to' },
  text_missing: { status: 400, title: 'The text is missing' },
  text_too_long: { status: 400, title: 'The text is too long' },
  queue_full: { status: 503, title: 'The network has no room for another message' },
  malformed_body: { status: 400, title: 'The body cannot be read' },
} as const satisfies Record<
  HandsetTextRefusal | 'malformed_body',
  { readonly status: number; readonly title: string }
>

function sendProblem(reply: FastifyReply, name: keyof typeof problems, detail?: string) {
  const { status, title } = problems[name]
  return reply
    .code(status)
    .type('application/problem+json')
    .send({ type: `/problems/${name}`, title, status, ...(detail && { detail }) })
}

const memberText = (body: unknown, name: string): string | undefined => {
  const value: unknown = (body as Readonly<Record<string, unknown>> | null)?.[name]
  return typeof value === 'string' ? value : undefined
}

type ByNumber = { Params: { msisdn: string } }
const ofHandset = '/simulator/handsets/:msisdn/messages'

/** A Fastify plugin: `app.register(smscRoutes(smsc))`. */
export const smscRoutes = (smsc: Smsc) => async (app: FastifyInstance) => {
  app.setErrorHandler((error: FastifyError, _request, reply) => {
    if (error.statusCode === undefined || error.statusCode >= 500) throw error
    const { message: detail, statusCode: status } = error
    const { title } = problems.malformed_body
    return reply
      .code(status)
      .type('application/problem+json')
      .send({ type: '/problems/malformed_body', title, status, detail })
  })

  app.post<ByNumber>(ofHandset, async (request, reply) => {
    const to = memberText(request.body, 'to')
    const text = memberText(request.body, 'text')
    if (to === undefined || text === undefined)
      return sendProblem(
        reply,
        'malformed_body',
        'an object with the texts "to" and "text" is expected',
      )
    try {
      const { messageId } = await smsc.sendFromHandset({ from: request.params.msisdn, to, text })
      return await reply.code(202).send({ id: messageId })
    } catch (error) {
      if (error instanceof HandsetTextRefused) return sendProblem(reply, error.refusal)
      throw error
    }
  })

  app.get<ByNumber & { Querystring: { after?: string } }>(ofHandset, async (request, reply) => {
    const { msisdn } = request.params
    if (!parseHandset(msisdn)) return sendProblem(reply, 'not_a_mobile_number')
    return smsc.messages(msisdn, request.query.after)
  })

  app.delete<ByNumber>(ofHandset, async (request, reply) => {
    const { msisdn } = request.params
    if (!parseHandset(msisdn)) return sendProblem(reply, 'not_a_mobile_number')
    smsc.deleteMessages(msisdn)
    return reply.code(204).send()
  })

  app.get('/simulator/network', async () => networkView(smsc))
  app.post('/simulator/network', async (request, reply) => {
    const changes = parseFaults(request.body)
    if (!changes.ok) return sendProblem(reply, 'malformed_body', changes.refusal)
    smsc.setFaults(changes.value)
    return networkView(smsc)
  })
}

const networkView = (smsc: Smsc): NetworkFaults & { links: number; queued: number } => ({
  ...smsc.faults(),
  links: smsc.boundLinks(),
  queued: smsc.queued(),
})
