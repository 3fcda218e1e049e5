/** One HTTP request on a simulated network, as a dispatcher gets it: what can come back to the caller, and when. */
import type { Dispatcher } from 'undici'
import type { Dice } from './dice.ts'
import type { Life } from './storm.ts'
import type { VirtualTime } from './virtual-time.ts'

export interface HttpAnswer {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly text: string
}

export interface HttpLine {
  /** Nobody listens at the other end: nothing has left. */
  refuse(): void
  /** The request leaves. */
  begin(): void
  /** Brings an answer to the caller, unless it is gone. */
  send(answer: HttpAnswer): void
  /** Tears the connection down. */
  cut(): void
}

export function openHttpLine(
  { time, dice }: { readonly time: VirtualTime; readonly dice: Dice },
  life: Life,
  handler: Dispatcher.DispatchHandler,
): HttpLine {
  let isGone = false
  const abort = () => {
    isGone = true
  }
  const controller = { abort } as never as Dispatcher.DispatchController
  const isHeard = () => !isGone && !life.isOver()
  const failed = (message: string, code: string) => Object.assign(new Error(message), { code })
  return {
    refuse() {
      time.after(1, () => {
        if (!life.isOver())
          handler.onResponseError?.(null as never, failed('refused', 'ECONNREFUSED'))
      })
    },
    begin: () => handler.onRequestStart?.(controller, {}),
    send({ status, headers, text }) {
      time.after(dice.between(2, 60), () => {
        if (!isHeard()) return
        handler.onResponseStart?.(controller, status, { ...headers }, '')
        handler.onResponseData?.(controller, Buffer.from(text))
        handler.onResponseEnd?.(controller, {})
      })
    },
    cut() {
      time.after(dice.between(2, 60), () => {
        if (isHeard()) handler.onResponseError?.(controller, failed('reset', 'ECONNRESET'))
      })
    },
  }
}
