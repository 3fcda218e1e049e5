/**
 * CAMARA writes amounts as JSON numbers in major units, multiples of 0.001. They never meet floating
 * arithmetic here: the shortest decimal that names a number is what the sender wrote (ECMA-262
 * §6.1.6.1.20), and that text is read exactly.
 */
import { type Amount, format, parse, type Result } from '../../kernel/index.ts'

/** `19.99` → `1999n`. Refuses what is no whole number of fen: CNY has two decimals. */
export const fenOf = (number: number): Result<Amount, 'not_an_amount'> => parse(String(number))

/** `1999n` → `19.99`, for an answer. The text has at most 15 digits, so the number is exact. */
export const numberOf = (fen: Amount): number => Number(format(fen))
