/** OAuth 2 and OpenID Connect for the merchant API: `createOauth` gives everything there is. */
import type { FastifyPluginAsync } from 'fastify'
import type { Provider } from 'oidc-provider'
import type { Database, JobOutcome, Log } from '../../db/index.ts'
import type { Clock, FieldCipher, Ids, Msisdn } from '../../kernel/index.ts'
import type { Catalogue } from '../../merchants/index.ts'
import { createKeyRing } from './keys.ts'
import { oauthPlugin } from './plugin.ts'
import { buildProvider } from './provider.ts'
import { type CodeText, createSignIn } from './sign-in/sign-in.ts'
import { forgetNumber, purgeExpired } from './store.ts'
import { createTokenVerifier, type TokenVerifier } from './token-verifier.ts'

export { isScope, type Scope, scopes } from './scopes.ts'
export type { CodeText } from './sign-in/sign-in.ts'
export type { Caller, TokenVerifier } from './token-verifier.ts'

export interface OauthDependencies {
  readonly db: Database
  readonly catalogue: Catalogue
  readonly clock: Clock
  readonly ids: Ids
  /** Where this server is reached from outside, without a path: `https://pay.example`. */
  readonly origin: string
  /** Seals signing keys and sink tokens at rest. */
  readonly cipher: FieldCipher
  /** Reached through a proxy that sets X-Forwarded-Proto. */
  readonly behindProxy: boolean
  readonly sendCode: (text: CodeText) => Promise<void>
  readonly isTestNumber: (msisdn: Msisdn) => boolean
  readonly log: Pick<Log, 'error'>
}

export interface Oauth {
  /** Everything below `/oauth`; discovery at `/oauth/.well-known/openid-configuration`. */
  readonly plugin: FastifyPluginAsync
  readonly verify: TokenVerifier
  /** The next signing key: published at once, signs ten minutes later. */
  readonly rotateKeys: () => Promise<string | undefined>
  /** Handler of the job `oauth.purge`: removes what has expired, and comes again in an hour. */
  readonly purge: () => Promise<JobOutcome>
  /**
   * Ends every grant of a number, for all merchants: it has a new owner, or its owner takes his
   * consent back. Access tokens already seen by a process live on until they expire.
   */
  readonly forgetNumber: (msisdn: Msisdn) => Promise<void>
}

/** For the OpenAPI document, whose operations name the scheme `openId`. */
export const openIdScheme = (origin: string) => ({
  openId: {
    type: 'openIdConnect' as const,
    openIdConnectUrl: `${origin}${mountPath}/.well-known/openid-configuration`,
  },
})

export const purgeTopic = 'oauth.purge'
const mountPath = '/oauth'
const purgeEveryMs = 3_600_000
/** Rows of a kind removed in one transaction; the rest goes with the next. */
const purgeMax = 1_000

export function createOauth(deps: OauthDependencies): Oauth {
  const { db, catalogue, clock, ids, cipher } = deps
  const keys = createKeyRing({ db, cipher, clock, ids })
  const issuer = `${deps.origin}${mountPath}`
  const audience = deps.origin
  let built: { readonly provider: Provider; readonly name: string } | undefined

  /** The library takes its keys once, so another set of keys is another provider. */
  async function provider(): Promise<Provider> {
    const [published, signing] = [await keys.published(), await keys.signing()]
    const name = [signing, ...published].map((key) => key.kid).join(' ')
    if (built?.name !== name)
      built = {
        name,
        provider: buildProvider({ ...deps, cipher, issuer, audience }, published, signing),
      }
    return built.provider
  }

  return {
    plugin: oauthPlugin({
      provider,
      catalogue,
      signIn: createSignIn({ db, cipher, clock, ids, sendCode: deps.sendCode }),
      audience,
      mountPath,
      isTestNumber: deps.isTestNumber,
    }),
    verify: createTokenVerifier({ keys, catalogue, db, clock, issuer, audience }),
    rotateKeys: () => keys.rotate(),
    forgetNumber: (msisdn) => db.transact((tx) => forgetNumber(tx, msisdn)),
    async purge() {
      const gone = await db.transact((tx) => purgeExpired(tx, clock.now(), purgeMax))
      const more = Math.max(gone.records, gone.codes) >= purgeMax
      return { kind: 'next', dueAt: clock.now() + (more ? 0 : purgeEveryMs) }
    },
  }
}
