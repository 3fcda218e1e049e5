/** How customers prove who they are to the app: codes, passkeys, sessions of devices. */

export type { PasskeyAnswer } from './assertions.ts'
export { lockSends, saveSends } from './code-store.ts'
export type { CodeRefusal, CodeText } from './codes.ts'
export { allowSend, type CodeTries, codeLifeMs, tryCode } from './one-time-code.ts'
export type { Confirmed } from './passkey-proofs.ts'
export type { Passkey } from './passkey-store.ts'
export { createPasskeys, type PasskeyChange, type Passkeys } from './passkeys.ts'
export { type Begun, type Session, sessionMs } from './session.ts'
export { createSignIns, type SignIns, type SignInTools } from './sign-ins.ts'
export { signInInvariants } from './verify.ts'
