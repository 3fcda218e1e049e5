// An amount with its sign: large figures, small ¥ and decimals, on one baseline.
import { type Fen, splitFen } from '../fen.ts'

export function Money({ fen }: { fen: Fen }) {
  const { sign, yuan, cents } = splitFen(fen)
  return (
    <span className="money num">
      {sign}
      <i>¥</i>
      {yuan}
      <small>.{cents}</small>
    </span>
  )
}
