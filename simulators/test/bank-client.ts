/** A platform for tests of the bank: signs on, exchanges keys, asks, and shows what came back, octet for octet. */
import type { Duplex } from 'node:stream'
import {
  createFramer,
  decode,
  encode,
  encodeWithMac,
  encryptPin,
  type Framer,
  frameMessage,
  type Message,
  type MessageSpec,
  macHolds,
  octetsOf,
  originalDataOf,
  readSignOnKeys,
  Secret,
  textOf,
  unionPayHost,
  unwrapKey,
  type Value,
} from '@telepurse/iso8583'
import { desCipher } from '@telepurse/iso8583/node'
import { createBank } from '../src/bank/bank.ts'
import type { NewCard } from '../src/bank/card.ts'
import type { Bank, BankOptions, Later } from '../src/bank/contract.ts'
import { writeIdentity } from '../src/bank/identity.ts'
import { type MacAlgorithm, macFunction, type WorkingKeys } from '../src/bank/keys.ts'

export const platform = '99010000'
export const acquirer = '99020000'
export const masterKey = new Secret(new Uint8Array(16).map((_, index) => index * 7 + 1))
/** 2026-09-12 12:00 in Shanghai. */
export const noon = Date.UTC(2026, 8, 12, 4)
export const minute = 60_000
export const hour = 60 * minute
export const day = 24 * hour

/** Card numbers that begin with 9 are of national use and belong to nobody here; the last digit is Luhn's. */
export function panOf(number: number): string {
  const digits = `999001${String(number).padStart(12, '0')}`
  const sum = [...digits].reverse().reduce((total, digit, index) => {
    const doubled = Number(digit) * (index % 2 === 0 ? 2 : 1)
    return total + (doubled > 9 ? doubled - 9 : doubled)
  }, 0)
  return `${digits}${(10 - (sum % 10)) % 10}`
}

export const holder = {
  name: '张三',
  idKind: '01',
  idNumber: '11010519491231002X',
  mobile: '13900000001',
}

export const cardOf = (number: number, given: Partial<NewCard> = {}): NewCard => ({
  pan: panOf(number),
  kind: 'debit',
  holder,
  expiry: '3012',
  pin: '123456',
  cvn2: '321',
  balance: 1_000_00n,
  ...given,
})

/** Time that passes only when it is told to. */
export function createHandClock(start = noon) {
  let now = start
  let count = 0
  let queue: { at: number; order: number; act: () => void }[] = []
  const later: Later = (ms, act) => {
    count += 1
    const entry = { at: now + ms, order: count, act }
    queue.push(entry)
    return () => {
      queue = queue.filter((one) => one !== entry)
    }
  }
  return {
    now: () => now,
    later,
    /** Lets time pass, and everything that falls due in it happen in order. */
    async pass(ms: number) {
      const end = now + ms
      for (;;) {
        const [next] = queue
          .filter(({ at }) => at <= end)
          .sort((a, b) => a.at - b.at || a.order - b.order)
        if (!next) break
        queue = queue.filter((one) => one !== next)
        now = next.at
        next.act()
        await settle()
      }
      now = end
    },
  }
}
export type HandClock = ReturnType<typeof createHandClock>

/** Until the streams of the process have handed over what was written. */
export async function settle(): Promise<void> {
  for (let turn = 0; turn < 4; turn += 1) await new Promise((resolve) => setImmediate(resolve))
}

export interface Received {
  readonly message: Message
  readonly code: string | undefined
  /** Whether it carries the MAC of the newest keys. */
  readonly signed: boolean
}

export interface ClientOptions {
  readonly link: Duplex
  readonly now: () => number
  readonly spec?: MessageSpec
  readonly algorithm?: MacAlgorithm
  readonly source?: string
}

type Fields = Readonly<Record<number, Value>>

export function createClient({
  link,
  now,
  spec = unionPayHost,
  algorithm = 'x9.9',
  source = platform,
}: ClientOptions) {
  const framer: Framer = createFramer(spec.frame)
  const received: Received[] = []
  const segments: Uint8Array[] = []
  const trouble: string[] = []
  let keys: WorkingKeys | undefined
  let stan = 0
  let isClosed = false
  link.on('data', (chunk: Uint8Array) => {
    segments.push(chunk)
    const { messages, fault } = framer.push(chunk)
    if (fault) trouble.push(fault.reason)
    for (const octets of messages) {
      const read = decode(spec, octets)
      if (!read.ok) {
        trouble.push(read.refusal.code)
        continue
      }
      const message = read.value
      const signed = keys !== undefined && macHolds(spec, octets, message, keys.mac)
      received.push({ message, code: textOf(message, 39), signed })
    }
  })
  link.on('error', (error: NodeJS.ErrnoException) => trouble.push(error.code ?? error.message))
  link.on('close', () => {
    isClosed = true
  })

  /** The message as it would be sent: with a trace number and a time of its own unless they are given. */
  function make(mti: string, fields: Fields): { mti: string; fields: Record<number, Value> } {
    stan += 1
    const stamp = new Date(now() + 8 * hour).toISOString().replace(/\D/g, '').slice(4, 14)
    const own = { 7: stamp, 11: String(stan).padStart(6, '0'), 32: acquirer, 33: source }
    const isNetwork = mti.startsWith('08')
    return { mti, fields: { ...own, ...(isNetwork ? {} : { 49: '156' }), ...fields } }
  }
  function frame(message: { mti: string; fields: Fields }, using = keys): Uint8Array {
    const header = spec.header.length > 0 ? { destination: '99030000', source } : {}
    const whole = { ...message, header }
    const isSigned = !message.mti.startsWith('08') && using !== undefined
    const octets = isSigned ? encodeWithMac(spec, whole, using.mac) : encode(spec, whole)
    if (!octets.ok) throw new Error(octets.refusal.code)
    return frameMessage(spec.frame, octets.value)
  }
  function write(message: { mti: string; fields: Fields }, using = keys) {
    const octets = frame(message, using)
    if (!link.destroyed) link.write(octets)
  }
  const answersTo = (message: { fields: Fields }) =>
    received.filter(
      (one) =>
        one.code !== undefined &&
        textOf(one.message, 11) === message.fields[11] &&
        textOf(one.message, 7) === message.fields[7],
    )
  const client = {
    received,
    segments,
    trouble,
    isClosed: () => isClosed,
    keys: () => keys,
    useKeys(other: WorkingKeys | undefined) {
      keys = other
    },
    link,
    make,
    frame,
    write,
    answersTo,
    /** The answer, or undefined when none came by itself. */
    async ask(message: { mti: string; fields: Fields }): Promise<Received | undefined> {
      const before = answersTo(message).length
      write(message)
      await settle()
      return answersTo(message)[before]
    },
    async codeOf(message: { mti: string; fields: Fields }): Promise<string | undefined> {
      return (await client.ask(message))?.code
    },
    async signOn() {
      const code = await client.codeOf(make('0800', { 70: '001' }))
      if (code !== '00') throw new Error(`sign-on was answered ${code}`)
      await client.exchangeKeys()
      return client
    },
    async exchangeKeys() {
      const answer = await client.ask(make('0800', { 70: '101', 53: '2600000000000000' }))
      if (answer?.code !== '00') throw new Error(`no keys: ${answer?.code}`)
      const octets = octetsOf(answer.message, 48)?.slice(2)
      const hex = textOf(answer.message, 48)?.slice(2)
      const exchanged = readSignOnKeys(octets ?? Uint8Array.from(Buffer.from(hex ?? '', 'hex')))
      if (!exchanged.ok) throw new Error(exchanged.refusal)
      const [pin, mac] = [exchanged.value.pinKey, exchanged.value.macKey].map((wrapped) => {
        const key = unwrapKey(desCipher(masterKey.reveal()), wrapped, desCipher)
        if (!key.ok) throw new Error(key.refusal)
        return key.value.key.reveal()
      })
      if (!pin || !mac) throw new Error('a key is missing')
      keys = {
        mac: macFunction(algorithm, mac),
        pin: { format: 0, cipher: desCipher(pin) },
      }
      return answer
    },
    pinBlock(pan: string, pin: string): Uint8Array {
      if (!keys) throw new Error('no keys yet')
      const block = encryptPin(keys.pin, { pin: new Secret(pin), pan })
      if (!block.ok) throw new Error(block.refusal)
      return block.value
    },
    purchase: (pan: string, amount: bigint, more: Fields = {}) =>
      make('0200', { 2: pan, 3: '000000', 4: amountField(amount), 18: '6012', ...more }),
    credit: (pan: string, amount: bigint, more: Fields = {}) =>
      make('0200', { 2: pan, 3: '290000', 4: amountField(amount), ...more }),
    balance: (pan: string) => make('0200', { 2: pan, 3: '300000' }),
    /** `0420` reversal, `0200` void, `0220` refund of a message. */
    about(
      mti: '0420' | '0421' | '0200' | '0220',
      original: { mti: string; fields: Fields },
      more: Fields = {},
    ) {
      const named = originalDataOf(original)
      if (!named.ok) throw new Error(named.refusal)
      const { 2: pan = '', 3: processing = '', 4: amount = '' } = original.fields
      const own = { 2: pan, 3: mti.startsWith('04') ? processing : '200000', 4: amount }
      return make(mti, { ...own, 90: named.value, ...more })
    },
    verification(
      pan: string,
      { otp, ...identity }: Partial<Parameters<typeof writeIdentity>[0]> & { otp?: string } = {},
      more: Fields = {},
    ) {
      const text =
        otp === undefined ? undefined : `ASSM${String(otp.length).padStart(3, '0')}${otp}`
      return make('0100', {
        ...{ 2: pan, 3: '890000', 18: '6400', 25: '00' },
        61: writeIdentity({ ...holder, ...identity }),
        ...(text !== undefined && { 48: new TextEncoder().encode(text) }),
        ...more,
      })
    },
  }
  return client
}
export type BankClient = ReturnType<typeof createClient>

export const amountField = (amount: bigint): string => amount.toString().padStart(12, '0')

export const bankOptions = (clock: Pick<HandClock, 'now' | 'later'>): BankOptions => ({
  code: 'first_bank',
  institution: '99030000',
  platform,
  bins: ['999001'],
  zoneMasterKey: masterKey,
  now: clock.now,
  later: clock.later,
})

/** A bank with a signed-on platform at a link within the process. */
export async function openBank(
  given: Partial<BankOptions> = {},
  clientOptions: Partial<ClientOptions> = {},
): Promise<{ bank: Bank; clock: HandClock; client: BankClient; relink(): BankClient }> {
  const clock = createHandClock()
  const bank = createBank({ ...bankOptions(clock), cards: [cardOf(1), cardOf(2)], ...given })
  const spec = given.spec ? { spec: given.spec } : {}
  const algorithm = given.mac ? { algorithm: given.mac } : {}
  const relink = () =>
    createClient({
      ...{ link: bank.connect(), now: clock.now },
      ...spec,
      ...algorithm,
      ...clientOptions,
    })
  const client = relink()
  await client.signOn()
  return { bank, clock, client, relink }
}
