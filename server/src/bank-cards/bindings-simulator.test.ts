/** Bindings over the rail and TCP with the simulated bank, which texts codes and has rules of its own. */
import { Secret as Key } from '@telepurse/iso8583'
import { type Bank, type BankFault, createBank, type NewCard } from '@telepurse/simulators'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type BindingStage, bindingStage, panOf, people } from '../../test/bank/binding-stage.ts'
import { memoryKeys } from '../../test/bank/memory-keys.ts'
import { national, Secret, systemClock } from '../kernel/index.ts'
import {
  createStanSource,
  createWireBank,
  parseBankConfig,
  type WireBank,
} from '../rails/bank/index.ts'
import { type CardBindings, createCardBindings } from './bindings.ts'
import type { Proof } from './verification.ts'
import { bindingWords } from './words.ts'

let stage: BindingStage
let simulated: Bank
let wire: WireBank
let bindings: CardBindings
let serial = 0

beforeAll(async () => {
  stage = await bindingStage()
  simulated = createBank({
    ...{ code: 'first_bank', institution: '99030000', platform: '99010000' },
    bins: ['999001', '999002'],
    zoneMasterKey: new Key(Buffer.from('0123456789abcdeffedcba9876543210', 'hex')),
    ...{ now: systemClock.now, mac: 'x9.19', pinRule: 'bank', cardsPerNumberMax: 2 },
    cutOver: { at: '23:00', lastsMs: 0 },
  })
  const { host, port } = await simulated.listen({ port: 0 })
  const config = parseBankConfig(
    JSON.stringify({
      ...{ name: 'first_bank', acquirer: '99020000', forwarder: '99010000' },
      acceptor: { category: '6010', terminal: '88000001', id: '888800000000001', name: '营业厅' },
      connection: { host, port, answerMs: 700, reconnectMs: 10 },
      messages: {
        flavour: 'unionpay_host',
        header: { destination: '99030000', source: '99010000' },
      },
      mac: { algorithm: 'retail' },
      pin: { keptBy: 'bank' },
    }),
  )
  if (!config.ok) throw new Error(config.refusal.join('\n'))
  wire = createWireBank({
    ...{ config: config.value, keys: memoryKeys(config.value.mac), stans: createStanSource() },
    clock: systemClock,
    random: (octets) => new Uint8Array(octets).fill(1),
    handlers: { onLate() {}, async onCutOver() {}, async onTotals() {} },
    files: { open: async () => undefined },
  })
  wire.start()
  await wire.whenReady()
  bindings = createCardBindings({
    ...stage.tools,
    bankOf: () => ({ bank: wire, cardsPerNumberMax: 5 }),
  })
})
afterAll(async () => {
  expect(await stage?.complaints()).toEqual([])
  await wire?.close()
  await simulated?.close()
  await stage?.close()
})

const phone = () => {
  serial += 1
  return stage.number(`+86139${String(serial).padStart(8, '0')}`, 'zhang')
}

/** A card of the bank's, as its holder has it. */
function issued(
  msisdn: string,
  change: Partial<NewCard> & { readonly heldBy?: 'zhang' | 'li' } = {},
) {
  serial += 1
  const { heldBy = 'zhang', ...rest } = change
  const credit = rest.kind === 'credit'
  const pan = credit ? panOf('999002', serial, 16) : panOf('999001', serial)
  const { name, number } = people[heldBy]
  simulated.issue({
    ...{ pan, kind: 'debit', expiry: '3012', pin: '246810', cvn2: '737', balance: 100_00n },
    holder: { name, idKind: '01', idNumber: number, mobile: national(msisdn) },
    ...(credit && { creditLimit: 5_000_00n, billDay: 5, dueDay: 25 }),
    ...rest,
  })
  return pan
}

async function draft(msisdn: string, pan: string, expiry = '3012') {
  const begun = await bindings.begin(stage.given(msisdn, pan, { expiry: new Secret(expiry) }))
  if (!begun.ok) throw new Error(begun.refusal)
  return begun.value.id
}

/** What the customer hears: the state, or a code. */
async function said(id: string, proof: Proof = {}): Promise<string> {
  const answer = await bindings.verify(id, proof)
  return answer.outcome === 'refused' ? bindingWords[answer.refusal].code : answer.outcome
}

const codeFor = (pan: string) => new Secret(simulated.otp(pan)?.code ?? '')
const pin = new Secret('246810')

test('with the code that the bank texts a card is bound, and the bank has the agreement too', async () => {
  const msisdn = await phone()
  const pan = issued(msisdn)
  const id = await draft(msisdn, pan)
  expect(await said(id)).toBe('code_sent')
  const wrong = new Secret(codeFor(pan).reveal() === '000000' ? '111111' : '000000')
  expect(await said(id, { code: wrong })).toBe('BK-E17')
  expect(await said(id, { code: codeFor(pan) })).toBe('active')
  const { agreementNo } = await stage.find(id)
  expect(simulated.card(pan)?.agreement).toEqual({
    ...{ mobile: national(msisdn), agreement: agreementNo },
  })
})

test("with the PIN of the counter's pad no code is needed; a wrong one is told, and the third blocks", async () => {
  const msisdn = await phone()
  const pan = issued(msisdn)
  const id = await draft(msisdn, pan)
  const wrong = new Secret('111111')
  expect(await said(id, { pin: wrong })).toBe('BK-E23')
  expect(await said(id, { pin })).toBe('active')
  const other = await draft(msisdn, issued(msisdn))
  const heard = [await said(other, { pin: wrong }), await said(other, { pin: wrong })]
  expect([...heard, await said(other, { pin: wrong })]).toEqual(['BK-E23', 'BK-E23', 'BK-E12'])
})

test.each<[string, Parameters<typeof issued>[1], string]>([
  ["somebody else's card", { heldBy: 'li' }, 'BK-E02'],
  ['another number reserved', { holder: mobileOf('13700000009') }, 'BK-E03'],
  ['cardless payment not open', { cardless: false }, 'BK-E04'],
  ['an inactive card', { status: 'inactive' }, 'BK-E06'],
  ['a stolen card', { status: 'stolen' }, 'BK-E09'],
  ['another expiry', { expiry: '2912' }, 'BK-E10'],
  ['a restricted card', { status: 'restricted' }, 'BK-E11'],
  ['a closed card', { status: 'closed' }, 'BK-E05'],
])('%s is not bound', async (_, change, code) => {
  const msisdn = await phone()
  const id = await draft(msisdn, issued(msisdn, change))
  expect(await said(id, { pin })).toBe(code)
  expect(await stage.find(id)).toMatchObject({ state: 'draft' })
})

function mobileOf(mobile: string) {
  return { name: people.zhang.name, idKind: '01', idNumber: people.zhang.number, mobile }
}

test('the number that is reserved at the bank may be another than the one that is bound', async () => {
  const msisdn = await phone()
  const pan = issued(msisdn, { holder: mobileOf('13700000009') })
  const mobile = '+8613700000009'
  const begun = await bindings.begin(stage.given(msisdn, pan, { mobile }))
  expect(begun.ok && (await said(begun.value.id, { pin }))).toBe('active')
})

test('a card the bank does not know, and one too many for it', async () => {
  const msisdn = await phone()
  expect(await said(await draft(msisdn, panOf('999001', 800_000)))).toBe('BK-E05')
  for (const code of ['active', 'active', 'BK-E07'])
    expect(await said(await draft(msisdn, issued(msisdn)), { pin })).toBe(code)
})

test('a credit card needs its security code, with the first message and with the code', async () => {
  const msisdn = await phone()
  const pan = issued(msisdn, { kind: 'credit' })
  const id = await draft(msisdn, pan)
  const securityCode = new Secret('737')
  expect(await said(id, { securityCode: new Secret('111') })).toBe('BK-E01')
  expect(await said(id, { securityCode })).toBe('code_sent')
  expect(await said(id, { securityCode, code: codeFor(pan) })).toBe('active')
})

test.each<BankFault['kind']>(['lost_answer', 'wrong_mac', 'approves_and_drops_link'])(
  '%s: the binding stays open, and asked again it is bound',
  async (kind) => {
    const msisdn = await phone()
    const id = await draft(msisdn, issued(msisdn))
    await simulated.addFault({ kind, count: 1, on: 'verification' })
    expect(await said(id, { pin })).toBe('unknown')
    expect(await stage.find(id)).toMatchObject({ state: 'verifying', busyUntil: null })
    await wire.whenReady()
    expect(await said(id, { pin })).toBe('active')
  },
)

test('the bank replaces a card: the next payment says so, and the new card takes its place', async () => {
  const msisdn = await phone()
  const pan = issued(msisdn)
  const id = await draft(msisdn, pan)
  expect(await said(id, { pin })).toBe('active')
  const replacement = { pan: panOf('999001', 900_000), expiry: '3112', cvn2: '111' }
  simulated.replaceCard(pan, replacement)
  const { cardToken } = await stage.find(id)
  const paid = await wire.purchase({
    ...{ exchange: wire.begin(), card: { pan: new Secret(pan) }, amount: 1_00n, pin },
  })
  if (paid.outcome !== 'refused' || !paid.refusal.binding) throw new Error(JSON.stringify(paid))
  const { binding: effect, code: bankCode } = paid.refusal
  stage.clock.advance(1)
  const at = stage.clock.now()
  await stage.db.transact((tx) => bindings.apply(tx, { cardToken, effect, at, bankCode }))
  const card = await stage.find(id)
  expect(card).toMatchObject({ state: 'needs_rebinding', reason: 'card_changed' })
  expect(bindings.limitFor(card, at)).toEqual({ ok: false, refusal: 'needs_rebinding' })
  const { msisdn: _, ...given } = stage.given(msisdn, replacement.pan, {
    expiry: new Secret('3112'),
  })
  expect(await bindings.rebind({ ...given, id })).toMatchObject({ ok: true })
  expect(await said(id, { pin })).toBe('active')
  expect(await stage.find(id)).toMatchObject({ last4: replacement.pan.slice(-4), reason: null })
})
