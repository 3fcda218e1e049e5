// A QR code as a camera sees it: dark on light in every theme.
import { useMemo } from 'react'
import { encode } from 'uqr'

/** What a scanner needs around it, in modules. */
const quiet = 4

type Properties = { className: string; text: string; label: string }

export function QrSquare({ className, text, label }: Properties) {
  const { path, size } = useMemo(() => squareOf(text), [text])
  return (
    <svg
      className={className}
      role="img"
      aria-label={label}
      viewBox={`0 0 ${size} ${size}`}
      shapeRendering="crispEdges"
    >
      <path d={path} />
    </svg>
  )
}

function squareOf(text: string) {
  const { data, size } = encode(text, { ecc: 'M', border: quiet })
  const path = data
    .flatMap((row, y) => row.map((isDark, x) => (isDark ? `M${x} ${y}h1v1h-1z` : '')))
    .join('')
  return { path, size }
}
