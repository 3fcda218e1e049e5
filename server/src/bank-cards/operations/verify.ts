/** What must hold of operations, whatever the program did. */
import type { Reader } from '../../db/index.ts'
import type { Invariant } from '../../ledger/index.ts'

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

export const operationInvariants: readonly Invariant[] = [
  rule(
    'bank_purchases_are_single',
    'Of a debit at most one purchase stands or may stand, unless it is being reversed; of a push one message.',
    `select format('operation %s has %s messages that may have been done', o.id, count(*)) as example
     from bank_operation o
     join bank_exchange e on e.bucket = o.bucket and e.operation_id = o.id
     where e.kind <> 'reversal' and e.state not in ('refused', 'unsent') and o.state <> 'reversing'
       and not exists (select from bank_exchange r where r.bucket = e.bucket
         and r.operation_id = e.operation_id and r.reverses = e.no and r.state = 'approved')
     group by o.bucket, o.id having count(*) > 1 order by 1`,
  ),
  rule(
    'bank_operations_say_why',
    'What is done was approved; what is refused has its refusal; what was credited is never reversed.',
    `select format('operation %s is done and nothing of it was approved', o.id) as example
     from bank_operation o where state = 'done' and not exists (
       select from bank_exchange e where e.bucket = o.bucket and e.operation_id = o.id
         and e.kind <> 'reversal' and e.state = 'approved')
     union all
     select format('operation %s is refused without a refusal', id) from bank_operation
     where state = 'refused' and refusal is null
     union all
     select format('operation %s is a %s with a reversal', o.id, o.kind) from bank_operation o
     join bank_exchange e on e.bucket = o.bucket and e.operation_id = o.id
     where o.kind <> 'debit' and e.kind = 'reversal'
     order by 1`,
  ),
  rule(
    'bank_operations_go_on',
    'What is under way, to be sent once more or to be reversed has a job.',
    `select format('operation %s is %s and has no job', o.id, o.state) as example
     from bank_operation o
     where (o.state = 'reversing' or (o.state = 'begun' and (o.refusal is not null or exists (
         select from bank_exchange e where e.bucket = o.bucket and e.operation_id = o.id
           and e.state = 'begun'))))
       and not exists (select from job j where j.bucket = o.bucket and j.topic = 'bank.operation'
         and j.subject = o.id::text)
     order by 1`,
  ),
  rule(
    'bank_refunds_add_up',
    'A debit counts the refunds that are done or may be.',
    `select format('debit %s counts %s of %s', d.id, d.refunded, coalesce(r.sum, 0)) as example
     from bank_operation d
     left join (
       select o.debit_id, sum(o.amount) as sum from bank_operation o
       where o.kind = 'refund' and o.state <> 'refused' and exists (
         select from bank_exchange e where e.bucket = o.bucket and e.operation_id = o.id
           and e.state <> 'unsent' and (e.state <> 'refused' or o.refusal is not null))
       group by o.debit_id
     ) r on r.debit_id = d.id
     where d.kind = 'debit' and d.refunded <> coalesce(r.sum, 0)
     order by 1`,
  ),
  rule(
    'bank_pins_are_gone',
    'A PIN is kept, sealed, only while it may still have to be sent.',
    `select format('operation %s is %s and has a PIN', id, state) as example from bank_operation
     where sealed_pin is not null and state not in ('begun', 'reversing') order by 1`,
  ),
]
