/**
 * `telepurse verify`: looks for anything that must never be, over all rows, and says each rule in a
 * line. It trusts neither the program nor the constraints. Exit code 1 when a rule is broken.
 */
import { invariants } from '../composition/invariants.ts'
import { say } from './output.ts'
import { configOrStop, withDatabase } from './place.ts'

export async function verify(): Promise<number> {
  return withDatabase(configOrStop(), async (db) => {
    let broken = 0
    for (const { name, description, check } of invariants) {
      const { offences, examples } = await check(db)
      if (offences === 0n) {
        say(`✓ ${name}: ${description}`)
        continue
      }
      broken += 1
      say(`✗ ${name}: ${offences} ${offences === 1n ? 'offence' : 'offences'}. ${description}`)
      for (const example of examples) say(`    ${example}`)
    }
    say(broken === 0 ? 'every rule holds' : `${broken} broken: stop paying out, and find out why`)
    return broken === 0 ? 0 : 1
  })
}
