/**
 * `telepurse doctor`: settings, machine, database and links, a line each with what to do. It changes
 * nothing but a file of its own in the data directory, and sends nothing to anybody.
 */
import { type Config, missingForServe, processEnvironment, readConfig } from '../config/index.ts'
import { checkDatabase } from './doctor/database.ts'
import { bad, type Finding, good, lineOf, warning } from './doctor/finding.ts'
import { checkKeys } from './doctor/keys.ts'
import { checkLinks } from './doctor/links.ts'
import { checkDirectory, checkNode } from './doctor/machine.ts'
import { say } from './output.ts'

export async function doctor(): Promise<number> {
  const count = { good: 0, warning: 0, bad: 0 }
  const tell = (findings: readonly Finding[]) => {
    for (const { state } of findings) count[state] += 1
    for (const finding of findings) say(lineOf(finding))
  }
  tell([checkNode()])
  const read = readConfig(processEnvironment())
  if (!read.ok) {
    tell(read.refusal.map((problem) => bad('settings', problem, 'see telepurse config')))
    return 1
  }
  tell(checkSettingsOf(read.value))
  tell(checkDirectory(read.value.dataDir))
  tell(checkKeys(read.value))
  tell(await checkDatabase(read.value))
  tell(await checkLinks(read.value))
  say(`${count.good} good, ${count.warning} to look at, ${count.bad} wrong`)
  return count.bad === 0 ? 0 : 1
}

function checkSettingsOf(config: Config): Finding[] {
  const missing = missingForServe(config)
  if (missing.length === 0) return [good('settings', 'all that serve needs')]
  return missing.map((problem) => warning('settings', problem, 'serve needs it, the demo does not'))
}
