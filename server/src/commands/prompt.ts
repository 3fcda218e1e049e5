/**
 * Questions at the keyboard, or on a pipe. What is asked without echo never becomes a string of ours: it is
 * read octet by octet and overwritten by whoever it is given to.
 */
import { SecretBytes } from '../kernel/index.ts'
import { CannotGoOn } from './output.ts'

export interface Prompt {
  ask(question: string): Promise<string>
  askHidden(question: string): Promise<SecretBytes>
  close(): void
}

type Input = AsyncIterable<Uint8Array> & {
  readonly isTTY?: boolean
  setRawMode?(raw: boolean): unknown
  pause?(): unknown
}

const lineMax = 256
const keys = { interrupt: 0x03, end: 0x04, backspace: 0x08, newline: 0x0a, return: 0x0d, del: 0x7f }

export function createPrompt(input: Input, write: (text: string) => unknown): Prompt {
  const chunks = input[Symbol.asyncIterator]()
  let chunk: Uint8Array = new Uint8Array()
  let at = 0
  let afterReturn = false

  async function octet(): Promise<number | undefined> {
    while (at === chunk.length) {
      const next = await chunks.next()
      if (next.done) return undefined
      chunk = next.value
      at = 0
    }
    const found = chunk[at]
    chunk[at] = 0
    at += 1
    return found
  }

  async function line(): Promise<SecretBytes> {
    const typed = new Uint8Array(lineMax)
    let length = 0
    for (;;) {
      const found = await octet()
      const isSecondHalf = found === keys.newline && afterReturn
      afterReturn = found === keys.return
      if (isSecondHalf) continue
      if (found === undefined && length === 0) throw new CannotGoOn('the answer is missing')
      if (found === keys.interrupt) throw new CannotGoOn('stopped: nothing was changed')
      if (found === undefined || [keys.newline, keys.return, keys.end].includes(found)) break
      if (found === keys.backspace || found === keys.del) {
        length = Math.max(0, length - 1)
        typed[length] = 0
      } else if (length < lineMax) {
        typed[length] = found
        length += 1
      }
    }
    const answer = new SecretBytes(typed.slice(0, length))
    typed.fill(0)
    return answer
  }

  return {
    async ask(question) {
      write(question)
      return (await line()).spend((octets) => Buffer.from(octets).toString().trim())
    },
    async askHidden(question) {
      write(question)
      input.setRawMode?.(true)
      try {
        return await line()
      } finally {
        input.setRawMode?.(false)
        write('\n')
      }
    },
    close: () => void input.pause?.(),
  }
}
