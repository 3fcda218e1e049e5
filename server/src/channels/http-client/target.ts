/** Where a request may go, as far as the URL alone tells. */
import { isIP } from 'node:net'
import { accept, type Result, refuse } from '../../kernel/index.ts'
import { isPublicAddress } from './address.ts'

export type UrlRefusal =
  | 'url_malformed'
  | 'scheme_refused'
  | 'credentials_in_url'
  | 'port_refused'
  | 'address_refused'

export interface TargetPolicy {
  /** `host:port` as they stand in a URL: may be private, plain HTTP, any port. For demo and tests. */
  readonly allowPrivate: readonly string[]
  /** Ports of HTTPS; `plainPorts` those of HTTP, none when plain HTTP is not allowed. */
  readonly ports: readonly number[]
  readonly plainPorts: readonly number[]
}

export const defaultTargets: TargetPolicy = {
  allowPrivate: [],
  ports: [443, 8443],
  plainPorts: [],
}

export interface Target {
  readonly url: URL
  /** Without the brackets of IPv6. */
  readonly host: string
  /** Named by the operator: its addresses are not checked. */
  readonly trusted: boolean
}

const urlLengthMax = 2_048

/**
 * Reads a URL. `new URL` turns decimal, octal, hexadecimal and short spellings of an IPv4 address
 * into the dotted one, and full-width letters into plain ones, before they are judged here.
 */
export function targetOf(text: string, policy: TargetPolicy): Result<Target, UrlRefusal> {
  if (text.length > urlLengthMax || !URL.canParse(text)) return refuse('url_malformed')
  const url = new URL(text)
  const plain = url.protocol === 'http:'
  if (!plain && url.protocol !== 'https:') return refuse('scheme_refused')
  if (url.username !== '' || url.password !== '') return refuse('credentials_in_url')
  const host = url.hostname.replace(/^\[|\]$/g, '')
  const port = Number(url.port || (plain ? 80 : 443))
  if (policy.allowPrivate.includes(`${url.hostname}:${port}`))
    return accept({ url, host, trusted: true })
  if (plain && policy.plainPorts.length === 0) return refuse('scheme_refused')
  if (!(plain ? policy.plainPorts : policy.ports).includes(port)) return refuse('port_refused')
  if (isIP(host) !== 0 && !isPublicAddress(host)) return refuse('address_refused')
  return accept({ url, host, trusted: false })
}
