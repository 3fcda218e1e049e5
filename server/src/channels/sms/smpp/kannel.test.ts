/**
 * The link against `drive_smpp`, the test centre of Kannel: foreign code in C. It takes a transmitter
 * and a receiver, sends a number of messages, acknowledges submits with an empty message_id, and ends.
 */
import { spawn } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { Secret, systemClock } from '../../../kernel/index.ts'
import { createSmppLink, handsetAddress, serviceAddress } from './index.ts'

const driveSmpp = '/usr/lib/kannel/test/drive_smpp'
const closers: (() => unknown)[] = []
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close()
})

const freePort = () =>
  new Promise<number>((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const address = server.address()
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0))
    })
  })

async function startDriveSmpp(messages: number): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), 'drive-smpp-'))
  const port = await freePort()
  const configuration = `group = core
admin-port = ${await freePort()}
smsbox-port = ${await freePort()}
admin-password = bar
log-file = "${join(folder, 'log')}"
`
  writeFileSync(join(folder, 'drive.conf'), configuration)
  const args = [
    '-v',
    '4',
    '-p',
    String(port),
    '-m',
    String(messages),
    '-c',
    join(folder, 'drive.conf'),
  ]
  const child = spawn(driveSmpp, args, { cwd: folder, stdio: 'ignore' })
  const ended = new Promise((resolve) => child.once('exit', resolve))
  closers.push(async () => {
    child.kill('SIGKILL')
    await ended
    rmSync(folder, { recursive: true, force: true })
  })
  return port
}

test.skipIf(!existsSync(driveSmpp))('Kannel’s drive_smpp takes and gives messages', async () => {
  const port = await startDriveSmpp(5)
  const received: string[] = []
  const link = createSmppLink(
    {
      host: '127.0.0.1',
      port,
      systemId: 'foo',
      password: new Secret('bar'),
      systemType: 'VMA',
      bind: 'pair',
      clock: systemClock,
      random: () => 0.5,
      limits: { reconnectMs: 100, reconnectMaxMs: 200, drainMs: 100 },
    },
    {
      async onMessage({ text }) {
        received.push(text ?? '')
      },
      async onReceipt() {},
    },
  )
  closers.push(() => link.close())
  link.start()
  await link.whenBound()
  const outcome = await link.submit({
    source: serviceAddress('1065800886021'),
    destination: handsetAddress('+8613800138000'),
    text: '回复Y确认',
  })
  expect(outcome).toEqual({ outcome: 'done', messageId: '' })
  while (received.length < 5) await new Promise((resolve) => setTimeout(resolve, 10))
  expect(received).toHaveLength(5)
})
