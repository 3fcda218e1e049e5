/** What an authenticator signs, and always for its owner's face, finger or PIN (WebAuthn Level 3 §7.2). */
import type { AuthenticationResponseJSON } from '@simplewebauthn/server'
import type { Passkey } from './passkey-store.ts'

/** As the browser hands it over; what is wrong with it is found by looking, not by believing. */
export interface PasskeyAnswer {
  /** The challenge that was asked with. */
  readonly challenge: string
  readonly response: unknown
}

/** Loaded when somebody first needs it: 30 MB, and a third of a second, of which a server without them is free. */
export const library = () => import('@simplewebauthn/server')

export const rpIdOf = (origin: string): string => new URL(origin).hostname

export type Assertions = ReturnType<typeof createAssertions>

export function createAssertions(origin: string) {
  const rpId = rpIdOf(origin)
  return {
    /** `passkeys` are those that may answer; any of this address without them. */
    async ask(given: { challenge: string; timeout: number; passkeys?: readonly Passkey[] }) {
      const { challenge, timeout, passkeys } = given
      const { generateAuthenticationOptions } = await library()
      return generateAuthenticationOptions({
        ...{ rpID: rpId, challenge: bytesOf(challenge), timeout, userVerification: 'required' },
        ...(passkeys && {
          allowCredentials: passkeys.map(({ credentialId: id, transports }) => ({
            ...{ id, transports: [...transports] },
          })),
        }),
      })
    },

    /**
     * How far its authenticator has counted, where it is the passkey's own signature of this challenge. Whether that is
     * further than before is for the store to say, under its lock.
     */
    async countOf({
      challenge,
      response,
      passkey,
    }: PasskeyAnswer & { readonly passkey: Passkey }): Promise<number | undefined> {
      const { verifyAuthenticationResponse } = await library()
      return verifyAuthenticationResponse({
        ...{ expectedOrigin: origin, expectedRPID: rpId, requireUserVerification: true },
        ...{ expectedChallenge: challenge, response: response as AuthenticationResponseJSON },
        credential: {
          ...{ id: passkey.credentialId, publicKey: bytesOf(passkey.publicKey), counter: 0 },
        },
      }).then(
        ({ verified, authenticationInfo }) =>
          verified ? authenticationInfo.newCounter : undefined,
        () => undefined,
      )
    },
  }
}

export const membersOf = (value: unknown): Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {}

export const bytesOf = (text: string) => Uint8Array.from(Buffer.from(text, 'base64url'))
