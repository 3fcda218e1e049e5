// Copies a number somebody will have to quote. Where the browser forbids it, the button is not there.
import { Check, Copy } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Icon } from '../ui/icon.tsx'

export function CopyButton({ text, label }: { text: string; label: string }) {
  const { t } = useTranslation('common')
  const [copied, setCopied] = useState(false)
  if (!('clipboard' in navigator)) return null
  const copy = () => {
    navigator.clipboard.writeText(text).then(
      () => setCopied(true),
      () => setCopied(false),
    )
  }
  return (
    <button
      type="button"
      className="icon-button"
      aria-label={copied ? t('copied') : label}
      onClick={copy}
    >
      <Icon of={copied ? Check : Copy} size={14} />
    </button>
  )
}
