/** Each rule finds what breaks it: rows are changed by hand, behind the back of the program. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { foundAfter } from '../../../test/books.ts'
import { codeDevice } from '../../../test/payment-code.ts'
import { createStage, type Stage } from '../../../test/transfers/stage.ts'
import { Secret } from '../kernel/index.ts'
import { transferInvariants } from './verify.ts'

let stage: Stage
beforeAll(async () => {
  stage = await createStage()
  const { transfers } = stage
  const [a, b, c] = await Promise.all(
    ['1', '2', '3'].map((n) => stage.customer(`+861310000000${n}`, 500_00n)),
  )
  if (!a || !b || !c) throw new Error('there are three')
  const none = await stage.stranger('+8613100000009')
  const base = { msisdn: a.msisdn, to: b.msisdn, channel: 'api', arrival: 'now' } as const
  const key = () => stage.key()
  await transfers.send({ ...base, amount: 1_00n, key: key() })
  await stage.wallet.cashIn({
    ...{ msisdn: a.msisdn, amount: 2_000_00n, till: 't1', channel: 'counter', key: key() },
  })
  const named = { nameCharacter: new Secret('张') }
  await transfers.send({ ...base, ...named, amount: 1_500_00n, key: key() })
  await transfers.send({ ...base, amount: 2_00n, key: key(), arrival: '2h' })
  const delayed = await transfers.send({ ...base, amount: 3_00n, key: key(), arrival: '24h' })
  if (delayed.ok)
    await transfers.cancel({ msisdn: a.msisdn, transferId: delayed.value.transfer.id })
  await transfers.send({ ...base, to: none, amount: 4_00n, key: key() })
  const asked = await transfers.ask({ ...b, from: a.msisdn, amount: 5_00n, key: key() })
  if (asked.ok)
    await transfers.payRequest({ ...base, requestId: asked.value.request.id, key: key() })
  const phone = await codeDevice(stage, a.msisdn)
  const reader = { till: 'number/b', client: 'address/b' }
  for (const [n, amount] of [10_00n, 300_00n].entries()) {
    const read = { msisdn: b.msisdn, digits: await phone.code(n), amount, key: key(), reader }
    const collected = await transfers.collect(read)
    if (collected.ok && collected.value.request.state === 'open')
      await transfers.payRequest({ ...base, requestId: collected.value.request.id, key: key() })
  }
  const order = { msisdn: a.msisdn, to: b.msisdn, every: 'month', cap: 9_00n } as const
  const given = await transfers.give({ ...order, startsOn: '2026-09-12', key: key() })
  if (given.ok)
    await transfers.draw({ ...b, mandateId: given.value.mandate.id, amount: 6_00n, key: key() })
  const begun = await transfers.beginSplit({
    ...{ msisdn: a.msisdn, title: 'x', people: [b.msisdn, c.msisdn], key: key() },
    how: { mode: 'each', amount: 7_00n },
  })
  if (begun.ok)
    await transfers.payShare({ ...b, splitId: begun.value.split.id, key: key(), channel: 'web' })
  const packet = { msisdn: a.msisdn, kind: 'lucky', amount: 8_00n, count: 3 } as const
  const sent = await transfers.sendPacket({ ...packet, key: key() })
  if (sent.ok) await transfers.openPacket({ ...b, packetId: sent.value.packet.id })
})
afterAll(() => stage.close())

const found = (change: string) => foundAfter(stage.db, transferInvariants, change)

test('nothing is found in what transfers themselves wrote', async () => {
  expect(await found('select 1')).toEqual([])
})

const move = 'update wallet_transfer set'
test.each([
  ['transfers_history_has_no_gap', `update wallet_transfer_event set seq = 9 where type = 'sent'`],
  ['transfers_history_has_no_gap', `delete from wallet_transfer_event where type = 'cancelled'`],
  [
    'transfers_states_follow_the_table',
    `update wallet_transfer_event set state = 'claimed' where state = 'cancelled'`,
  ],
  ['transfers_are_in_the_ledger', `${move} amount = amount + 1 where arrival = 'now'`],
  ['transfers_are_in_the_ledger', `delete from transfer where reason = 'transfer_back'`],
  [
    'transfers_are_in_the_ledger',
    `delete from transfer where reason = 'transfer' and debit_account like 'between%'`,
  ],
  ['transfers_are_in_the_ledger', `update wallet_packet set amount = amount + 1`],
  [
    'transfers_are_in_the_ledger',
    `update wallet_packet_part set amount = amount + 1 where wallet_id is not null`,
  ],
  ['transfers_have_their_date', `${move} business_date = '2020-01-01' where arrival = '2h'`],
  ['transfers_set_aside_what_is_open', `${move} amount = 1 where state = 'delayed'`],
  ['transfers_set_aside_what_is_open', `${move} amount = 1 where state = 'waiting_claim'`],
  [
    'transfers_set_aside_what_is_open',
    `update wallet_packet_part set amount = amount + 1 where place = 2`,
  ],
  [
    'transfers_set_aside_what_is_open',
    `update account set credits_posted = credits_posted + 1 where name = 'red-packets'`,
  ],
  [
    'transfers_are_between_wallets_of_their_numbers',
    `${move} payee = '+8613100000003' where arrival = '2h'`,
  ],
  [
    'transfers_tie_their_wallets',
    `update wallet_account set state = 'closed', closed_at = 1 where msisdn like '%1'`,
  ],
  ['transfers_timers_are_set', `delete from job where topic = 'transfer.packet_due'`],
  [
    'transfers_timers_are_set',
    `insert into job (bucket, topic, subject, due_at, first_due_at, payload)
      select bucket, 'transfer.due', id, 1, 1, '{}' from wallet_transfer where state = 'cancelled'`,
  ],
  ['splits_add_up', 'update wallet_split set own = own + 1'],
  ['splits_add_up', `update wallet_split set state = 'expired', ended_at = 1, due_at = null`],
  ['packets_add_up', `delete from wallet_packet_part where place = 2`],
  ['packets_add_up', `update wallet_packet set state = 'emptied', ended_at = 1`],
  ['transfers_pay_what_they_say', `${move} amount = amount + 1 where origin = 'split'`],
  ['transfers_pay_what_they_say', `update wallet_request set amount = amount + 1`],
  [
    'transfers_pay_what_they_say',
    `update wallet_split_share set state = 'unpaid', transfer_id = null`,
  ],
  [
    'transfers_are_in_the_ledger',
    `${move} code_proof = null, origin = 'send', origin_id = null where origin = 'code'`,
  ],
  ['transfers_pay_what_they_say', 'delete from wallet_request where code_alias is not null'],
  ['codes_are_agreed_to', `${move} code_proof = 'one_factor' where code_proof = 'two_factors'`],
  ['codes_are_agreed_to', `${move} code_proof = 'two_factors' where code_proof = 'one_factor'`],
  ['codes_are_agreed_to', 'update wallet_request set ended_at = due_at where version > 1'],
  ['contacts_are_counted', 'update wallet_contact set wrong = 1'],
  ['contacts_are_counted', 'update wallet_contact set known_at = null, blocked_until = 9'],
  ['mandates_are_kept', 'update wallet_mandate set used = used + 1'],
  ['mandates_are_kept', `${move} amount = 1000 where origin = 'mandate'`],
])('%s finds: %s', async (name, change) => {
  expect(await found(change)).toContain(name)
})
