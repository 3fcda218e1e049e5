/** Whoever agrees to what another asked for is proven anew: the token of these routes proves nobody in particular. */
import { z } from 'zod'
import type { Result } from '../../kernel/index.ts'
import { tooManyGuesses } from '../http/index.ts'
import { line } from './fields.ts'
import { refused } from './problems.ts'

export const note = line(200).nullable().default(null)
export const reason = line(200).describe('Why, for whoever looks later')

export interface SecondPersonDesk {
  readonly proveSupervisor: (
    login: string,
    code: string,
  ) => Promise<
    Result<
      { readonly login: string; readonly name: string },
      'code_wrong' | { readonly lockedMs: number }
    >
  >
}

export const supervisor = z.strictObject({
  login: z.string().min(1).max(32).describe('Of the supervisor at the counter'),
  code: z.string().regex(/^\d{6}$/, 'must be six digits'),
})
export const approval = supervisor.extend({ note })

/** Who has proven to be there; throws when nobody has. */
export async function proven(
  { proveSupervisor }: SecondPersonDesk,
  { login, code }: z.infer<typeof supervisor>,
) {
  const second = await proveSupervisor(login, code)
  if (!second.ok)
    throw second.refusal === 'code_wrong'
      ? refused('second_person_wrong')
      : tooManyGuesses(second.refusal.lockedMs)
  return second.value
}

/** The decision of whoever has proven to be there. */
export async function agreed(
  desk: SecondPersonDesk,
  { note: said, ...second }: z.infer<typeof approval>,
) {
  const { login: by, name: alias } = await proven(desk, second)
  return { agrees: true, by, alias, note: said }
}

export const declined = (by: string, said: string | null) => ({
  ...{ agrees: false, by, alias: null, note: said },
})
