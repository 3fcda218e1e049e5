/** What must hold of instructions, whatever the program did. */
import type { Reader } from '../../db/index.ts'
import type { Invariant } from '../../ledger/index.ts'
import { topic } from './instructions.ts'

const examplesMax = 5

const rule = (name: string, description: string, offences: string): Invariant => ({
  name,
  description,
  async check(reader: Reader) {
    const rows = await reader.query<{ example: string }>(offences)
    return {
      offences: BigInt(rows.length),
      examples: rows.slice(0, examplesMax).map(({ example }) => example),
    }
  },
})

/** The last byte of an id names its bucket. */
const home = `(('x' || right(i.subject::text, 2))::bit(8)::int % 64)::int2`

export const mobileMoneyInvariants: readonly Invariant[] = [
  rule(
    'mobile_money_timers_are_set',
    'Every instruction that is not decided has a timer.',
    `select format('%s is %s and has no timer', i.id, i.state) as example
     from mobile_money_instruction i where i.state in ('open', 'waiting') and not exists (
       select from job j where j.bucket = i.bucket and j.topic = '${topic}' and j.subject = i.id::text)
     order by 1`,
  ),
  rule(
    'mobile_money_answers_are_true',
    'What a client was told is completed has moved its money.',
    `select format('%s is completed, and its %s is not', i.id, i.kind) as example
     from mobile_money_instruction i
     where i.state = 'completed' and not i.test and (
       i.kind = 'merchantpay' and not exists (
         select from payment p where p.bucket = ${home} and p.id = i.subject
           and p.charged_at is not null)
       or i.kind = 'transfer' and not exists (
         select from wallet_transfer t where t.bucket = ${home} and t.id = i.subject
           and t.state in ('done', 'claimed'))
         and not exists (
         select from wallet_request r where r.bucket = ${home} and r.id = i.subject
           and r.state = 'paid')
       or i.kind = 'reversal' and not exists (
         select from refund r where r.bucket = ${home} and r.id = i.subject
           and r.state = 'succeeded')
       or i.kind = 'billpay' and not exists (
         select from biller_bill b where b.bucket = ${home} and b.id = i.subject
           and b.state = 'written_off' and b.key = 'mobile-money:' || i.id))
     order by 1`,
  ),
  rule(
    'mobile_money_codes_pay_once',
    'A code that was used has paid for the one instruction that used it.',
    `select format('code of %s was used by %s, which %s', c.id, c.used_by,
       coalesce('is ' || i.state, 'is not there')) as example
     from mobile_money_instruction c left join mobile_money_instruction i
       on i.bucket = (('x' || right(c.used_by::text, 2))::bit(8)::int % 64)::int2 and i.id = c.used_by
     where c.used_by is not null and (i.state is null or i.state = 'failed' or i.kind <> 'merchantpay')
     order by 1`,
  ),
]
