// A new text: to a merchant's number from the list, or to any number typed.
import { ChevronLeft } from 'lucide-react'
import { useId } from 'react'
import { useTranslation } from 'react-i18next'
import { pick } from '../../names.ts'
import { Icon } from '../../ui/icon.tsx'
import type { Merchant } from '../state.ts'
import { SmartInput } from './smart-input.tsx'
import type { Handset } from './use-handset.ts'

export function SmartWrite({ handset, merchants }: { handset: Handset; merchants: Merchant[] }) {
  const { t, i18n } = useTranslation('demo')
  const id = useId()
  return (
    <>
      <header className="smart-header">
        <button
          type="button"
          className="plain"
          aria-label={t('handset.inbox')}
          onClick={() => handset.show({ name: 'inbox' })}
        >
          <Icon of={ChevronLeft} size={22} />
        </button>
        <b className="grow">{t('handset.write')}</b>
        <span className="plain" />
      </header>
      <div className="smart-body smart-write">
        <label htmlFor={id}>{t('handset.to')}</label>
        <input
          id={id}
          className="num"
          inputMode="numeric"
          autoComplete="off"
          maxLength={20}
          value={handset.to}
          onChange={(event) => handset.setTo(event.target.value.replace(/\D/g, ''))}
        />
        <ul>
          {merchants.map((merchant) => (
            <li key={merchant.id}>
              <button
                type="button"
                aria-pressed={handset.to === merchant.number}
                onClick={() => handset.setTo(merchant.number)}
              >
                <span>{pick(merchant.name, i18n.language)}</span>
                <span className="num">{merchant.number}</span>
              </button>
            </li>
          ))}
        </ul>
      </div>
      <SmartInput handset={handset} to={handset.to} />
    </>
  )
}
