/**
 * The message centre between handsets and the deployment: it delivers until it is acknowledged, loses
 * answers, delivers twice and in any order, and tells of its deliveries early, late or of messages
 * nobody knows.
 */
import type {
  createInbound,
  InboundOptions,
  SmppLink,
} from '../../server/src/channels/sms/index.ts'
import type { Dice } from './dice.ts'
import type { CentreFault } from './plan.ts'
import type { Life } from './storm.ts'
import type { VirtualTime } from './virtual-time.ts'

export const gateway = 'centre' satisfies InboundOptions['gateway']

export interface Delivered {
  readonly at: number
  readonly to: string
  readonly from: string
  readonly text: string
}

export type Inbound = ReturnType<typeof createInbound>
/** Who takes deliveries just now; undefined while the link is down on their side. */
export type Receiver = { readonly life: Life; readonly inbound: Inbound; now(): number } | undefined

export interface MessageCentre {
  add(fault: CentreFault): void
  clear(): void
  linkFor(life: Life): Pick<SmppLink, 'submitParts' | 'state'>
  /** A text from a handset, delivered until it is acknowledged and then `more` times. */
  send(
    text: { readonly from: string; readonly to: string; readonly words: string },
    more?: number,
  ): void
  readonly inbox: readonly Delivered[]
  /** The first text to a number that fits, from `since` on; undefined when none comes in time. */
  awaited(
    to: string,
    since: number,
    fits: (text: Delivered) => boolean,
    waitMs: number,
  ): Promise<Delivered | undefined>
  /** Texts of handsets that are not acknowledged yet. */
  undelivered(): number
}

const patienceMs = 20_000

export function createMessageCentre(options: {
  readonly time: VirtualTime
  readonly dice: Dice
  readonly struck: (kind: string) => void
  readonly note: (line: string) => void
  readonly receiver: () => Receiver
  readonly onHandset: (text: Delivered) => void
}): MessageCentre {
  const { time, dice, struck, note } = options
  const inbox: Delivered[] = []
  const waiters = new Set<() => void>()
  let faults: { fault: CentreFault; left: number; until: number }[] = []
  let messages = 0
  let undelivered = 0
  const take = (kind: CentreFault['kind']) => {
    const hit = faults.find(
      (one) => one.fault.kind === kind && one.left > 0 && time.now() < one.until,
    )
    if (!hit) return false
    hit.left -= 1
    struck(kind)
    return true
  }
  const isDown = () =>
    faults.some(({ fault, until }) => fault.kind === 'link_down' && time.now() < until)

  function arrive(text: Omit<Delivered, 'at'>) {
    const delivered = { ...text, at: time.now() }
    inbox.push(delivered)
    note(`handset ${text.to} from ${text.from}: ${text.text}`)
    options.onHandset(delivered)
    for (const wake of [...waiters]) wake()
  }

  function report(messageId: string, handset: string, service: string) {
    const to = options.receiver()
    if (!to || isDown()) return void time.after(30_000, () => report(messageId, handset, service))
    const address = (number: string) => ({ number, ton: 1, npi: 1 })
    const both = { source: address(handset.replace('+', '')), destination: address(service) }
    const receipt = {
      messageId,
      state: 'DELIVERED',
      intermediate: false,
      receivedAt: to.now(),
    } as const
    to.inbound.onReceipt({ ...receipt, ...both }).catch(() => {
      time.after(15_000, () => report(messageId, handset, service))
    })
  }

  async function submit(
    life: Life,
    message: Parameters<SmppLink['submitParts']>[0],
  ): ReturnType<SmppLink['submitParts']> {
    const failed = (outcome: {
      readonly outcome: 'unsent' | 'unknown'
      readonly detail: string
    }) => ({
      outcome,
      messageIds: [],
      parts: 1,
    })
    if (life.isOver() || isDown()) return failed({ outcome: 'unsent', detail: 'not bound' })
    await time.sleep(dice.between(5, 80))
    if (take('throttled')) return { outcome: { outcome: 'throttled' }, messageIds: [], parts: 1 }
    messages += 1
    const messageId = `S${messages}`
    const [to, from] = [`+${message.destination.number}`, message.source.number]
    time.after(dice.between(20, 3_000), () => arrive({ to, from, text: message.text }))
    const reportMs = take('receipt_early') ? 0 : dice.between(500, 60_000)
    time.after(reportMs, () => report(messageId, to, from))
    if (take('receipt_twice')) time.after(reportMs + 5, () => report(messageId, to, from))
    if (take('receipt_unknown')) time.after(reportMs, () => report(`X${messages}`, to, from))
    if (take('response_late')) await time.sleep(dice.between(2_000, 9_000))
    if (take('response_lost')) {
      await time.sleep(10_000)
      return failed({ outcome: 'unknown', detail: 'no answer' })
    }
    return { outcome: { outcome: 'done', messageId }, messageIds: [messageId], parts: 1 }
  }

  /** One try to deliver; it comes again until it is acknowledged. */
  function deliver(text: { from: string; to: string; words: string; id: string }, more: number) {
    const again = () => void time.after(dice.between(3_000, 40_000), () => deliver(text, more))
    const to = options.receiver()
    if (!to || isDown()) return again()
    let isSettled = false
    const settle = (isTaken: boolean) => {
      if (isSettled) return
      isSettled = true
      if (!isTaken || to.life.isOver() || take('ack_lost')) return again()
      if (more > 0) return void time.after(dice.between(1, 90_000), () => deliver(text, more - 1))
      undelivered -= 1
    }
    time.after(patienceMs, () => settle(false))
    const address = { ton: 1, npi: 1 }
    to.inbound
      .onMessage({
        source: { ...address, number: text.from.replace('+', '') },
        destination: { ton: 0, npi: 1, number: text.to },
        dataCoding: 8,
        content: new Uint8Array(),
        text: text.words,
        elements: [],
        providerMessageId: text.id,
        providerMessageIdFrom: 'receipted_message_id',
        receivedAt: to.now(),
      })
      .then(
        () => settle(true),
        () => settle(false),
      )
  }

  return {
    inbox,
    undelivered: () => undelivered,
    add(fault) {
      faults.push({ fault, left: fault.count, until: time.now() + fault.lastMs })
      if (fault.kind === 'link_down') struck(fault.kind)
    },
    clear() {
      faults = []
    },
    linkFor: (life) => ({
      submitParts: (message) => submit(life, message),
      state: () =>
        ({ bound: !isDown() && !life.isOver() }) as unknown as ReturnType<SmppLink['state']>,
    }),
    send(text, more = 0) {
      messages += 1
      undelivered += 1
      note(`handset ${text.from} to ${text.to}: ${text.words}`)
      const id = `M${messages}`
      time.after(dice.between(20, 2_000), () => deliver({ ...text, id }, more))
    },
    async awaited(to, since, fits, waitMs) {
      const end = time.now() + waitMs
      for (;;) {
        const found = inbox.find((text) => text.to === to && text.at >= since && fits(text))
        if (found || time.now() >= end) return found
        await new Promise<void>((resolve) => {
          const wake = () => {
            cancel()
            waiters.delete(wake)
            resolve()
          }
          const cancel = time.after(end - time.now(), wake)
          waiters.add(wake)
        })
      }
    },
  }
}
