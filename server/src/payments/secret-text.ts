/**
 * Texts with a secret that must not be read from the outbox, whoever has the database: the code travels
 * sealed, and is put into the notice at the moment the text is handed to the gateway. It is sealed for one
 * job and one number, so it cannot be moved to the text of somebody else.
 */
import type { NewJob } from '../db/index.ts'
import { assert, bucketOfId, type Secret } from '../kernel/index.ts'
import { type KeyStore, openSecret, type Seal, sealSecret } from '../keys/index.ts'
import type { Notice, Outgoing } from './notice.ts'
import { topics } from './topics.ts'

/** The name of the key in the key store. */
export const textKey = 'sms:text'

type Coded = Extract<Notice, { code: string }>
type Uncoded<One> = One extends Coded ? Omit<One, 'code'> : never

export interface SecretText extends Omit<Outgoing, 'notice' | 'sealed'> {
  /** Of the job, made for the bucket of the number. */
  readonly id: string
  readonly notice: Uncoded<
    Extract<Notice, { id: 'T19' | 'pin_reset' | 'app_code' | 'sign_in_code' }>
  >
  readonly code: Secret
}

const masked = '••••••'

/** The job of such a text, due at once: for `appendJobs`. */
export function secretText(
  keys: Pick<KeyStore, 'seal'>,
  { id, notice, code, ...rest }: SecretText,
  now: number,
): NewJob {
  const bucket = bucketOfId(id)
  assert(bucket !== undefined, 'a text has an id of ours')
  const text = sealSecret(keys, sealOf(id, rest), code)
  const payload: Outgoing = { ...rest, notice: { ...notice, code: masked }, sealed: { text } }
  return { bucket, topic: topics.sms, subject: id, dueAt: now, payload }
}

/** The notice as the customer reads it. */
export function openedNotice(keys: Pick<KeyStore, 'open'>, id: string, outgoing: Outgoing): Notice {
  const { notice, sealed } = outgoing
  if (!sealed) return notice
  assert('code' in notice, 'what is sealed is a code')
  const code = openSecret(keys, sealOf(id, outgoing), sealed.text)
  return { ...(notice as Coded), code: code.reveal() }
}

const sealOf = (id: string, { to }: Pick<Outgoing, 'to'>): Seal => ({
  name: textKey,
  context: `text ${id} ${to}`,
})
