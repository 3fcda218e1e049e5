/**
 * People who settle something among each other: they share bills, open red packets, ask for money and have it sent
 * each day. They answer twice, from two devices, or yes and no at once; what they were told they tell the books.
 */
import type { Msisdn } from '../../server/src/kernel/index.ts'
import type { Sent } from '../../server/src/transfers/index.ts'
import type { Ledgers } from './bank-books.ts'
import type { Dice } from './dice.ts'
import type { Oracle } from './oracle.ts'
import { people } from './people.ts'
import type { Process } from './process.ts'
import type { Purse } from './purse.ts'
import type { Reaction, SharingAct } from './sharing-plan.ts'
import type { VirtualTime } from './virtual-time.ts'

type Of<Kind extends SharingAct['kind']> = Extract<SharingAct, { readonly kind: Kind }>
type Heard<Value> = Value | undefined

export interface Asking {
  ask<Value>(
    dice: Dice,
    question: (purse: Purse, process: Process) => Promise<Value>,
  ): Promise<Heard<Value>>
  /** The same request as often as it is said. */
  saidOften<Value>(dice: Dice, copies: number, say: () => Promise<Value>): Promise<Value[]>
}

const second = 1_000
const minute = 60 * second

export function createSharingActors(options: {
  readonly time: VirtualTime
  readonly oracle: Oracle
  readonly ledgers: Ledgers
  readonly asking: Asking
}) {
  const { time, oracle, ledgers } = options
  const { ask, saidOften } = options.asking
  const later = (dice: Dice, minutesMax: number) =>
    time.sleep(dice.between(second, minutesMax * minute))

  /** What is paid once stands for one transfer, from how many devices it may be paid. */
  function heard(what: string, answers: readonly Heard<Sent>[]): void {
    for (const answer of answers) {
      if (!answer?.ok) continue
      const { id } = answer.value.transfer
      ledgers.acknowledged(what, id)
      ledgers.seen(id, answer.value.transfer.state)
    }
  }

  async function react(
    dice: Dice,
    { what, reaction, name }: { what: string; reaction: Reaction; name: string },
    { pay, decline }: { pay(key: string): Promise<Heard<Sent>>; decline(): Promise<unknown> },
  ) {
    const isYes = reaction === 'pay' || reaction === 'twice' || reaction === 'both'
    const keys = isYes ? [name, ...(reaction === 'twice' ? [`${name}-2`] : [])] : []
    const copies = dice.chance(0.3) ? dice.between(1, 3) : 0
    const isNo = reaction === 'decline' || reaction === 'both'
    const [answers] = await Promise.all([
      Promise.all(keys.map((key) => saidOften(dice, copies, () => pay(`web:${key}`)))),
      isNo && saidOften(dice, copies, decline),
    ])
    heard(what, answers.flat())
  }

  async function split(dice: Dice, msisdn: Msisdn, act: Of<'split'>, name: string) {
    const others = people.filter((one) => one !== msisdn).slice(0, act.reactions.length)
    const total = BigInt(act.amount)
    const how = act.isEqual
      ? ({ mode: 'equal', total, withOwn: true } as const)
      : ({ mode: 'each', amount: total } as const)
    const wanted = act.isEqual ? total : total * BigInt(others.length)
    const order = { msisdn, key: `web:${name}`, title: 'dinner', people: others, how }
    const begun = await saidOften(dice, act.copies, () =>
      ask(dice, ({ transfers }) => transfers.beginSplit(order)),
    )
    for (const one of begun) if (one?.ok) ledgers.acknowledged(name, one.value.split.id)
    const first = begun.find((one) => one?.ok)
    if (!first?.ok) return
    const { split, shares } = first.value
    const sum = shares.reduce((all, { amount }) => all + amount, split.own)
    oracle.expect(sum === wanted, `${name}: ${wanted} was split into ${sum}`)
    const { id: splitId } = split
    await Promise.all(
      others.map(async (payer, n) => {
        await later(dice, 90)
        const one = { msisdn: payer, splitId }
        const reaction = act.reactions[n] ?? 'none'
        await react(
          dice,
          { what: `the share of ${payer} in ${name}`, reaction, name: `${name}-${n}` },
          {
            pay: (key) =>
              ask(dice, ({ transfers }) => transfers.payShare({ ...one, channel: 'web', key })),
            decline: async () => {
              const said = await ask(dice, ({ transfers }) => transfers.declineShare(one))
              if (said?.ok) ledgers.seen(said.value.id, said.value.state)
            },
          },
        )
      }),
    )
    if (act.isReturned) {
      const back = { msisdn, splitId, to: others[0] ?? '', channel: 'web' } as const
      const answers = await saidOften(dice, act.copies, () =>
        ask(dice, ({ transfers }) => transfers.returnShare(back)),
      )
      heard(`the return of a share in ${name}`, answers)
    }
    await later(dice, 60)
    const stopped = await ask(dice, ({ transfers }) => transfers.stopSplit({ msisdn, splitId }))
    if (stopped?.ok) ledgers.seen(splitId, stopped.value.state)
  }

  async function packet(dice: Dice, msisdn: Msisdn, act: Of<'packet'>, name: string) {
    const { count, isLucky } = act
    const amount = BigInt(act.each * count)
    const kind = isLucky ? 'lucky' : 'fixed'
    const order = { msisdn, key: `web:${name}`, kind, amount, count } as const
    const made = await saidOften(dice, act.copies, () =>
      ask(dice, ({ transfers }) => transfers.sendPacket(order)),
    )
    for (const one of made) if (one?.ok) ledgers.acknowledged(name, one.value.packet.id)
    const first = made.find((one) => one?.ok)
    if (!first?.ok) return
    const { id: packetId } = first.value.packet
    const given = new Map<string, { readonly to: string; readonly amount: bigint }>()
    const openers = people.filter((one) => one !== msisdn)
    await Promise.all(
      openers.map(async (to) => {
        if (dice.chance(0.3)) await later(dice, 60)
        const answers = await saidOften(dice, dice.between(0, 2), () =>
          ask(dice, ({ transfers }) => transfers.openPacket({ msisdn: to, packetId })),
        )
        for (const one of answers) {
          if (one?.ok === false && one.refusal === 'packet_emptied')
            ledgers.seen(packetId, 'emptied')
          if (!one?.ok) continue
          const { id } = one.value
          ledgers.acknowledged(`the part of ${to} in ${name}`, id)
          ledgers.seen(id, 'opened')
          const before = given.get(id)
          oracle.expect(!before || before.to === to, `${name}: one part is of two people`)
          given.set(id, { to, amount: one.value.amount })
        }
      }),
    )
    const sum = [...given.values()].reduce((all, part) => all + part.amount, 0n)
    const isAll = given.size === count
    const isExact = isAll ? sum === amount : sum < amount
    oracle.expect(isExact, `${name}: ${given.size} of ${count} parts of ${amount} are ${sum}`)
  }

  async function request(dice: Dice, msisdn: Msisdn, act: Of<'request'>, name: string) {
    const payer = dice.pick(people.filter((one) => one !== msisdn))
    const order = { msisdn, key: `web:${name}`, from: payer, amount: BigInt(act.amount) }
    const asked = await saidOften(dice, act.copies, () =>
      ask(dice, ({ transfers }) => transfers.ask(order)),
    )
    for (const one of asked) if (one?.ok) ledgers.acknowledged(name, one.value.request.id)
    const first = asked.find((one) => one?.ok)
    if (!first?.ok) return
    const { id: requestId } = first.value.request
    const one = { msisdn: payer, requestId }
    const told = (said: Heard<{ ok: boolean; value?: { readonly state: string } }>) => {
      if (said?.ok && said.value) ledgers.seen(requestId, said.value.state)
    }
    await later(dice, 30)
    await Promise.all([
      react(
        dice,
        { what: `request ${name}`, reaction: act.reaction, name: `${name}-paid` },
        {
          pay: (key) =>
            ask(dice, ({ transfers }) => transfers.payRequest({ ...one, channel: 'web', key })),
          decline: async () => told(await ask(dice, ({ transfers }) => transfers.decline(one))),
        },
      ),
      act.isCancelled &&
        ask(dice, ({ transfers }) => transfers.cancelRequest({ msisdn, requestId })).then(told),
    ])
  }

  async function orderDaily(dice: Dice, msisdn: Msisdn, act: Of<'standing_order'>, name: string) {
    const to = dice.pick(people.filter((one) => one !== msisdn))
    const amount = BigInt(act.amount)
    const terms = { msisdn, to, every: 'day', cap: amount, amount, key: `web:${name}` } as const
    let dates: { startsOn: string; endsOn: string } | undefined
    const answers = await saidOften(dice, act.copies, () =>
      ask(dice, ({ transfers, dateIn }) => {
        dates ??= { startsOn: dateIn(1), endsOn: dateIn(2) }
        return transfers.give({ ...terms, ...dates })
      }),
    )
    for (const one of answers) if (one?.ok) ledgers.acknowledged(name, one.value.mandate.id)
  }

  return {
    async perform(dice: Dice, msisdn: Msisdn, act: SharingAct, name: string): Promise<void> {
      if (act.kind === 'split') await split(dice, msisdn, act, name)
      if (act.kind === 'packet') await packet(dice, msisdn, act, name)
      if (act.kind === 'request') await request(dice, msisdn, act, name)
      if (act.kind === 'standing_order') await orderDaily(dice, msisdn, act, name)
    },
  }
}
