/**
 * A session with a token, logged in. Calls are made at once and one after another, so one session is all
 * that a process can use. When the token has been away (restarted, taken out, all sessions closed) the next
 * use opens it again and goes on; the caller learns nothing but that handles have changed.
 */
import type { Secret } from '../../kernel/index.ts'
import {
  answers,
  CKR,
  type Cryptoki,
  type Handle,
  normalUser,
  openModule,
  readWriteSession,
  TokenRefused,
} from './cryptoki.ts'

export interface TokenOptions {
  /** The library that speaks to the token, for example /usr/lib/softhsm/libsofthsm2.so. */
  readonly modulePath: string
  /** The label of the token; slots get new numbers. */
  readonly label: string
  readonly pin: Secret
}

export interface TokenSession {
  readonly cryptoki: Cryptoki
  readonly session: Handle
  /** Changes when handles of objects are no longer good. */
  readonly generation: number
  readonly gcmType: number
}

export interface Token {
  /** Runs `work`, and once more from the start when the session was lost: it only asks and computes. */
  use<Value>(work: (session: TokenSession) => Value): Value
  /** Runs `work` once, on a session that has just answered. */
  change<Value>(work: (session: TokenSession) => Value): Value
  close(): void
}

const lost = [
  CKR.SESSION_CLOSED,
  CKR.SESSION_HANDLE_INVALID,
  CKR.USER_NOT_LOGGED_IN,
  CKR.CRYPTOKI_NOT_INITIALIZED,
  CKR.TOKEN_NOT_PRESENT,
  CKR.DEVICE_REMOVED,
  CKR.DEVICE_ERROR,
  CKR.KEY_HANDLE_INVALID,
  CKR.OBJECT_HANDLE_INVALID,
  // Some calls of SoftHSM that fail leave theirs open (GCM without a single octet): the session is spent.
  CKR.OPERATION_ACTIVE,
]

export function openToken({ modulePath, label, pin }: TokenOptions): Token {
  const { cryptoki, gcmType } = openModule(modulePath)
  let generation = 0
  let open: TokenSession | undefined

  function connect(): TokenSession {
    unless(CKR.CRYPTOKI_ALREADY_INITIALIZED, () => cryptoki.C_Initialize())
    const slot = cryptoki.C_GetSlotList(true).find((one) => labelOf(cryptoki, one) === label)
    if (!slot) throw new TokenRefused(`no token is labelled ${label} in ${modulePath}`)
    const session = cryptoki.C_OpenSession(slot, readWriteSession)
    try {
      unless(CKR.USER_ALREADY_LOGGED_IN, () => cryptoki.C_Login(session, normalUser, pin.reveal()))
    } catch (error) {
      cryptoki.C_CloseSession(session)
      if (answers(error, CKR.PIN_INCORRECT))
        throw new TokenRefused(`the PIN of the token ${label} is wrong: it locks after a few tries`)
      if (answers(error, CKR.PIN_LOCKED))
        throw new TokenRefused(
          `the PIN of the token ${label} is locked: its security officer sets a new one`,
        )
      throw error
    }
    generation += 1
    return { cryptoki, session, generation, gcmType }
  }

  function use<Value>(work: (session: TokenSession) => Value): Value {
    open ??= connect()
    try {
      return work(open)
    } catch (error) {
      if (!answers(error, ...lost)) throw error
      leave()
      open = connect()
      return work(open)
    }
  }

  function leave(): void {
    const left = open
    open = undefined
    try {
      if (left) cryptoki.C_CloseSession(left.session)
    } catch {
      // It was lost: there is nothing to close.
    }
  }

  return {
    use,
    change: (work) => {
      // Whatever has gone away is opened again by a question, before anything is changed.
      use(({ session }) => {
        cryptoki.C_FindObjectsInit(session, [])
        cryptoki.C_FindObjectsFinal(session)
      })
      return work(open ?? connect())
    },
    close: leave,
  }
}

const labelOf = (cryptoki: Cryptoki, slot: Handle) => cryptoki.C_GetTokenInfo(slot).label.trim()

function unless(answer: number, work: () => void): void {
  try {
    work()
  } catch (error) {
    if (!answers(error, answer)) throw error
  }
}
