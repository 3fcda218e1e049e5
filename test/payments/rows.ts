/** All that payments left in a database, without what chance or the order of commits gave it. */
import type { Database } from '../../server/src/db/index.ts'

/** `$1` are numbers, `$2` scopes of keys. Order numbers differ where a batch was tried twice. */
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
  keys: `select to_jsonb(k) - 'created_at' as row from business_key k where scope = any($2)`,
  messages: `select to_jsonb(m) as row from inbound_message m where substr(key, 6, 14) = any($1)`,
  timers: `select to_jsonb(j) - 'subject' #- '{payload,chargeId}' as row from job j
    where topic in ('payment.refund', 'payment.undo', 'payment.drive', 'payment.deadline',
      'payment.delivery') and payload->>'msisdn' = any($1) or topic = 'payment.release'`,
  texts: `select payload #- '{notice,orderNo}' as row from job
    where topic = 'sms.send' and payload->>'to' = any($1)`,
  transfers: `select to_jsonb(t) - 'id' - 'pending_id' as row from transfer t
    where t.subject in (select id::text from payment where msisdn = any($1))`,
}

/** By table; the rows of each as sorted lines of JSON. */
export async function rowsOf(
  db: Database,
  of: { readonly numbers: readonly string[]; readonly scopes: readonly string[] },
): Promise<Record<string, string[]>> {
  const found: Record<string, string[]> = {}
  for (const [table, text] of Object.entries(statements)) {
    const rows = await db.query<{ row: string }>(
      `with given as (select $1::text[] as numbers, $2::text[] as scopes)
       select row::text as row from (${text}) t, given order by row::text`,
      [`{${of.numbers.join(',')}}`, `{${of.scopes.join(',')}}`],
    )
    found[table] = rows.map(({ row }) => row)
  }
  return found
}
