// The line one types into. Enter sends; what could not be sent stays.
import { ArrowUp } from 'lucide-react'
import type { FormEvent } from 'react'
import { useTranslation } from 'react-i18next'
import { Icon } from '../../ui/icon.tsx'
import { replaceText } from './multi-tap.ts'
import type { Handset } from './use-handset.ts'

export function SmartInput({ handset, to }: { handset: Handset; to: string }) {
  const { t } = useTranslation('demo')
  const { typing, sending } = handset
  const ready = typing.text.trim() !== '' && to.trim() !== '' && !sending
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (ready) void handset.send({ to, text: typing.text })
  }
  return (
    <form className="smart-input" onSubmit={submit}>
      <input
        aria-label={t('handset.text')}
        placeholder={t('handset.text')}
        autoComplete="off"
        enterKeyHint="send"
        maxLength={140}
        readOnly={sending}
        value={typing.text}
        onChange={(event) => handset.setTyping((last) => replaceText(last, event.target.value))}
      />
      <button type="submit" aria-label={t('handset.send')} disabled={!ready} aria-busy={sending}>
        <Icon of={ArrowUp} size={18} />
      </button>
    </form>
  )
}
