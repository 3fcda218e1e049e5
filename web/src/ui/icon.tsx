// Lucide icons at the stroke of the design, always beside a word or inside a labelled button.
import type { LucideIcon } from 'lucide-react'

export function Icon({ of: Shape, size = 16 }: { of: LucideIcon; size?: number }) {
  return <Shape className="icon" size={size} strokeWidth={1.75} aria-hidden="true" />
}
