import { expect, test } from 'vitest'
import type { Message } from '../state.ts'
import { peerOf } from './peers.ts'
import { lastReceived, threadsOf } from './threads.ts'

const merchantNumber = '1065800886021'
const slot = '1065800886021907'
const message = (
  id: string,
  part: { peer: string; at: number; direction?: 'sent' | 'received' },
): Message => ({ id, text: id, direction: 'received', ...part })

const messages = [
  message('receipt', { peer: slot, at: 40 }),
  message('order', { peer: merchantNumber, at: 10, direction: 'sent' }),
  message('ask', { peer: slot, at: 20 }),
  message('yes', { peer: slot, at: 30, direction: 'sent' }),
]

test('each number at the other end has a thread, the newest first', () => {
  expect(threadsOf(messages).map(({ peer, last }) => [peer, last.id])).toEqual([
    [slot, 'receipt'],
    [merchantNumber, 'order'],
  ])
})

test('a thread is read from its oldest text to its newest', () => {
  expect(threadsOf(messages)[0]?.messages.map(({ id }) => id)).toEqual(['ask', 'yes', 'receipt'])
})

test('texts of one moment keep the order in which they were told', () => {
  const same = ['a', 'b', 'c'].map((id) => message(id, { peer: slot, at: 5 }))
  expect(threadsOf(same)[0]?.messages.map(({ id }) => id)).toEqual(['a', 'b', 'c'])
})

test('no texts, no threads', () => {
  expect(threadsOf([])).toEqual([])
  expect(lastReceived([])).toBeUndefined()
})

test('the last received text is not a sent one', () => {
  expect(lastReceived(messages)?.id).toBe('receipt')
  expect(lastReceived(messages.slice(1))?.id).toBe('ask')
})

test('a number tells who it is by the numbering plan', () => {
  const name = { zh: '星游', en: 'Star Games' }
  const merchants = [{ number: merchantNumber, name }]
  expect(peerOf(merchantNumber, merchants)).toEqual({ kind: 'merchant', merchant: name })
  expect(peerOf(`${merchantNumber}300`, merchants)).toEqual({ kind: 'merchant', merchant: name })
  expect(peerOf(slot, merchants)).toEqual({ kind: 'slot', merchant: name, slot: '07' })
  expect(peerOf('1065800880001907', merchants)).toEqual({ kind: 'web' })
  expect(peerOf('1065800880000', merchants)).toEqual({ kind: 'platform' })
  expect(peerOf('13900139000', merchants)).toEqual({ kind: 'other' })
})
