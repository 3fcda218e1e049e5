/**
 * The process dies at every call to the database that there is in a purchase by card and by text, just before and
 * just after it: what is between two of them, the message to the bank among it, is done or not. The gateway
 * brings the text again, another process works off what is due: paid once and told so once, or not at all.
 */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { offencesIn } from '../books.ts'
import { type Death, mortal } from '../payments/mortal.ts'
import { bankNames } from './banks.ts'
import { type Customer, clearingOf, customer, doneAt } from './customers.ts'
import { type Life, openPlace, type Place } from './place.ts'

const minute = 60_000
const hour = 60 * minute
let place: Place
let survivor: Life
beforeAll(async () => {
  place = await openPlace({ answerMs: 5_000 })
  survivor = await place.live()
})
afterAll(() => place?.close())

let plays = 0
type Step = (life: Life, one: Customer) => Promise<unknown>
const settle: Step = (life) => life.settle()
const steps: readonly Step[] = [
  (life, { msisdn }) => place.say(life, msisdn, '6021 100', { id: `${plays}-1` }),
  settle,
  (life, { msisdn, pin }) => place.reply(life, msisdn, pin, { id: `${plays}-2` }),
  settle,
]

const lastOf = async ({ msisdn }: Customer) => {
  const given = { msisdn, order: 'desc', offset: 0, limit: 100 } as const
  return (await survivor.core.payments.list(given)).items
}

/** Leases run out, and what nobody knows is asked for until it is known. */
async function over(one: Customer): Promise<void> {
  await survivor.pass(4 * minute)
  for (let hours = 0; hours < 3; hours += 1) {
    if (!/^charg(ing|e_unknown)$/.test((await lastOf(one))[0]?.state ?? '')) return
    await survivor.pass(hour)
  }
}

/** Plays it with one death; undefined when it was over before, else how it ended. */
async function play(one: Customer, death: Death): Promise<string | undefined> {
  const { msisdn } = one
  const act = { kind: 'purchase', amount: 10_00n } as const
  const [takenBefore, toldBefore] = [doneAt(place, one, act), place.sentTo(msisdn).length]
  plays += 1
  const life = mortal(death)
  const dying = await place.live(life.database(place.db))
  life.begin()
  for (const step of steps) {
    if (!life.isDead())
      await step(dying, one).catch((error: unknown) => {
        if (!life.isDead()) throw error
      })
    if (!life.isDead()) continue
    await step(survivor, one)
    await over(one)
  }
  await dying.close().catch(() => {})
  const items = await lastOf(one)
  expect([death, items.length]).toEqual([death, plays])
  const taken = doneAt(place, one, act) - takenBefore
  const told = place.sentTo(msisdn).slice(toldBefore)
  // A text that may have been taken by the gateway is sent again: the same words.
  const ends = [...new Set(told)].flatMap((text) => /^(已付|未支付)/.exec(text)?.[0] ?? [])
  const end = `${items[0]?.state} ${taken} ${ends.join()}`
  expect([death, end]).toEqual([
    death,
    expect.stringMatching(/^(delivered 1 已付|charge_failed 0 未支付)$/),
  ])
  return life.isDead() ? end : undefined
}

test.each(bankNames)(
  'bought by text with a card of %s, wherever the process dies',
  async (bank) => {
    plays = 0
    const msisdn = `+861390004000${bankNames.indexOf(bank)}`
    const one = await customer(place, survivor, { msisdn, bank })
    const ends: string[] = []
    for (let call = 1; ; call += 1) {
      const end = await play(one, { call, when: 'before' })
      if (end === undefined) break
      ends.push(end, (await play(one, { call, when: 'after' })) ?? '')
    }
    expect(ends.length).toBeGreaterThan(20)
    expect(new Set(ends).size).toBe(2)
    for (const [theirs, ours] of Object.values(await clearingOf(place))) expect(ours).toBe(theirs)
    expect(await offencesIn(place.db)).toEqual([])
  },
  120_000,
)
