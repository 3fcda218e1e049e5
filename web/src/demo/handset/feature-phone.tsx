// The feature phone: a green screen, soft keys, and a pad that really types.
import { Phone, PhoneOff } from 'lucide-react'
import { type ReactNode, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { Icon } from '../../ui/icon.tsx'
import type { Line, Merchant } from '../state.ts'
import { FeatureScreen } from './feature-screen.tsx'
import { Keypad } from './keypad.tsx'
import { type SoftKey, useFeaturePhone } from './use-feature-phone.ts'
import { useHandset } from './use-handset.ts'
import { useKeyboard } from './use-keyboard.ts'

export function FeaturePhone({ line, merchants }: { line: Line; merchants: Merchant[] }) {
  const { t } = useTranslation('demo')
  const handset = useHandset(line, merchants[0]?.number ?? '')
  const keys = useFeaturePhone(handset)
  const phone = useRef<HTMLElement>(null)
  useKeyboard(phone, keys)
  return (
    <section className="feature-phone" ref={phone} tabIndex={-1} aria-label={t('handset.feature')}>
      <div className="earpiece" />
      <FeatureScreen handset={handset} keys={keys} merchants={merchants} />
      <div className="feature-navigation">
        <HardKey name={t('handset.leftKey')} soft={keys.left}>
          <i />
        </HardKey>
        <div className="pad">
          <button type="button" aria-label={t('handset.up')} onClick={() => keys.move(-1)} />
          <HardKey name={t('handset.middleKey')} soft={keys.middle}>
            <i />
          </HardKey>
          <button type="button" aria-label={t('handset.down')} onClick={() => keys.move(1)} />
        </div>
        <HardKey name={t('handset.rightKey')} soft={keys.right}>
          <i />
        </HardKey>
        <button
          type="button"
          className="call-key"
          aria-label={keys.middle?.label ?? t('handset.middleKey')}
          disabled={!keys.middle}
          onClick={() => keys.middle?.act()}
        >
          <Icon of={Phone} size={18} />
        </button>
        <button
          type="button"
          className="end-key"
          aria-label={t('handset.home')}
          onClick={() => keys.home()}
        >
          <Icon of={PhoneOff} size={18} />
        </button>
      </div>
      <Keypad onPress={keys.pressKey} />
    </section>
  )
}

function HardKey({ name, soft, children }: { name: string; soft: SoftKey; children: ReactNode }) {
  return (
    <button
      type="button"
      aria-label={soft ? `${name}: ${soft.label}` : name}
      disabled={!soft}
      onClick={() => soft?.act()}
    >
      {children}
    </button>
  )
}
