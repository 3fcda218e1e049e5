// The identity card on the desk, typed or read by a device, compared with the register at once.
import { BadgeCheck, CircleX, RefreshCw } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { regionName } from '../region.ts'
import { Field } from '../ui/field.tsx'
import { Icon } from '../ui/icon.tsx'
import { type Gap, useTried } from './act-frame.tsx'
import { useCounter } from './counter-context.ts'
import { type Document, documentDigits, isDocumentNumber } from './identity-document.ts'
import { isOwnerBad, isOwnerGood, type OwnerCheck } from './use-owner-check.ts'

type Properties = { check: OwnerCheck; opening?: boolean }

export function DocumentFields({ check, opening = false }: Properties) {
  const { t, i18n } = useTranslation('counter')
  const { atDesk } = useCounter()
  const tried = useTried()
  const { document: typed, setDocument } = atDesk
  const numberIsGood = isDocumentNumber(typed.documentNumber)
  return (
    <div className="paper">
      <p className="paper-title">{t('document.title')}</p>
      <Field
        id="owner-name"
        label={t('document.name')}
        complaint={tried && typed.name.trim() === '' ? t('document.nameMissing') : ''}
        maxLength={60}
        value={typed.name}
        onChange={(event) => setDocument({ ...typed, name: event.target.value })}
      />
      <Field
        id="owner-number"
        label={t('document.number')}
        hint={numberIsGood ? regionName(typed.documentNumber, i18n.language) : ''}
        complaint={
          !numberIsGood && (tried || typed.documentNumber.length === 18)
            ? t('document.numberWrong')
            : ''
        }
        inputMode="text"
        autoCapitalize="characters"
        value={typed.documentNumber}
        onChange={(event) =>
          setDocument({ ...typed, documentNumber: documentDigits(event.target.value) })
        }
      />
      <OwnerLine check={check} opening={opening} />
    </div>
  )
}

function OwnerLine({ check, opening }: { check: OwnerCheck; opening: boolean }) {
  const { t } = useTranslation('counter')
  const { show } = useCounter()
  if (check === 'none') return <p className="match" role="status" />
  if (check === 'checking') {
    return (
      <p className="match match-work" role="status">
        <Icon of={RefreshCw} size={14} />
        {t('document.checking')}
      </p>
    )
  }
  const good = isOwnerGood(check, opening)
  return (
    <p className={good ? 'match match-good' : 'match match-bad'} role="status">
      <Icon of={good ? BadgeCheck : CircleX} size={14} />
      <span>{t(`document.${check === 'fresh' && opening ? 'freshOpening' : check}`)}</span>
      {check === 'fresh' && !opening && (
        <button type="button" className="link-button" onClick={() => show('open')}>
          {t('document.openFirst')}
        </button>
      )}
    </p>
  )
}

export function documentGaps(typed: Document, check: OwnerCheck, opening = false): Gap[] {
  return [
    { id: 'owner-name', missing: typed.name.trim() === '' },
    {
      id: 'owner-number',
      missing: !isDocumentNumber(typed.documentNumber) || isOwnerBad(check, opening),
    },
  ]
}
