import fc from 'fast-check'
import { Webhook } from 'standardwebhooks'
import { expect, test } from 'vitest'
import { createIds } from '../../kernel/index.ts'
import { newSecret, signatureHeaders } from './signature.ts'

const ids = createIds()

test('a receiver with the published library believes what we signed, and nothing that was changed', () => {
  fc.assert(
    fc.property(fc.uuid(), fc.json(), (id, body) => {
      const secret = newSecret(ids)
      const headers = signatureHeaders({ id, at: Date.now(), body, secrets: [secret] })
      const receiver = new Webhook(secret.reveal())
      expect(receiver.verify(body, headers)).toEqual(JSON.parse(body))
      expect(() => receiver.verify(`${body} `, headers)).toThrow()
      expect(() => receiver.verify(body, { ...headers, 'webhook-id': 'other' })).toThrow()
    }),
  )
})

test('while a secret is being changed, receivers with the old and the new one both believe us', () => {
  const secrets = [newSecret(ids), newSecret(ids)]
  const headers = signatureHeaders({ id: 'a', at: Date.now(), body: '{}', secrets })
  for (const secret of secrets)
    expect(new Webhook(secret.reveal()).verify('{}', headers)).toEqual({})
  expect(() => new Webhook(newSecret(ids).reveal()).verify('{}', headers)).toThrow()
})

test('an old try is refused by the receiver', () => {
  const secret = newSecret(ids)
  const at = Date.now() - 6 * 60_000
  const headers = signatureHeaders({ id: 'a', at, body: '{}', secrets: [secret] })
  expect(() => new Webhook(secret.reveal()).verify('{}', headers)).toThrow('too old')
})
