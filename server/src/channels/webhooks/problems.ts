/** What a refusal is over HTTP. One row per refusal; a missing row does not compile. */
import { ProblemError } from '../http/index.ts'
import type { EndpointRefusal } from './endpoints.ts'
import type { ResendRefusal } from './resend.ts'

type WebhookRefusal = EndpointRefusal | ResendRefusal

const rows: Record<WebhookRefusal, readonly [status: number, title: string]> = {
  endpoint_not_found: [404, 'There is no such webhook endpoint'],
  too_many_endpoints: [409, 'A merchant has at most ten webhook endpoints: remove one first'],
  delivery_not_found: [404, 'There is no such delivery'],
  endpoint_not_on: [409, 'The endpoint of this delivery is not on: switch it on first'],
  url_malformed: [422, 'The url is not a URL'],
  scheme_refused: [422, 'The url must begin with https://'],
  credentials_in_url: [422, 'The url must not hold a user name or password'],
  port_refused: [422, 'The url must name port 443 or 8443, or none'],
  address_refused: [422, 'The url must name a public address'],
}

export function refused(refusal: WebhookRefusal): ProblemError {
  const [status, title] = rows[refusal]
  return new ProblemError({ status, type: refusal, title })
}
