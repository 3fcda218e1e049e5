/** The first people of a hall, added at the command line: shown once, and written nowhere. */
import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { engines, type TestDatabase, testDatabase } from '../../../test/database.ts'
import {
  createBusinessTime,
  createFieldCipher,
  createIds,
  Secret,
  systemClock,
} from '../kernel/index.ts'
import { codeAt, createStaff } from '../staff/index.ts'

const fieldKey = Buffer.from('a field key for tests, 32 octets').toString('base64')
let folder: string
let made: TestDatabase
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'telepurse-staff-command-'))
  made = await testDatabase()
})
afterAll(async () => {
  await made?.close()
  rmSync(folder, { recursive: true })
})

function telepurse(...args: readonly string[]) {
  const child = spawn(
    process.execPath,
    [
      '--conditions=source',
      '--import',
      import.meta.resolve('tsx'),
      join(import.meta.dirname, '../main.ts'),
      ...args,
    ],
    {
      env: {
        PATH: process.env.PATH,
        TELEPURSE_DATA: folder,
        DATABASE_URL: made.url,
        UNSAFE_DATABASE: 'yes',
        FIELD_KEY: fieldKey,
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  )
  const said = { out: '', error: '' }
  child.stdout.on('data', (chunk) => {
    said.out += chunk
  })
  child.stderr.on('data', (chunk) => {
    said.error += chunk
  })
  return new Promise<{ out: string; error: string; code: number | null }>((resolve) => {
    child.once('close', (code) => resolve({ ...said, code }))
  })
}

test.runIf(engines.includes('postgres'))(
  'staff add prints what opens a session, once, and nobody takes the login again',
  async () => {
    const add = [
      'staff',
      'add',
      '0417',
      '--name',
      '周敏',
      '--office',
      '滨江路厅',
      '--role',
      'clerk',
      '--operator',
      'Chen Li',
    ]
    const { out, code, error } = await telepurse(...add)
    expect([code, error]).toEqual([0, ''])
    const [, password = ''] = /^password .*: (\S+)$/m.exec(out) ?? []
    const [, seed = ''] = /^authenticator secret: ([A-Z2-7]{32})$/m.exec(out) ?? []
    expect(out).toContain(`otpauth://totp/Telepurse:0417?issuer=Telepurse&secret=${seed}`)
    const ids = createIds()
    const tools = {
      db: made.db,
      ids,
      cipher: createFieldCipher(new Secret(fieldKey), ids),
      clock: systemClock,
    }
    const staff = createStaff({ ...tools, time: createBusinessTime() })
    const totp = codeAt(new Secret(seed), systemClock.now())
    const signedIn = await staff.signIn.signIn({
      login: '0417',
      password: new Secret(password),
      code: totp,
    })
    expect(signedIn).toMatchObject({
      ok: true,
      value: { person: { login: '0417', passwordIsInitial: true } },
    })

    const again = { login: '0417', name: '周敏', office: '滨江路厅', roles: ['clerk'] } as const
    expect(await staff.people.add(again, 'Chen Li')).toMatchObject({ refusal: 'login_taken' })
    const kept = JSON.stringify(
      await made.db.query(
        'select to_jsonb(p) as p from staff_person p union all select to_jsonb(l) from operator_log l',
      ),
    )
    expect(kept).toContain('staff.add')
    for (const secret of [password, seed]) expect(kept).not.toContain(secret)
  },
)
