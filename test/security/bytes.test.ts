/** Bytes from the outside that are no protocol: from a message centre, and from a carrier. */
import { type AddressInfo, createServer, type Socket } from 'node:net'
import { createPdu, encodePdu } from '@telepurse/sms'
import fc from 'fast-check'
import { afterEach, expect, test } from 'vitest'
import { createSmppLink, type SmppLink } from '../../server/src/channels/sms/smpp/index.ts'
import { Secret, systemClock } from '../../server/src/kernel/index.ts'
import { readAnswer, readStatus } from '../../server/src/rails/carrier/answer.ts'
import { hostile } from './arbitrary.ts'

const closers: (() => unknown)[] = []
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close()
})

const boundAs = (sequence: number) =>
  Buffer.from(encodePdu(createPdu('bind_transceiver_resp', { sequence })))
const delivered = Buffer.from(encodePdu(createPdu('deliver_sm', { sequence: 5 })))

/** Random octets, a PDU with some octets changed, and lengths that are lies. */
const junk = fc.oneof(
  fc.uint8Array({ minLength: 1, maxLength: 300 }).map((octets) => Buffer.from(octets)),
  fc
    .tuple(
      fc.constantFrom(boundAs(1), delivered),
      fc.array(fc.tuple(fc.nat(), fc.nat(255)), { minLength: 1, maxLength: 5 }),
    )
    .map(([pdu, changes]) => {
      const spoilt = Buffer.from(pdu)
      for (const [at, octet] of changes) spoilt[at % spoilt.length] = octet
      return spoilt
    }),
  fc.constantFrom(
    Buffer.from('00000000000000050000000000000005', 'hex'),
    Buffer.from('ffffffff000000050000000000000005', 'hex'),
    Buffer.from('0000000f0000000500000000000000', 'hex'),
    Buffer.from('7fffffff80000005', 'hex'),
  ),
)

test('a link outlives a centre that talks nonsense, before and after the bind, and takes the next text', async () => {
  const nonsense = fc.sample(fc.tuple(fc.boolean(), fc.array(junk, { maxLength: 4 })), {
    numRuns: 25,
    seed: 3,
  })
  let connections = 0
  let acknowledged = () => {}
  const done = new Promise<void>((resolve) => {
    acknowledged = resolve
  })
  const sockets = new Set<Socket>()
  const server = createServer((socket) => {
    sockets.add(socket)
    socket.on('error', () => {})
    const next = nonsense[connections]
    connections += 1
    socket.once('data', (request) => {
      const bound = boundAs(request.readUInt32BE(12))
      if (next) {
        const [binds, octets] = next
        socket.write(Buffer.concat([binds ? bound : Buffer.alloc(0), ...octets]))
        // What it says in its turn may be an answer, or the end; then the next one comes.
        setTimeout(() => socket.destroy(), 25)
        return
      }
      socket.write(Buffer.concat([bound, delivered]))
      socket.on(
        'data',
        (answer) => answer.includes(Buffer.from('80000005', 'hex')) && acknowledged(),
      )
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  closers.push(() => {
    for (const socket of sockets) socket.destroy()
    server.close()
  })
  const link: SmppLink = createSmppLink(
    {
      host: '127.0.0.1',
      port: (server.address() as AddressInfo).port,
      systemId: 'telepurse',
      password: new Secret('secret'),
      clock: systemClock,
      random: () => 0.5,
      log: () => {},
      limits: { reconnectMs: 5, reconnectMaxMs: 20, drainMs: 100 },
    },
    { onMessage: async () => {}, onReceipt: async () => {} },
  )
  closers.push(() => link.close())
  link.start()
  await done
  expect(connections).toBeGreaterThan(nonsense.length)
  expect(link.state().bound).toBe(true)
}, 60_000)

test('no answer of a carrier throws, and only its own words about our charge are an outcome', () => {
  const expected = {
    ids: { chargeId: 'CH1' },
    read: readStatus({ committed: 'committed' }),
    errors: new Map([['low_credit', 'low_credit']] as const),
  }
  const right = { chargeId: 'CH1', status: 'committed', code: 'low_credit' }
  const members = fc.record(
    {
      chargeId: fc.oneof(fc.constant<unknown>('CH1'), hostile),
      status: fc.oneof(fc.constant<unknown>('committed'), hostile),
      code: fc.oneof(fc.constant<unknown>('low_credit'), hostile),
      carrierRef: hostile,
    },
    { requiredKeys: [] },
  )
  const body = fc.oneof(
    members.map((value) => Buffer.from(JSON.stringify(value))),
    hostile.map((value) => Buffer.from(JSON.stringify(value) ?? '')),
    fc.uint8Array({ maxLength: 100 }).map((octets) => Buffer.from(octets)),
    fc.constant(Buffer.from(JSON.stringify(right))),
  )
  const raw = fc.record({
    status: fc.constantFrom(200, 200, 201, 204, 301, 400, 401, 404, 409, 422, 500, 503, 599),
    contentType: fc.constantFrom(
      'application/json',
      'application/json; charset=utf-8',
      'text/html',
      '',
    ),
    requestId: fc.constantFrom('7', '7', '8', ''),
    body,
  })
  const seen = new Set<string>()
  fc.assert(
    fc.property(raw, (answer) => {
      const { outcome } = readAnswer(answer, '7', expected)
      seen.add(outcome)
      if (outcome === 'unknown') return
      const said = JSON.parse(answer.body.toString()) as Record<string, unknown>
      expect([answer.requestId, said.chargeId]).toEqual(['7', 'CH1'])
      if (outcome === 'done') expect([answer.status, said.status]).toEqual([200, 'committed'])
      else
        expect([answer.status >= 400 && answer.status < 500, said.code]).toEqual([
          true,
          'low_credit',
        ])
    }),
    { numRuns: 2_000 },
  )
  expect(seen).toEqual(new Set(['done', 'refused', 'unknown']))
})
