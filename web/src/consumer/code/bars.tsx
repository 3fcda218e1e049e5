// A code as a camera sees it: dark on light in every theme.
import { useMemo } from 'react'
import { code128 } from './code-128.ts'

/** What a scanner needs around it, in modules. */
const quietBars = 10

export function Bars({ digits, label }: { digits: string; label: string }) {
  const { path, width } = useMemo(() => barsOf(digits), [digits])
  return (
    <svg
      className="code-bars"
      role="img"
      aria-label={label}
      viewBox={`0 0 ${width} 26`}
      preserveAspectRatio="none"
      shapeRendering="crispEdges"
    >
      <path d={path} />
    </svg>
  )
}

function barsOf(digits: string) {
  let at = quietBars
  let path = ''
  for (const [n, width] of code128(digits).entries()) {
    if (n % 2 === 0) path += `M${at} 0h${width}v26h-${width}z`
    at += width
  }
  return { path, width: at + quietBars }
}
