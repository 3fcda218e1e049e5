/** The test clients that docs/guides/camara.md names, with secrets of this demo's own. */
import { chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs'
import { scopes } from '../channels/oauth/index.ts'
import type { Parts } from '../compose.ts'
import { assert } from '../kernel/index.ts'
import { type ClientContent, createClient } from '../merchants/index.ts'

const allScopes = Object.keys(scopes)

const whole: ClientContent = {
  merchantId: '6021',
  name: 'sandbox',
  scopes: allScopes,
  grantTypes: ['client_credentials', 'authorization_code', 'refresh_token'],
  redirectUris: ['https://shop.example/back'],
  tokenSeconds: 3_600,
  test: true,
}

const testClients: Readonly<Record<string, Partial<ClientContent>>> = {
  'test-shop': {},
  'test-other': {},
  // Book Bar's contract has no direct charge: its two-legged payments wait for the customer's reply.
  'test-asking': { merchantId: '6022' },
  'test-short': { tokenSeconds: 2 },
  'test-readonly': { scopes: allScopes.filter((scope) => scope.endsWith(':read')) },
  'test-unscoped': { scopes: [] },
}

export type SandboxSecrets = Readonly<Record<string, string>>

const onlyOwner = 0o600

/** Makes the clients on the first start; answers their secrets, which the demo shows to everyone. */
export async function openSandbox(parts: Parts, file: string): Promise<SandboxSecrets> {
  if (existsSync(file)) return JSON.parse(readFileSync(file, 'utf8')) as SandboxSecrets
  const { db, ids, clock, catalogue } = parts
  const secrets: Record<string, string> = {}
  for (const [id, change] of Object.entries(testClients)) {
    const made = await db.transact((tx) =>
      createClient(tx, { ...whole, ...change }, { ids, now: clock.now(), id }),
    )
    assert(made.ok, `the sandbox may have a client ${id}`)
    secrets[id] = made.value.secret.reveal()
  }
  await catalogue.reload()
  writeFileSync(file, JSON.stringify(secrets), { mode: onlyOwner })
  chmodSync(file, onlyOwner)
  return secrets
}
