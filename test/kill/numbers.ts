/** The customers of the kill loop and the ids of its transfers: known beforehand, so that both can be checked. */
import { bucketCount } from '../../server/src/kernel/index.ts'

/** Each buyer has numbers of its own and uses them in turn, so that no limit stands in the way. */
export const buyerCount = 64
const numbersEach = 300
export const lineCount = buyerCount * numbersEach

export const numberOf = (n: number): string => `+86138${String(n).padStart(8, '0')}`

/** The number a buyer buys with the n-th time. */
export const numberInHand = (buyer: number, n: number): string =>
  numberOf(buyer * numbersEach + (n % numbersEach))

/** How many transfers a writer asks for at once. */
export const transfersEach = 500

export const bucketOfWriter = (writer: number): number => (writer * 17) % bucketCount

/** The n-th transfer of a writer. Its last byte names its bucket, as in every id. */
export function transferIdOf(writer: number, n: number): string {
  const bucket = bucketOfWriter(writer).toString(16).padStart(2, '0')
  return `01990000-0000-7000-8000-${n.toString(16).padStart(10, '0')}${bucket}`
}
