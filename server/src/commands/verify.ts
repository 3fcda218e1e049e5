/**
 * `telepurse verify`: looks for anything that must never be, over all rows, and says each rule in a
 * line. It trusts neither the program nor the constraints. Exit code 1 when a rule is broken.
 */
import { invariants } from '../composition/invariants.ts'
import { checkLedger, type Finding, ledgerInvariants } from '../ledger/index.ts'
import { say } from './output.ts'
import { configOrStop, withDatabase } from './place.ts'

export async function verify(): Promise<number> {
  return withDatabase(configOrStop(), async (db) => {
    let broken = 0
    const tell = ({ invariant: { name, description }, offences, examples }: Finding) => {
      if (offences === 0n) return say(`✓ ${name}: ${description}`)
      broken += 1
      say(`✗ ${name}: ${offences} ${offences === 1n ? 'offence' : 'offences'}. ${description}`)
      for (const example of examples) say(`    ${example}`)
    }
    for (const finding of await checkLedger(db)) tell(finding)
    for (const invariant of invariants.filter((one) => !ledgerInvariants.includes(one)))
      tell({ invariant, ...(await invariant.check(db)) })
    say(broken === 0 ? 'every rule holds' : `${broken} broken: stop paying out, and find out why`)
    return broken === 0 ? 0 : 1
  })
}
