/** `telepurse config`: every setting, its value and where that comes from. */
import { processEnvironment, readConfig, settingsMarkdown, settingsText } from '../config/index.ts'
import { complain, say } from './output.ts'

export function config({ markdown }: { readonly markdown?: boolean }): number {
  if (markdown) {
    say(settingsMarkdown().trimEnd())
    return 0
  }
  say(settingsText(processEnvironment()).trimEnd())
  const read = readConfig(processEnvironment())
  if (read.ok) return 0
  say('')
  read.refusal.forEach(complain)
  return 1
}
