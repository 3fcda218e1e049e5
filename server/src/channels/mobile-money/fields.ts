/** Reads what a stored instruction was asked with; its body was checked when it came. */
import type { Amount } from '../../kernel/index.ts'
import { assert } from '../../kernel/index.ts'
import { amountOf } from './amount.ts'
import type { Party } from './identifiers.ts'
import type { Instruction } from './instruction.ts'

export const textOf = ({ body }: Pick<Instruction, 'body'>, name: string): string | undefined => {
  const value = body[name]
  return typeof value === 'string' ? value : undefined
}

export const partiesIn = ({ body }: Pick<Instruction, 'body'>, name: string): readonly Party[] =>
  Array.isArray(body[name]) ? (body[name] as readonly Party[]) : []

export function amountIn(instruction: Pick<Instruction, 'body'>, name = 'amount'): Amount {
  const amount = amountOf(textOf(instruction, name) ?? '')
  assert(amount !== undefined, 'an instruction was checked before it was stored')
  return amount
}

/** One line of at most `max` characters, as texts and statements bear it. */
export const lineOf = (text: string, max: number): string =>
  [...text.replace(/[\p{C}\p{Z}\s]+/gu, ' ').trim()].slice(0, max).join('')
