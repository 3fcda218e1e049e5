/** A short fuzz of every route in each run of the tests; `npm run fuzz` shoots as long as it is told to. */
import { connect } from 'node:net'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { offencesIn } from '../books.ts'
import { engines } from '../database.ts'
import { complaintAbout, shots } from './fuzz.ts'
import { openStage, operatorToken, type Stage } from './stage.ts'

const seconds = Number(process.env.FUZZ_SECONDS ?? 0)
const runs =
  seconds > 0 ? { numRuns: 10_000_000, interruptAfterTimeLimit: seconds * 1_000 } : { numRuns: 300 }
const seed = process.env.FUZZ_SEED === undefined ? {} : { seed: Number(process.env.FUZZ_SEED) }
const patience = 60_000 + seconds * 1_500

describe.runIf(engines.includes('postgres'))('whatever is sent to it', () => {
  let stage: Stage
  beforeAll(async () => {
    stage = await openStage()
    // Its charges would wait for a carrier that is not there.
    const changed = await stage.app.inject({
      method: 'PATCH',
      url: '/operator/merchants/6021',
      headers: { authorization: `Bearer ${operatorToken}`, 'x-operator': 'Fuzz' },
      payload: { directCharge: false },
    })
    expect(changed.statusCode).toBe(200)
  }, 120_000)
  afterAll(() => stage?.close())

  test(
    'every route answers with success or a problem, and the books stay sound',
    async () => {
      let shot = 0
      await fc.assert(
        fc.asyncProperty(shots(stage), async (one) => {
          shot += 1
          expect(await complaintAbout(stage, one)).toBeUndefined()
        }),
        { ...runs, ...seed, endOnFailure: true },
      )
      expect(shot).toBeGreaterThanOrEqual(seconds > 0 ? 1 : 300)
      expect(await offencesIn(stage.db)).toEqual([])
      expect((await stage.app.inject('/health')).statusCode).toBe(200)
      expect(stage.lines.filter((line) => /"level":"(error|fatal)"/.test(line))).toEqual([])
    },
    patience,
  )

  test('bytes that are no request do not end the server, nor a header as large as a house', async () => {
    const { hostname, port } = new URL(stage.url)
    const send = (bytes: Buffer | string) =>
      new Promise<void>((resolve) => {
        const socket = connect(Number(port), hostname, () => socket.end(bytes))
        socket.setTimeout(2_000, () => socket.destroy())
        socket.on('error', () => {})
        socket.on('close', () => resolve())
        socket.resume()
      })
    const head = 'POST /v1/payments HTTP/1.1\r\nhost: x\r\n'
    const bytes = fc.oneof(
      fc.uint8Array({ maxLength: 200 }).map((all) => Buffer.from(all)),
      fc.constantFrom(
        `${head}x: ${'y'.repeat(200_000)}\r\n\r\n`,
        `${head}content-length: 5\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\nGET /operator/log HTTP/1.1\r\n\r\n`,
        `${head}content-length: 5\r\ncontent-length: 6\r\n\r\n{}`,
        `${head}content-length: 99999999999999999999\r\n\r\n{}`,
        `${head}transfer-encoding: chunked\r\n\r\nfffffffffffffffff\r\n`,
        `GET /v1/payments\r\n HTTP/1.1\r\nhost: x\r\n\r\n`,
        `GET //evil.example/%5c HTTP/1.1\r\nhost: evil.example\r\n\r\n`,
        `PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n`,
      ),
    )
    await fc.assert(
      fc.asyncProperty(bytes, async (all) => {
        await send(all)
      }),
      { numRuns: 30, ...seed },
    )
    expect((await fetch(`${stage.url}/health`)).status).toBe(200)
  }, 60_000)
})
