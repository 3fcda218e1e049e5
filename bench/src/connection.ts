/**
 * One kept HTTP connection with one request at a time. A load generator shares the processor with what
 * it measures: this one costs a fraction of a general client, and reads no more than the status, the
 * length and the body.
 */
import { connect, type Socket } from 'node:net'

export interface Answer {
  readonly status: number
  readonly body: string
}

export interface Connection {
  /** False once the server has closed it, as it does with one that was quiet for a minute. */
  readonly isOpen: boolean
  /** `request` is a whole HTTP/1.1 request. */
  send(request: string): Promise<Answer>
  close(): void
}

const headEnd = '\r\n\r\n'

export async function openConnection(url: string): Promise<Connection> {
  const { hostname, port } = new URL(url)
  const socket = connect({ host: hostname, port: Number(port), noDelay: true })
  await new Promise((resolve, reject) => socket.once('connect', resolve).once('error', reject))
  let waiting: { resolve: (answer: Answer) => void; reject: (error: Error) => void } | undefined
  let received = ''
  const settle = () => {
    const answer = answerIn(received)
    if (!answer) return
    received = ''
    const { resolve } = waiting ?? {}
    waiting = undefined
    resolve?.(answer)
  }
  socket.setEncoding('latin1')
  socket.on('data', (chunk) => {
    received += chunk
    settle()
  })
  socket.on('error', () => undefined)
  let isOpen = true
  socket.on('close', () => {
    isOpen = false
    waiting?.reject(new Error('the connection was closed'))
  })
  return {
    get isOpen() {
      return isOpen
    },
    send: (request) =>
      new Promise((resolve, reject) => {
        waiting = { resolve, reject }
        socket.write(request, 'utf8')
      }),
    close: () => closeSocket(socket),
  }
}

function closeSocket(socket: Socket): void {
  socket.removeAllListeners('close')
  socket.destroy()
}

/** Undefined while it is not whole. Answers are ASCII where it counts, so a unit is an octet. */
function answerIn(received: string): Answer | undefined {
  const end = received.indexOf(headEnd)
  if (end < 0) return undefined
  const at = received.indexOf('content-length: ')
  const length = Number.parseInt(received.slice(at + 16, at + 26), 10)
  const begin = end + headEnd.length
  if (received.length < begin + length) return undefined
  return { status: Number(received.slice(9, 12)), body: received.slice(begin, begin + length) }
}
