// The owner's word for an act that moves money: his PIN, or a passkey that signs the very request which is then sent.
import { startAuthentication } from '@simplewebauthn/browser'
import type { Answer } from '../api.ts'
import { consumerApi } from './consumer-api.ts'

/** With `passkey` whoever sends it has it signed first. */
export type Proof = { pin: string } | { passkey: true }

type Asked = { id: string; options: Parameters<typeof startAuthentication>[0]['optionsJSON'] }

export const asksPasskey = (body: object): boolean => 'passkey' in body

/** The body with the signature in it; null when the reader has closed the browser's question: nothing was sent. */
export async function signed(
  { method, path }: { method: 'post' | 'put'; path: string },
  { passkey: _, ...body }: { passkey?: unknown },
): Promise<Answer<object> | null> {
  const asked = await consumerApi.post<Asked>('/passkeys/proof-options', {
    ...{ for: `${method.toUpperCase()} /consumer${path}`, body },
  })
  if (!asked.ok) return asked
  const { id, options } = asked.value
  const response = await startAuthentication({ optionsJSON: options }).catch(() => null)
  return response && { ok: true, value: { ...body, passkey: { id, response } } }
}
