import { createServer, type RequestListener } from 'node:http'
import {
  type AddressInfo,
  createServer as createTcpServer,
  type Server,
  type Socket,
} from 'node:net'
import { afterEach, expect, test } from 'vitest'
import { createHttpClient, type HttpClientOptions, type SendResult } from './index.ts'

const opened: { close(): unknown }[] = []
afterEach(async () => {
  for (const each of opened.splice(0)) await each.close()
})

async function listen(server: Server, address = '127.0.0.1'): Promise<number> {
  const sockets = new Set<Socket>()
  server.on('connection', (socket: Socket) => sockets.add(socket))
  await new Promise<void>((resolve) => server.listen(0, address, resolve))
  opened.push({
    close() {
      for (const socket of sockets) socket.destroy()
      server.close()
    },
  })
  return (server.address() as AddressInfo).port
}
const http = (answer: RequestListener) => listen(createServer(answer))
const tcp = (answer: (socket: Socket) => void) =>
  listen(
    createTcpServer((socket) => {
      socket.on('error', () => undefined)
      answer(socket)
    }),
  )

const client = (options: HttpClientOptions) => {
  const made = createHttpClient(options)
  opened.push(made)
  return made
}
const post = (url: string, options: HttpClientOptions): Promise<SendResult> =>
  client(options).send({
    method: 'POST',
    url,
    headers: { 'content-type': 'text/plain' },
    body: 'hi',
  })
/** Posts to a server on this machine, named as the operator would name it. */
const postTo = (port: number, options: HttpClientOptions = {}) =>
  post(`http://127.0.0.1:${port}/hook?x=1`, { allowPrivate: [`127.0.0.1:${port}`], ...options })

test('an answer comes back with its status and body', async () => {
  const port = await http((request, response) => {
    let body = ''
    request.on('data', (chunk) => {
      body += chunk
    })
    request.on('end', () => response.end(`${request.method} ${request.url} ${body}`))
  })
  expect(await postTo(port)).toEqual({
    status: 200,
    body: 'POST /hook?x=1 hi',
    ms: expect.any(Number),
  })
})

test.each([
  ['http://127.0.0.1/', 'scheme_refused'],
  ['https://127.0.0.1/', 'address_refused'],
  ['https://2130706433/', 'address_refused'],
  ['https://0x7f.1/', 'address_refused'],
  ['https://0177.0.0.1/', 'address_refused'],
  ['https://127.1/', 'address_refused'],
  ['https://0251.0376.0251.0376/', 'address_refused'],
  ['https://0xa9fea9fe/', 'address_refused'],
  ['https://[::ffff:0:169.254.169.254]/', 'address_refused'],
  ['https://[fe80::1%25eth0]/', 'url_malformed'],
  ['https://１２７.0.0.1/', 'address_refused'],
  ['https://[::1]/', 'address_refused'],
  ['https://[::ffff:127.0.0.1]/', 'address_refused'],
  ['https://[::ffff:a9fe:a9fe]/', 'address_refused'],
  ['https://[64:ff9b::a9fe:a9fe]/', 'address_refused'],
  ['https://169.254.169.254/latest/meta-data', 'address_refused'],
  ['https://0/', 'address_refused'],
  ['https://shop.example:22/', 'port_refused'],
  ['https://user:secret@shop.example/', 'credentials_in_url'],
  ['ftp://shop.example/', 'scheme_refused'],
  ['file:///etc/passwd', 'scheme_refused'],
  ['javascript:alert(1)', 'scheme_refused'],
  ['//shop.example', 'url_malformed'],
  [`https://shop.example/${'x'.repeat(2_048)}`, 'url_malformed'],
])('%s is not sent to: %s', async (url, failed) => {
  expect(await post(url, {})).toMatchObject({ failed })
})

test.each([
  [['127.0.0.1'], 'address_refused'],
  [['8.8.8.8', '10.0.0.1'], 'address_refused'],
  [['fd00:ec2::254'], 'address_refused'],
  [[], 'name_not_found'],
])('a name with the addresses %j is not sent to: %s', async (addresses, failed) => {
  const resolve = async () => addresses
  expect(await post('https://shop.example/', { resolve })).toMatchObject({ failed })
})

test('a name that changes its address after the check gains nothing', async () => {
  // Here 127.0.0.2 plays a public address and 127.0.0.1 the inside, on the same port.
  const reached: (string | undefined)[] = []
  const server = createServer((request, response) => {
    reached.push(request.socket.localAddress)
    response.end()
  })
  const port = await listen(server, '0.0.0.0')
  const asked: string[] = []
  const resolve = async (host: string) => {
    asked.push(host)
    return asked.length === 1 ? ['127.0.0.2'] : ['127.0.0.1']
  }
  const made = client({
    resolve,
    isPublic: (address) => address !== '127.0.0.1',
    plainPorts: [port],
  })
  const send = () =>
    made.send({ method: 'GET', url: `http://rebind.example:${port}/`, headers: {} })
  expect(await send()).toMatchObject({ status: 200 })
  expect(asked).toEqual(['rebind.example'])
  expect(await send()).toMatchObject({ failed: 'address_refused' })
  expect(reached).toEqual(['127.0.0.2'])
})

test('a trusted name is resolved once and keeps its name in the Host header', async () => {
  let host: string | undefined
  const port = await http((request, response) => {
    host = request.headers.host
    response.end()
  })
  const resolve = async () => ['127.0.0.1']
  const allowPrivate = [`shop.example:${port}`]
  expect(await post(`http://shop.example:${port}/`, { resolve, allowPrivate })).toMatchObject({
    status: 200,
  })
  expect(host).toBe(`shop.example:${port}`)
})

test('a trusted host is trusted on its own port only', async () => {
  const port = await http((_request, response) => response.end())
  const allowPrivate = [`127.0.0.1:${port + 1}`]
  expect(await post(`http://127.0.0.1:${port}/`, { allowPrivate })).toMatchObject({
    failed: 'scheme_refused',
  })
})

test('a redirect is an answer and is not followed', async () => {
  let calls = 0
  const port = await http((_request, response) => {
    calls += 1
    response.writeHead(302, { location: 'http://169.254.169.254/' }).end()
  })
  expect(await postTo(port)).toMatchObject({ status: 302 })
  expect(calls).toBe(1)
})

test.each<[string, (socket: Socket) => void, string]>([
  ['hangs', () => undefined, 'timed_out'],
  ['closes at once', (socket) => socket.destroy(), 'connection_lost'],
  [
    'sends its headers drop by drop',
    (socket) => {
      socket.write('HTTP/1.1 200 OK\r\n')
      const drip = setInterval(() => socket.write('x-slow: 1\r\n'), 20)
      socket.on('close', () => clearInterval(drip))
    },
    'timed_out',
  ],
  [
    'sends its body drop by drop',
    (socket) => {
      socket.write('HTTP/1.1 200 OK\r\ncontent-length: 1000\r\n\r\n')
      const drip = setInterval(() => socket.write('x'), 20)
      socket.on('close', () => clearInterval(drip))
    },
    'timed_out',
  ],
  [
    'never ends its body',
    (socket) => {
      socket.write('HTTP/1.1 200 OK\r\ncontent-length: 10737418240\r\n\r\n')
      const flood = setInterval(() => socket.write(Buffer.alloc(32 * 1024)), 1)
      socket.on('close', () => clearInterval(flood))
    },
    'reply_too_large',
  ],
  [
    'sends a mountain of headers',
    (socket) => socket.end(`HTTP/1.1 200 OK\r\nx: ${'y'.repeat(100_000)}\r\n\r\n`),
    'reply_too_large',
  ],
  [
    'speaks another language',
    (socket) => socket.once('data', () => socket.end('220 smtp ready\r\n')),
    'reply_malformed',
  ],
  [
    'stops in the middle',
    (socket) => socket.end('HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nhalf'),
    'connection_lost',
  ],
])('a server that %s is a failure, soon', async (_what, answer, failed) => {
  const port = await tcp(answer)
  expect(await postTo(port, { totalMs: 500 })).toMatchObject({ failed })
})

test('a closed door, a slow name and a header with a line break are failures with a reason', async () => {
  const port = await tcp(() => undefined)
  await Promise.all(opened.splice(0).map((each) => each.close()))
  expect(await postTo(port)).toMatchObject({ failed: 'connect_failed' })
  const resolve = () => new Promise<never>(() => undefined)
  expect(await post('https://shop.example/', { resolve, totalMs: 50 })).toMatchObject({
    failed: 'timed_out',
  })
  const request = {
    method: 'POST',
    url: 'http://127.0.0.1:1/',
    headers: { x: 'a\r\nb: c' },
  } as const
  expect(await client({ allowPrivate: ['127.0.0.1:1'] }).send(request)).toMatchObject({
    failed: 'request_malformed',
  })
})

test('a plain server behind an https URL fails in the handshake', async () => {
  const port = await http((_request, response) => response.end())
  const url = `https://127.0.0.1:${port}/`
  expect(await post(url, { allowPrivate: [`127.0.0.1:${port}`] })).toMatchObject({
    failed: 'tls_failed',
  })
})
