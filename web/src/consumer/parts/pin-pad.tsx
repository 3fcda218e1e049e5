// Six cells and a keypad of our own, so that no keyboard learns the PIN. A real keyboard works too.
import { Delete } from 'lucide-react'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Group } from '../../ui/group.tsx'
import { Icon } from '../../ui/icon.tsx'

const pinLength = 6
const keys = ['1', '2', '3', '4', '5', '6', '7', '8', '9'] as const

type Properties = {
  label: string
  disabled: boolean
  /** Changes when what was typed is to be thrown away. */
  round: number
  onPin: (pin: string) => void
}

export function PinPad({ label, disabled, round, onPin }: Properties) {
  const { t } = useTranslation('app')
  const [last, setLast] = useState({ typed: '', round })
  const typed = last.round === round ? last.typed : ''
  const setTyped = (digits: string) => setLast({ typed: digits, round })

  function press(digit: string) {
    if (disabled || typed.length === pinLength) return
    const pin = typed + digit
    setTyped(pin)
    if (pin.length === pinLength) onPin(pin)
  }
  const erase = () => !disabled && setTyped(typed.slice(0, -1))

  useEffect(() => {
    const listen = (event: KeyboardEvent) => {
      const isElsewhere = event.target instanceof HTMLInputElement
      if (isElsewhere || event.ctrlKey || event.metaKey || event.altKey) return
      if (/^\d$/.test(event.key)) press(event.key)
      else if (event.key === 'Backspace') erase()
    }
    addEventListener('keydown', listen)
    return () => removeEventListener('keydown', listen)
  })

  const cells = Array.from({ length: pinLength }, (_, place) => place)
  return (
    <div className="pin-pad">
      <p className="pin-label" id="pin-label">
        {label}
      </p>
      <div className="pin-cells" role="status" aria-labelledby="pin-label">
        {cells.map((place) => (
          <i key={place} data-typed={place < typed.length} data-here={place === typed.length} />
        ))}
        <span className="visually-hidden">{t('pin.typed', { n: typed.length })}</span>
      </div>
      <Group className="pin-keys" label={t('pin.keys')}>
        {keys.map((digit) => (
          <button key={digit} type="button" disabled={disabled} onClick={() => press(digit)}>
            {digit}
          </button>
        ))}
        <span className="pin-blank" />
        <button type="button" disabled={disabled} onClick={() => press('0')}>
          0
        </button>
        <button
          type="button"
          className="pin-blank"
          aria-label={t('pin.erase')}
          disabled={disabled}
          onClick={erase}
        >
          <Icon of={Delete} size={22} />
        </button>
      </Group>
    </div>
  )
}
