/** Signatures in the form of Standard Webhooks (standardwebhooks.com, specification 1.0). */
import { createHmac } from 'node:crypto'
import { type Ids, Secret } from '../../kernel/index.ts'

const prefix = 'whsec_'
/** The specification asks for 24 to 64. */
const secretBytes = 32

/** A new secret, `whsec_` and base64. */
export const newSecret = (ids: Pick<Ids, 'random'>): Secret =>
  new Secret(prefix + Buffer.from(ids.random(secretBytes)).toString('base64'))

/**
 * The three headers of a try. The id stays the same at every try; the timestamp (s) is that of the
 * try, so that a receiver can refuse old ones. While a secret is being changed, both sign.
 */
export function signatureHeaders(message: {
  readonly id: string
  readonly at: number
  readonly body: string
  readonly secrets: readonly Secret[]
}): Record<string, string> {
  const timestamp = String(Math.floor(message.at / 1_000))
  const content = `${message.id}.${timestamp}.${message.body}`
  const signatures = message.secrets.map((secret) => {
    const key = Buffer.from(secret.reveal().slice(prefix.length), 'base64')
    return `v1,${createHmac('sha256', key).update(content).digest('base64')}`
  })
  return {
    'webhook-id': message.id,
    'webhook-timestamp': timestamp,
    'webhook-signature': signatures.join(' '),
  }
}
