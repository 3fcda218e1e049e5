// Of the last look before money leaves the balance: what will be there after it.
import type { ReactNode } from 'react'
import { addFen, type Fen, formatFen } from '../../fen.ts'

/** No row while the balance is not known. */
export function leftRow(
  name: string,
  available: Fen | undefined,
  spent: Fen,
): readonly (readonly [name: string, value: ReactNode])[] {
  if (available === undefined) return []
  const left = (
    <span key="left" className="num">
      {formatFen(addFen(available, `-${spent}`))}
    </span>
  )
  return [[name, left]]
}
