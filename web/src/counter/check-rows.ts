// The rows of the clerk's list: what is known, what is asked, what stands in the way.
import { pick } from '../names.ts'
import type { CardCheck } from './use-card-check.ts'
import type { CheckName } from './views.ts'

type Look = 'todo' | 'work' | 'ok' | 'bad'
type Row = { name: CheckName | 'bank' | 'agreement'; look: Look; code?: string; text?: string }

const ours: CheckName[] = ['owner', 'card', 'free', 'room', 'open']

export function rowsOf(check: CardCheck, agreed: boolean | null, language: string): Row[] {
  const rows = ours.map((name): Row => {
    const found = check.view?.checks.find((one) => one.check === name)
    if (!found) return { name, look: check.busy ? 'work' : 'todo' }
    if (found.ok || !found.refusal) return { name, look: 'ok' }
    const { code, words } = found.refusal
    return { name, look: 'bad', code, text: pick(words, language) }
  })
  const bank: Row = { name: 'bank', look: 'todo' }
  if (agreed === null) return [...rows, bank]
  return [...rows, { name: 'agreement', look: agreed ? 'ok' : 'todo' }, bank]
}
