// How a bill is divided, as the server does it: equal shares differ by one fen at most, and what is left over by
// whole fen goes to the first. The sum is always the bill.
import { addFen, type Fen, negateFen } from '../../fen.ts'

/** `10000` among three: `3334`, `3333`, `3333`. */
export function equally(total: Fen, count: number): Fen[] {
  const [whole, people] = [BigInt(total), BigInt(count)]
  const rest = Number(whole % people)
  return Array.from({ length: count }, (_, place) =>
    (whole / people + (place < rest ? 1n : 0n)).toString(),
  )
}

export const sumOf = (amounts: readonly Fen[]): Fen => amounts.reduce(addFen, '0')

/** What is left of the bill for the one who divides it; negative where the others would pay too much. */
export const remainder = (total: Fen, others: readonly Fen[]): Fen =>
  addFen(total, negateFen(sumOf(others)))
