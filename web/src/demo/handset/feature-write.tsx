// Writing on the green screen. The fields are real ones, so a keyboard, an input method and a screen reader work;
// `inputMode="none"` keeps a touch phone from covering the pad with its own keyboard.
import { useEffect, useId, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { replaceText } from './multi-tap.ts'
import type { FeaturePhoneKeys } from './use-feature-phone.ts'
import type { Handset } from './use-handset.ts'

export function FeatureWrite({ handset, keys }: { handset: Handset; keys: FeaturePhoneKeys }) {
  const { t } = useTranslation('demo')
  const id = useId()
  const text = useRef<HTMLTextAreaElement>(null)
  const { view, to, typing, sending } = handset
  const answering = view.name === 'write' && view.answering
  // The focus follows only a reader who is already working this phone.
  useEffect(() => {
    const field = text.current
    if (!field?.closest('.feature-phone')?.contains(document.activeElement)) return
    field.focus()
    field.setSelectionRange(field.value.length, field.value.length)
  }, [])
  return (
    <div className="feature-body feature-write">
      <label htmlFor={`${id}-to`}>{t('handset.to')}</label>
      <input
        id={`${id}-to`}
        className="num"
        inputMode="none"
        autoComplete="off"
        maxLength={20}
        readOnly={answering}
        data-active={keys.field === 'to'}
        value={to}
        onFocus={() => keys.setField('to')}
        onChange={(event) => handset.setTo(event.target.value.replace(/\D/g, ''))}
      />
      <label htmlFor={`${id}-text`}>{t('handset.text')}</label>
      <textarea
        id={`${id}-text`}
        ref={text}
        inputMode="none"
        maxLength={140}
        disabled={sending}
        data-active={keys.field === 'text'}
        value={typing.text}
        onFocus={() => keys.setField('text')}
        onChange={(event) => handset.setTyping((last) => replaceText(last, event.target.value))}
      />
      <small>
        {t('handset.inputMode', { mode: typing.mode === 'digits' ? '123' : 'ABC' })} ·{' '}
        {t('handset.switchMode')}
      </small>
    </div>
  )
}
