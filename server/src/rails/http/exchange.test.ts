/** Whether a byte may have left us, decided against a dispatcher that does what the test says. */
import type { Dispatcher } from 'undici'
import { expect, test } from 'vitest'
import { exchange } from './exchange.ts'

type Handler = Required<Dispatcher.DispatchHandler>

/** A dispatcher that only hands the handler to `play`. */
const dispatcher = (play: (handler: Handler) => void) =>
  ({
    dispatch(_options: unknown, handler: Handler) {
      play(handler)
      return true
    },
  }) as unknown as Dispatcher

function controller() {
  const aborted: string[] = []
  const value = { abort: (reason: Error) => aborted.push(reason.message) }
  return { aborted, value: value as unknown as Dispatcher.DispatchController }
}

const send = (play: (handler: Handler) => void) =>
  exchange(dispatcher(play), 'http://carrier', { method: 'GET', path: '/', headers: {} }, 20)

test('a failure before the request starts is unsent', async () => {
  const { value } = controller()
  const refused = Object.assign(new Error('connect 10.0.0.1:80'), { code: 'ECONNREFUSED' })
  expect(await send((handler) => handler.onResponseError(value, refused))).toEqual({
    kind: 'unsent',
    detail: 'econnrefused',
  })
  expect(
    await send(() => {
      throw new Error('broken')
    }),
  ).toEqual({ kind: 'unsent', detail: 'connection_failed' })
})

test('a failure after the request starts is lost, even when it looks like a refused connection', async () => {
  const { value } = controller()
  const refused = Object.assign(new Error('connect'), { code: 'ECONNREFUSED' })
  const result = await send((handler) => {
    handler.onRequestStart(value, {})
    handler.onResponseError(value, refused)
  })
  expect(result).toEqual({ kind: 'lost', detail: 'econnrefused' })
})

test('a request given up before it starts is stopped when it wants to start after all', async () => {
  const late = controller()
  let start = () => {}
  const result = await send((handler) => {
    start = () => handler.onRequestStart(late.value, {})
  })
  expect(result).toEqual({ kind: 'unsent', detail: 'no_answer_in_time' })
  start()
  expect(late.aborted).toEqual(['given up'])
})

test('an answer longer than the bound is cut off and lost', async () => {
  const { value, aborted } = controller()
  const result = await send((handler) => {
    handler.onRequestStart(value, {})
    handler.onResponseStart(value, 200, {}, 'OK')
    for (let i = 0; i < 5; i += 1) handler.onResponseData(value, Buffer.alloc(16_384))
    handler.onResponseEnd(value, {})
  })
  expect(result).toEqual({ kind: 'lost', detail: 'answer_too_long' })
  expect(aborted).toEqual(['answer_too_long'])
})
