/** The simulated centre with Kannel's bearerbox and smsbox as the ESME: a gateway operators really use. */
import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer as createHttpServer } from 'node:http'
import { type AddressInfo, createServer, type Server } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { createSmsc } from './index.ts'

const [bearerbox, smsbox] = ['/usr/sbin/bearerbox', '/usr/sbin/smsbox'] as const
const closers: (() => unknown)[] = []
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close()
})

const portOf = (server: Server) => (server.address() as AddressInfo).port
const listening = <Listener extends Server>(server: Listener) =>
  new Promise<Listener>((resolve) => server.listen(0, '127.0.0.1', () => resolve(server)))

async function freePort(): Promise<number> {
  const server = await listening(createServer())
  const port = portOf(server)
  await new Promise((resolve) => server.close(resolve))
  return port
}

function run(command: string, folder: string): ChildProcess {
  const child = spawn(command, ['-v', '4', join(folder, 'kannel.conf')], {
    cwd: folder,
    stdio: 'ignore',
  })
  const ended = new Promise((resolve) => child.once('exit', resolve))
  closers.push(async () => {
    child.kill('SIGKILL')
    await ended
  })
  return child
}

interface Ports {
  readonly smsc: number
  readonly admin: number
  readonly smsbox: number
  readonly sendsms: number
  readonly http: number
}

const configuration = (ports: Ports, folder: string) => `group = core
admin-port = ${ports.admin}
admin-interface = 127.0.0.1
admin-password = bar
smsbox-port = ${ports.smsbox}
smsbox-interface = 127.0.0.1
log-file = "${folder}/bearerbox.log"
box-allow-ip = "127.0.0.1"
box-deny-ip = "*.*.*.*"
store-type = file
store-location = "${folder}/store"
dlr-storage = internal

group = smsc
smsc = smpp
smsc-id = simulator
host = 127.0.0.1
port = ${ports.smsc}
transceiver-mode = true
smsc-username = kannel
smsc-password = secret
system-type = "VMA"
enquire-link-interval = 1
reconnect-delay = 1
alt-charset = "utf-8"

group = smsbox
bearerbox-host = 127.0.0.1
bearerbox-port = ${ports.smsbox}
sendsms-port = ${ports.sendsms}
sendsms-interface = 127.0.0.1
log-file = "${folder}/smsbox.log"
global-sender = 10086

group = sendsms-user
username = tester
password = foobar
max-messages = 3
concatenation = true

group = sms-service
keyword = default
get-url = "http://127.0.0.1:${ports.http}/mo?from=%p&text=%b&coding=%c"
accept-x-kannel-headers = true
max-messages = 3
concatenation = true
catch-all = true
`

const until = async (condition: () => boolean | Promise<boolean>) => {
  while (!(await condition())) await new Promise((resolve) => setTimeout(resolve, 50))
}

/** Kannel's answer to every text is `reply`; the texts it hands over and its receipts are kept. */
async function gateway(reply: string) {
  const seen: string[] = []
  const http = createHttpServer((request, response) => {
    seen.push(request.url ?? '')
    response.setHeader('content-type', 'text/plain; charset=utf-8')
    response.setHeader('x-kannel-coding', '2')
    response.end(request.url?.startsWith('/mo') ? reply : '')
  })
  await listening(http)
  closers.push(() => http.close())
  return { seen, port: portOf(http) }
}

const skipped = !existsSync(bearerbox) || !existsSync(smsbox)

test.skipIf(skipped)('Kannel takes texts, answers in Chinese, and gets its receipts', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'kannel-'))
  closers.push(() => rmSync(folder, { recursive: true, force: true }))
  mkdirSync(join(folder, 'store'))
  const smsc = createSmsc({
    port: 0,
    systemId: 'kannel',
    password: 'secret',
    now: () => Date.now(),
  })
  closers.push(() => smsc.stop())
  const { port } = await smsc.listen()
  const { seen, port: http } = await gateway('回复Y确认')
  const ports = {
    smsc: port,
    http,
    admin: await freePort(),
    smsbox: await freePort(),
    sendsms: await freePort(),
  }
  writeFileSync(join(folder, 'kannel.conf'), configuration(ports, folder))
  run(bearerbox, folder)
  await until(() => smsc.boundLinks() === 1)
  run(smsbox, folder)

  const sent = await smsc.sendFromHandset({ from: '13800138000', to: '1065800886021', text: '100' })
  expect(await sent.delivered).toBe(true)
  const received = () => smsc.messages('13800138000').filter((it) => it.direction === 'received')
  await until(() => received().length === 1)
  expect(received()[0]).toMatchObject({ text: '回复Y确认', parts: 1 })
  expect(seen[0]).toContain('text=100')

  const long = '长短信'.repeat(40)
  const query = new URLSearchParams({
    username: 'tester',
    password: 'foobar',
    to: '8613800138000',
    coding: '2',
    charset: 'UTF-8',
    text: long,
    'dlr-mask': '1',
    'dlr-url': `http://127.0.0.1:${http}/receipt?state=%d`,
  })
  const answer = await fetch(`http://127.0.0.1:${ports.sendsms}/cgi-bin/sendsms?${query}`)
  expect(answer.status).toBe(202)
  await until(() => received().length === 2)
  expect(received()[1]).toMatchObject({ text: long, parts: 2 })
  await until(() => seen.includes('/receipt?state=1'))

  smsc.setFaults({ dropLink: true })
  const waiting = await smsc.sendFromHandset({
    from: '13800138000',
    to: '1065800886021',
    text: '再来',
  })
  smsc.setFaults({ dropLink: false })
  expect(await waiting.delivered).toBe(true)
  await until(() => received().length === 3)
  // Kannel hands UCS-2 over as the octets themselves, percent-encoded.
  const last = seen.filter((it) => it.startsWith('/mo')).at(-1) ?? ''
  const text = /text=([^&]*)/.exec(last)?.[1] ?? ''
  const octets = text.replace(/%(..)/g, (_, hex: string) => String.fromCharCode(Number(`0x${hex}`)))
  expect(Buffer.from(octets, 'latin1').swap16().toString('utf16le')).toBe('再来')
})
