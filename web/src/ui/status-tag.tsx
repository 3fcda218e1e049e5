// A status as icon, word and colour.
import {
  CircleCheck,
  CircleMinus,
  CircleQuestionMark,
  CircleX,
  Clock,
  Lock,
  type LucideIcon,
  RefreshCw,
  Undo2,
} from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { pick } from '../names.ts'
import type { Status, Tone } from '../status.ts'
import { Icon } from './icon.tsx'

export const toneIcon: Record<Tone, LucideIcon> = {
  done: CircleCheck,
  wait: Clock,
  held: Lock,
  work: RefreshCw,
  unknown: CircleQuestionMark,
  back: Undo2,
  bad: CircleX,
  off: CircleMinus,
}

export function StatusTag({ status: [tone, zh, en] }: { status: Status }) {
  const { i18n } = useTranslation()
  return (
    <span className={`status status-${tone}`}>
      <Icon of={toneIcon[tone]} size={14} />
      <span>{pick({ zh, en }, i18n.language)}</span>
    </span>
  )
}
