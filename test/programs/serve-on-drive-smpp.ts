/**
 * Two `telepurse serve` against Kannel's `drive_smpp`. To be run in a network of its own (`unshare -n`),
 * because drive_smpp listens on every address. It pushes texts and takes what is submitted, and has no
 * handsets: so a merchant asks a customer, and the question must be taken by the centre. Prints what
 * was seen as one line of JSON.
 */
import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { migrate, openDatabase } from '../../server/src/db/index.ts'
import { openStage, until } from '../peers/stage.ts'
import { startPostgres } from '../postgres.ts'

const [driveSmpp = ''] = process.argv.slice(2)
const port = 2775
const texts = 20
const payer = '8613900010001'

// It gives up when it finds no bearerbox to be the smsbox of: this one takes its connection, no more.
const smsboxPort = 13_001
const bearerbox = createServer((socket) => socket.on('error', () => {}).resume())
await new Promise<void>((resolve) => bearerbox.listen(smsboxPort, '127.0.0.1', resolve))

// Whoever ends us ends all that we have started.
for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => process.exit(1))

const folder = mkdtempSync(join(tmpdir(), 'drive-smpp-'))
const configuration = `group = core
admin-port = 13000
smsbox-port = ${smsboxPort}
admin-password = bar
log-file = "${join(folder, 'log')}"
`
writeFileSync(join(folder, 'drive.conf'), configuration)
const postgres = await startPostgres()
const tables = await openDatabase({ url: postgres.url, poolMax: 1 })
await migrate(tables, join(import.meta.dirname, '../../server/migrations'))
await tables.close()
const centre = spawn(
  driveSmpp,
  ['-v', '0', '-p', String(port), '-m', String(texts), '-c', join(folder, 'drive.conf')],
  { cwd: folder, stdio: 'ignore' },
)
process.once('exit', () => centre.kill('SIGKILL'))
const stage = await openStage({
  databaseUrl: postgres.url,
  smscUrl: `smpp://foo:bar@127.0.0.1:${port}?mode=pair&system_type=VMA`,
  numbers: [payer],
})
try {
  const [one] = stage.servers
  const health = () =>
    Promise.all(
      stage.servers.map(async ({ url }) => {
        const answer = await fetch(`${url}/health`)
        return ((await answer.json()) as { smsc: { bound: boolean } }).smsc.bound
      }),
    )
  const bound = await until(async () => {
    const found = await health()
    return found.every((one) => one) ? found : undefined
  })
  const ordered = await fetch(`${one.url}/v1/payments`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      authorization: `Bearer ${stage.apiKey}`,
    },
    body: JSON.stringify({ msisdn: payer, product: '100', orderId: 'A-1', consent: 'reply' }),
  })
  const sent = await until(async () => {
    const [row] = await stage.db.query<{ state: string; gateway: string }>(
      `select state, gateway from sms_message where direction = 'out'`,
    )
    return row
  })
  const complaints = await until(() => {
    const found = stage.servers.flatMap((server) =>
      server.complaints.filter((line) => line.includes('no mobile number')),
    )
    return found.length >= texts ? found.length : undefined
  })
  console.log(JSON.stringify({ bound, ordered: ordered.status, sent, complaints }))
} finally {
  await stage.close()
  await postgres.stop()
  rmSync(folder, { recursive: true, force: true })
  bearerbox.close()
}
process.exit()
