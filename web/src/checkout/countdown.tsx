// The ring. It is drawn, not announced: a clock that speaks every second would drown the result.
import { countdownOf, remainingShare } from '../time.ts'

const round = 2 * Math.PI * 33

export function Countdown({ leftMs, wholeMs }: { leftMs: number; wholeMs: number }) {
  const gone = round * (1 - remainingShare(leftMs, wholeMs))
  return (
    <svg className="ring" viewBox="0 0 76 76" aria-hidden="true">
      <circle cx="38" cy="38" r="33" fill="none" stroke="var(--line)" strokeWidth="5" />
      <circle
        cx="38"
        cy="38"
        r="33"
        fill="none"
        stroke="var(--c2)"
        strokeWidth="5"
        strokeLinecap="round"
        strokeDasharray={round}
        strokeDashoffset={gone}
        transform="rotate(-90 38 38)"
      />
      <text x="38" y="44" textAnchor="middle">
        {countdownOf(leftMs)}
      </text>
    </svg>
  )
}
