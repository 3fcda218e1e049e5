/** Whoever agrees to what another asked for is proven anew, by a code of his own and not by the screen before him. */
import { z } from 'zod'
import type { Staff } from '../../staff/index.ts'
import { tooManyGuesses } from '../http/index.ts'
import { line } from './fields.ts'
import { refused } from './problems.ts'

export const note = line(200).nullable().default(null)
export const reason = line(200).describe('Why, for whoever looks later')

export interface SecondPersonDesk {
  readonly staff: { readonly signIn: Pick<Staff['signIn'], 'proveSupervisor'> }
}

export const supervisor = z.strictObject({
  login: z.string().min(1).max(32).describe('Of a supervisor'),
  code: z.string().regex(/^\d{6}$/, 'must be six digits'),
})
export const approval = supervisor.extend({ note })

/** Who has proven to be there; throws when nobody has. */
export async function proven(
  { staff }: SecondPersonDesk,
  { login, code }: z.infer<typeof supervisor>,
) {
  const second = await staff.signIn.proveSupervisor(login, code)
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
