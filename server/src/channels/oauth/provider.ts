/**
 * The authorization server: oidc-provider, told what it may do here. Client credentials for merchants
 * (two-legged), authorization code with PKCE for customers (three-legged), refresh tokens that rotate.
 * Access tokens are RS256 JWTs (RFC 9068) whose subject is an opaque name, never the phone number.
 */
import { createHash, timingSafeEqual } from 'node:crypto'
import { type Context, errors, Provider, type StructuredToken, type Token } from 'oidc-provider'
import type { Database, Log } from '../../db/index.ts'
import type { Clock, FieldCipher } from '../../kernel/index.ts'
import type { Catalogue } from '../../merchants/index.ts'
import { adapterOf } from './adapter.ts'
import { type SigningKey, signatureAlgorithm } from './keys.ts'
import { isScope } from './scopes.ts'
import { errorPage } from './sign-in/pages.ts'

export interface ProviderSettings {
  readonly db: Database
  readonly catalogue: Catalogue
  readonly clock: Clock
  readonly cipher: FieldCipher
  /** URL of the server with the mount path, for example `https://pay.example/oauth`. */
  readonly issuer: string
  /** The one resource there is: the `aud` of every access token. An absolute URL. */
  readonly audience: string
  /** The server is reached through a proxy that sets X-Forwarded-Proto and -For. */
  readonly behindProxy: boolean
  readonly log: Pick<Log, 'error'>
}

/** Lives of things in seconds. */
const ttl = {
  AuthorizationCode: 60,
  IdToken: 3_600,
  Interaction: 900,
  Session: 900,
  Grant: 90 * 86_400,
  RefreshToken: 30 * 86_400,
  AccessToken: (_: Context, token: Token) => token.resourceServer?.accessTokenTTL ?? 300,
  ClientCredentials: (_: Context, token: Token) => token.resourceServer?.accessTokenTTL ?? 300,
}
/** See `tokenMs` in keys.ts: a key is published this long after its last signature. */
const tokenSecondsMax = 24 * 3_600

export const cookieNames = {
  session: 'telepurse_session',
  interaction: 'telepurse_sign_in',
  resume: 'telepurse_sign_in_resume',
} as const

/** `keys`: those published, the one that signs among them. A rotation makes a new provider. */
export function buildProvider(
  settings: ProviderSettings,
  keys: readonly SigningKey[],
  signing: SigningKey,
): Provider {
  // The library signs ID tokens with the first key that fits.
  const ordered = [signing, ...keys.filter((key) => key.kid !== signing.kid)]
  const provider = new Provider(settings.issuer, {
    ...protocol(settings),
    adapter: adapterOf(settings),
    cookies: cookiesOf(settings),
    features: featuresOf(settings, signing),
    formats: { customizers: { jwt: ownClock(settings.clock) } },
    jwks: { keys: ordered.map((key) => JSON.parse(key.privateJwk.reveal()) as unknown) },
  })
  provider.proxy = settings.behindProxy
  provider.on('server_error', (_, error) =>
    settings.log.error({ err: error }, 'the authorization server failed'),
  )
  // The supported way to keep secrets as hashes: the stored "secret" is the hash, and this compares.
  provider.Client.prototype.compareClientSecret = function (presented) {
    const hash = createHash('sha256').update(presented).digest()
    const stored = Buffer.from(this.clientSecret, 'hex')
    return stored.length === hash.length && timingSafeEqual(stored, hash)
  }
  return provider
}

const protocol = ({ issuer }: ProviderSettings) => ({
  ttl,
  claims: { openid: ['sub'] },
  scopes: ['openid', 'offline_access'],
  responseTypes: ['code'],
  subjectTypes: ['public'],
  clientAuthMethods: ['client_secret_basic', 'client_secret_post'],
  clientDefaults: {
    grant_types: [],
    response_types: [],
    id_token_signed_response_alg: signatureAlgorithm,
  },
  enabledJWA: { idTokenSigningAlgValues: [signatureAlgorithm] },
  pkce: { required: () => true, methods: ['S256'] },
  clientBasedCORS: () => false,
  findAccount: (_: Context, id: string) => ({ accountId: id, claims: () => ({ sub: id }) }),
  interactions: {
    url: (_: Context, { uid }: { readonly uid: string }) =>
      `${new URL(issuer).pathname}/interaction/${uid}`,
  },
  // Consent is asked for at every sign-in, so a refresh token needs no `offline_access` besides.
  issueRefreshToken: (_: Context, client: { grantTypeAllowed(type: string): boolean }) =>
    client.grantTypeAllowed('refresh_token'),
  rotateRefreshToken: true,
  expiresWithSession: () => false,
  renderError(context: Context, out: { readonly error: string }) {
    const page = errorPage(out.error, context.get('accept-language'))
    for (const [name, value] of Object.entries(page.headers)) context.set(name, value)
    context.type = 'html'
    context.body = page.body
  },
})

const featuresOf = ({ catalogue, audience }: ProviderSettings, signing: SigningKey) => ({
  devInteractions: { enabled: false },
  userinfo: { enabled: false },
  rpInitiatedLogout: { enabled: false },
  clientCredentials: { enabled: true },
  revocation: { enabled: true },
  resourceIndicators: {
    enabled: true,
    defaultResource: () => audience,
    useGrantedResource: () => true,
    getResourceServerInfo(_: Context, resource: string, { clientId }: { clientId: string }) {
      if (resource !== audience) throw new errors.InvalidTarget()
      const client = catalogue.client(clientId)
      return {
        audience,
        // A scope the client may not have is left out of the token, as RFC 6749 §3.3 allows.
        scope: (client?.scopes ?? []).filter(isScope).join(' '),
        accessTokenFormat: 'jwt',
        accessTokenTTL: Math.min(client?.tokenSeconds ?? 300, tokenSecondsMax),
        jwt: { sign: { alg: signatureAlgorithm, kid: signing.kid } },
      }
    },
  },
})

function cookiesOf({ cipher, issuer }: ProviderSettings) {
  const secure = new URL(issuer).protocol === 'https:'
  const options = { signed: true, httpOnly: true, sameSite: 'lax', secure, overwrite: true }
  return {
    names: cookieNames,
    keys: [cipher.mac('oauth cookies', issuer)],
    long: { ...options, path: new URL(issuer).pathname },
    short: options,
  }
}

/** The library reads the machine's clock; tokens are judged by ours, which a demo may have moved. */
const ownClock =
  (clock: Clock) =>
  (_: Context, __: Token, { payload }: StructuredToken) => {
    const { iat, exp } = payload
    if (typeof iat !== 'number' || typeof exp !== 'number') return
    const issuedAt = Math.floor(clock.now() / 1_000)
    Object.assign(payload, { iat: issuedAt, exp: issuedAt + exp - iat })
  }
