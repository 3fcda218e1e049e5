/** All that payments left in a database, without what chance or the order of commits gave it. */
import type { Database } from '../../server/src/db/index.ts'

/** Order numbers differ where a batch was tried twice; ids made on the way differ always. */
const statements: Readonly<Record<string, string>> = {
  payments: `select to_jsonb(p) - 'order_no' - 'charge_id' as row from payment p
    where msisdn = any($1)`,
  refunds: `select to_jsonb(r) - 'id' as row from refund r where msisdn = any($1)`,
  events: `select to_jsonb(e) #- '{data,refundId}' as row
    from payment_event e join payment p on p.bucket = e.bucket and p.id = e.payment_id
    where msisdn = any($1)`,
  counters: `select to_jsonb(c) as row from limit_counter c
    where used > 0 and (subject like 'merchant:%' or substr(subject, 8) = any($1))`,
  numbers: `select jsonb_build_object('number', msisdn, 'yes', last_yes_at) as row
    from subscriber where msisdn = any($1)`,
  slots: `select to_jsonb(s) as row from confirmation_slot s where msisdn = any($1)`,
  keys: `select to_jsonb(k) - 'created_at' as row from business_key k`,
  messages: `select to_jsonb(m) as row from inbound_message m`,
  timers: `select to_jsonb(j) - 'subject' #- '{payload,chargeId}' as row from job j
    where topic in ('payment.refund', 'payment.release', 'payment.undo', 'payment.drive',
      'payment.deadline', 'payment.delivery')`,
  texts: `select payload #- '{notice,orderNo}' as row from job
    where topic = 'sms.send' and payload->>'to' = any($1)`,
  transfers: `select to_jsonb(t) - 'id' - 'pending_id' as row from transfer t
    where exists (select from payment p where p.id::text = t.subject and p.msisdn = any($1))`,
}

/** By table; the rows of each as sorted lines of JSON. Refund ids are told apart by their amounts. */
export async function rowsOf(
  db: Database,
  numbers: readonly string[],
): Promise<Record<string, string[]>> {
  const found: Record<string, string[]> = {}
  for (const [table, text] of Object.entries(statements)) {
    const values = text.includes('$1') ? [`{${numbers.join(',')}}`] : []
    const rows = await db.query<{ row: unknown }>(
      `select row::text as row from (${text}) t order by row::text`,
      values,
    )
    found[table] = rows.map(({ row }) => String(row))
  }
  return found
}
