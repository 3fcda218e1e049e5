/** Bindings over a real vault and database, with people and banks that a test scripts. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Engine, testDatabase } from '../../../test/database.ts'
import { sealHead } from '../../src/audit/index.ts'
import type {
  Agreement,
  BankAnswer,
  BankRefusal,
  BindingChange,
  BindingTools,
  CardBinding,
  LinkedBank,
  NewBinding,
  Verification,
} from '../../src/bank-cards/index.ts'
import {
  bindingInvariants,
  createBindingTimers,
  createCardBindings,
  parseBinTable,
} from '../../src/bank-cards/index.ts'
import { cardKeys, createCardVault } from '../../src/card-vault/index.ts'
import type { Database } from '../../src/db/index.ts'
import { createFieldCipher, createIds, manualClock, Secret } from '../../src/kernel/index.ts'
import { createKeyStore, openKeyFile } from '../../src/keys/index.ts'
import { introduce } from '../../src/subscribers/index.ts'

export const people = {
  zhang: { id: '0198f000-0000-7000-8000-000000000001', name: '张三', number: '11010519491231002X' },
  li: { id: '0198f000-0000-7000-8000-000000000002', name: '李四', number: '440524188001010014' },
} as const
export type PersonName = keyof typeof people

/** A sound number of so many digits that begins like this; no two are alike. */
export function panOf(begins: string, serial: number, length = 19): string {
  const digits = `${begins}${String(serial).padStart(length - 1 - begins.length, '0')}`
  const sum = [...digits]
    .toReversed()
    .map((digit, at) => Number(digit) * (at % 2 === 0 ? 2 : 1))
    .reduce((total, value) => total + (value > 9 ? value - 9 : value), 0)
  return `${digits}${(10 - (sum % 10)) % 10}`
}

const bank = (name: string, rest: object = {}) => ({
  ...{ name, zh: name, en: name, dayLimit: { debit: '500000', credit: null } },
  ...rest,
})

export const binTable = {
  banks: [
    bank('first_bank'),
    bank('second_bank', { regions: ['11'] }),
    bank('shut_bank', { open: false }),
  ],
  bins: [
    { begins: '999001', lengths: [19], kind: 'debit', bank: 'first_bank' },
    { begins: '999002', lengths: [16], kind: 'credit', bank: 'first_bank' },
    { begins: '99900399', lengths: [19], kind: 'debit', bank: 'second_bank' },
    { begins: '999004', lengths: [19], kind: 'debit', bank: 'shut_bank' },
  ],
}

type Answer = BankAnswer<Agreement>

export const yes: Answer = { outcome: 'done', value: { agreement: '88000001' } }
export const unanswered: Answer = { outcome: 'unknown', detail: 'no_answer', alarm: false }
export const no = (reason: BankRefusal['reason'], rest: Partial<BankRefusal> = {}): Answer => ({
  outcome: 'refused',
  refusal: { code: 'BR-05', reason, class: 'F', alarm: false, ...rest },
})
export const codeSent = no('sms_code_needed', { code: 'BR-YM', class: 'I' })

export interface StageOptions {
  readonly engine?: Engine
  readonly poolMax?: number
}

export async function bindingStage({ engine, poolMax = 4 }: StageOptions = {}) {
  const made = await testDatabase({
    ...(engine && { engine }),
    ...(engine !== 'pglite' && { poolMax }),
  })
  const { db } = made
  const folder = mkdtempSync(join(tmpdir(), 'telepurse-bindings-'))
  const ids = createIds()
  const clock = manualClock(Date.UTC(2026, 10, 27, 4))
  const secret = new Secret('a field key for tests, 32 characters or more')
  const cipher = createFieldCipher(secret, ids)
  await sealHead(db, cipher)
  const keys = createKeyStore(openKeyFile({ folder, ids, master: { from: 'field-key', secret } }), {
    ...{ clock, ids },
  })
  await keys.generate({ name: cardKeys.pan, use: 'card-data', algorithm: 'aes-256' })
  await keys.generate({ name: cardKeys.lookup, use: 'lookup', algorithm: 'hmac-256' })
  const vault = createCardVault({ db, keys, clock, ids, cipher })
  const bins = parseBinTable(JSON.stringify(binTable))
  if (!bins.ok) throw new Error(bins.refusal.join('\n'))

  const ownerOf = new Map<string, PersonName>()
  /** What the bank was asked, and what it answers: the script, and yes when it has run out. */
  const asked: Verification[] = []
  const script: (Answer | ((verification: Verification) => Promise<Answer>))[] = []
  const limits = { cardsPerNumberMax: 3 }
  const changes: BindingChange[] = []
  /** Tokens of cards that money is to go to. */
  const payees = new Set<string>()
  const alarms: string[] = []
  let stan = 0

  const linked = (): LinkedBank => ({
    cardsPerNumberMax: limits.cardsPerNumberMax,
    bank: {
      begin: () => {
        stan += 1
        return { stan, transmittedAt: '1127120000', acquirer: '14842763', forwarder: '14427900' }
      },
      async verify(verification) {
        asked.push(verification)
        const next = script.shift() ?? yes
        return typeof next === 'function' ? next(verification) : next
      },
    },
  })
  const tools: BindingTools = {
    ...{ db, clock, ids, vault, bins: bins.value },
    isPayee: async (_, token) => payees.has(token),
    isIdentityNumber: (number) => /^\d{17}[\dX]$/.test(number.reveal()),
    owners: {
      async ownerOf(_, msisdn) {
        const owner = ownerOf.get(msisdn)
        return owner && { identityId: people[owner].id }
      },
      async isSame(_, msisdn, { name, number }) {
        const owner = people[ownerOf.get(msisdn) ?? 'li']
        return owner.name === name.reveal() && owner.number === number.reveal()
      },
      async reveal(_, identityId) {
        const person = Object.values(people).find(({ id }) => id === identityId)
        if (!person) throw new Error('no such person')
        return { name: new Secret(person.name), number: new Secret(person.number) }
      },
    },
    bankOf: (name) => (name === 'away_bank' ? undefined : linked()),
    onChange: (_, change) => void changes.push(change),
    onAlarm: (event, facts) => void alarms.push(JSON.stringify({ event, ...facts })),
  }
  const bindings = createCardBindings(tools)

  /** A number in service that is somebody's. */
  async function number(msisdn: string, owner?: PersonName, region = '110000') {
    await introduce(
      db,
      {
        ...{ msisdn, carrier: 'cmcc', brand: '全球通', billing: 'postpaid', region },
        ...{ language: 'zh', status: 'active' },
      },
      clock.now(),
    )
    if (owner) ownerOf.set(msisdn, owner)
    return msisdn
  }

  const given = (
    msisdn: string,
    pan: string,
    rest: Partial<NewBinding> & { readonly as?: PersonName } = {},
  ): NewBinding => {
    const { as = ownerOf.get(msisdn) ?? 'zhang', ...others } = rest
    return {
      ...{ msisdn, pan: new Secret(pan), name: new Secret(people[as].name) },
      document: { kind: '01', number: new Secret(people[as].number) },
      consent: { version: '2026-1', channel: 'counter', clerk: 'clerk7' },
      ...others,
    }
  }

  async function draft(msisdn: string, pan: string, rest: Partial<NewBinding> = {}) {
    const begun = await bindings.begin(given(msisdn, pan, rest))
    if (!begun.ok) throw new Error(begun.refusal)
    return begun.value
  }

  async function bound(msisdn: string, pan: string, rest: Partial<NewBinding> = {}) {
    const { id } = await draft(msisdn, pan, rest)
    const answer = await bindings.verify(id, {})
    if (answer.outcome !== 'active') throw new Error(JSON.stringify(answer))
    return answer.binding
  }

  const timers = createBindingTimers({
    ...tools,
    onError: (error) => {
      throw error
    },
  })
  await timers.stop()

  return {
    ...{ db, clock, ids, vault, keys, tools, bindings, timers, asked, script, limits, changes },
    ...{ alarms, ownerOf, payees, number, given, draft, bound },
    async find(id: string): Promise<CardBinding> {
      const found = await bindings.find(db, id)
      if (!found) throw new Error('no such binding')
      return found
    },
    /** What the rows have against the rules. */
    complaints: () => complaintsOf(db),
    async close() {
      await made.close()
      keys.close()
      rmSync(folder, { recursive: true })
    },
  }
}

export type BindingStage = Awaited<ReturnType<typeof bindingStage>>

async function complaintsOf(db: Database): Promise<readonly string[]> {
  const found = await Promise.all(bindingInvariants.map((rule) => rule.check(db)))
  return found.flatMap(({ examples }) => examples)
}
