/**
 * `telepurse verify`: looks for anything that must never be, over all rows, and says each rule in a
 * line. It trusts neither the program nor the constraints. Exit code 1 when a rule is broken.
 */
import { auditInvariants } from '../audit/index.ts'
import { invariants } from '../composition/invariants.ts'
import { type Config, foundSecret } from '../config/index.ts'
import { createFieldCipher, createIds } from '../kernel/index.ts'
import { checkLedger, type Finding, ledgerInvariants } from '../ledger/index.ts'
import { parseHead } from './audit-head.ts'
import { CannotGoOn, say } from './output.ts'
import { configOrStop, withDatabase } from './place.ts'

export interface VerifyOptions {
  readonly auditHead?: string
}

export async function verify({ auditHead }: VerifyOptions): Promise<number> {
  const config = configOrStop()
  const cipher = cipherOf(config)
  if (!cipher) say('– audit_head_is_sealed: not looked at, for FIELD_KEY is not set')
  const others = [
    ...invariants.filter((one) => !ledgerInvariants.includes(one)),
    ...auditInvariants({ cipher, kept: headOf(auditHead) }),
  ]
  return withDatabase(config, async (db) => {
    let broken = 0
    const tell = ({ invariant: { name, description }, offences, examples }: Finding) => {
      if (offences === 0n) return say(`✓ ${name}: ${description}`)
      broken += 1
      say(`✗ ${name}: ${offences} ${offences === 1n ? 'offence' : 'offences'}. ${description}`)
      for (const example of examples) say(`    ${example}`)
    }
    for (const finding of await checkLedger(db)) tell(finding)
    for (const invariant of others) tell({ invariant, ...(await invariant.check(db)) })
    say(broken === 0 ? 'every rule holds' : `${broken} broken: stop paying out, and find out why`)
    return broken === 0 ? 0 : 1
  })
}

/** The demo keeps its key in the data directory. */
function cipherOf({ fieldKey, dataDir }: Config) {
  const key = fieldKey ?? foundSecret(dataDir, 'field-key')
  return key && createFieldCipher(key, createIds())
}

function headOf(text: string | undefined) {
  if (text === undefined) return null
  const head = parseHead(text)
  if (!head.ok)
    throw new CannotGoOn('--audit-head takes what telepurse audit-head printed: 12:3f5c…')
  return head.value
}
