/** The part of oidc-provider 8.8 that is used here; the package ships no types. */
declare module 'oidc-provider' {
  import type { IncomingMessage, ServerResponse } from 'node:http'

  export type Payload = Record<string, unknown>

  export interface Adapter {
    upsert(id: string, payload: Payload, expiresIn?: number): Promise<void>
    find(id: string): Promise<Payload | undefined>
    findByUserCode(userCode: string): Promise<Payload | undefined>
    findByUid(uid: string): Promise<Payload | undefined>
    consume(id: string): Promise<void>
    destroy(id: string): Promise<void>
    revokeByGrantId(grantId: string): Promise<void>
  }

  export interface Client {
    readonly clientId: string
    readonly clientSecret: string
    grantTypeAllowed(type: string): boolean
    compareClientSecret(presented: string): boolean
  }

  export interface Interaction {
    readonly uid: string
    readonly params: Readonly<Record<string, unknown>>
    readonly prompt: { readonly name: string }
  }

  export interface Grant {
    addOIDCScope(scope: string): void
    addResourceScope(resource: string, scope: string): void
    save(): Promise<string>
  }

  export interface Token {
    readonly kind: string
    readonly resourceServer?: { readonly accessTokenTTL?: number }
  }

  export interface Context {
    type: string
    status: number
    body: unknown
    set(header: string, value: string): void
    get(header: string): string
  }

  export interface StructuredToken {
    payload: Payload
  }

  export class Provider {
    constructor(issuer: string, configuration: Readonly<Record<string, unknown>>)
    proxy: boolean
    readonly Client: { readonly prototype: Client }
    readonly Grant: new (properties: {
      accountId: string
      clientId: string
    }) => Grant
    callback(): (request: IncomingMessage, response: ServerResponse) => Promise<void>
    interactionDetails(request: IncomingMessage, response: ServerResponse): Promise<Interaction>
    interactionResult(
      request: IncomingMessage,
      response: ServerResponse,
      result: Readonly<Record<string, unknown>>,
      options: { mergeWithLastSubmission: boolean },
    ): Promise<string>
    on(event: string, listener: (context: Context, error: Error) => void): this
  }

  export namespace errors {
    class OIDCProviderError extends Error {}
    class InvalidGrant extends OIDCProviderError {}
    class InvalidTarget extends OIDCProviderError {}
  }
}
