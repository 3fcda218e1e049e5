/**
 * Whatever a bank sends, in any order: every request ends, and it is done or refused only when an intact
 * answer to it, with a true code, said exactly that. Over flavours whose code covers the whole message.
 */
import type { Message } from '@telepurse/iso8583'
import fc from 'fast-check'
import { afterEach, expect, test } from 'vitest'
import type { Peer } from '../../../test/bank/scripted-bank.ts'
import { card, closeStages, isPayment, stage, turn, until } from '../../../test/bank/stage.ts'

afterEach(closeStages)

/** What the bank does with one of the requests it holds. */
const anyAct = fc.oneof(
  { weight: 4, arbitrary: fc.record({ act: fc.constant('yes' as const) }) },
  { weight: 2, arbitrary: fc.record({ act: fc.constant('no' as const) }) },
  {
    weight: 1,
    arbitrary: fc.record({ act: fc.constantFrom('false_mac' as const, 'no_mac' as const) }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      act: fc.constant('change' as const),
      change: fc.constantFrom<Record<number, string | undefined>>(
        { 4: '000000000001' },
        { 4: undefined },
        { 2: '6212142600000000175' },
        { 11: '900001' },
        { 7: '0101000000' },
        { 32: '999999' },
        { 33: '999999' },
        { 3: '200000' },
        { 39: undefined },
        { 39: '68' },
      ),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({ act: fc.constant('flip' as const), at: fc.nat(), bit: fc.nat(7) }),
  },
  { weight: 1, arbitrary: fc.record({ act: fc.constant('other_type' as const) }) },
  {
    weight: 1,
    arbitrary: fc.record({
      act: fc.constant('noise' as const),
      octets: fc.uint8Array({ minLength: 1, maxLength: 40 }),
    }),
  },
  { weight: 1, arbitrary: fc.record({ act: fc.constant('end' as const) }) },
)

type Act = typeof anyAct extends fc.Arbitrary<infer Value> ? Value : never

/** Does it, and answers what an intact answer said, if this was one. */
function perform(act: Act, request: Message, peer: Peer): 'done' | 'refused' | undefined {
  switch (act.act) {
    case 'yes':
      peer.answer(request)
      return 'done'
    case 'no':
      peer.answer(request, { 39: '51' })
      return 'refused'
    case 'false_mac':
      peer.answer(request, {}, { mac: 'false' })
      return undefined
    case 'no_mac':
      peer.answer(request, {}, { mac: 'none' })
      return undefined
    case 'change':
      peer.answer(request, act.change)
      return undefined
    case 'other_type':
      peer.answer({ ...request, mti: '0420' })
      return undefined
    case 'flip': {
      const octets = peer.answerOctets(request)
      const at = act.at % octets.length
      octets[at] = (octets[at] ?? 0) ^ (1 << act.bit)
      peer.socket.write(octets)
      return undefined
    }
    case 'noise':
      peer.socket.write(act.octets)
      return undefined
    case 'end':
      peer.socket.end()
      return undefined
  }
}

test.each(['iso87_ascii', 'iso87_bcd'])('over %s', async (flavour) => {
  const change = {
    pin: { keptBy: 'wallet' },
    messages: { flavour, header: {}, constants: {} },
    acceptor: { category: '6010', terminal: '1', id: '2', name: 'Hall' },
  }
  const seen = new Map<string, number>()
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 1, max: 5 }),
      fc.array(fc.tuple(fc.nat(4), anyAct), { maxLength: 12 }),
      async (count, acts) => {
        const it = await stage({ change })
        const held: { request: Message; peer: Peer }[] = []
        it.peer.script = (request, peer) => isPayment(request) && held.push({ request, peer }) > 0
        const exchanges = Array.from({ length: count }, () => it.bank.begin())
        const settled: string[][] = exchanges.map(() => [])
        const answers = exchanges.map(async (exchange, index) => {
          const answer = await it.bank.purchase({ exchange, card, amount: BigInt(index + 100) })
          settled[index]?.push(answer.outcome)
        })
        await until(() => held.length === count)
        const said = exchanges.map(() => new Set<string>())
        for (const [index, act] of acts) {
          const one = held[index % count]
          if (!one || one.peer.socket.destroyed || one.peer.socket.writableEnded) break
          const outcome = perform(act, one.request, one.peer)
          if (outcome !== undefined) said[index % count]?.add(outcome)
        }
        for (let n = 0; n < 20; n += 1) await turn()
        it.time.advance(30_000)
        await Promise.all(answers)
        for (const [index, [outcome = 'nothing', ...more]] of settled.entries()) {
          expect(more).toEqual([])
          seen.set(outcome, (seen.get(outcome) ?? 0) + 1)
          if (outcome !== 'unknown') expect([...(said[index] ?? [])]).toContain(outcome)
        }
        await closeStages()
      },
    ),
    { numRuns: 60 },
  )
  // The property would hold for a rail that never says anything.
  expect([...seen.keys()].toSorted()).toEqual(['done', 'refused', 'unknown'])
})
