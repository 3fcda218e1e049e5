// Each rule as a row that turns by itself, so that the clerk can say at once what stands in the way.
import { Check, Circle, LoaderCircle, X } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { Icon } from '../ui/icon.tsx'
import { rowsOf } from './check-rows.ts'
import { Step } from './step.tsx'
import type { CardCheck } from './use-card-check.ts'

const icons = { todo: Circle, work: LoaderCircle, ok: Check, bad: X }

type Properties = { number: number; check: CardCheck; agreed: boolean | null }

export function CheckList({ number, check, agreed }: Properties) {
  const { t, i18n } = useTranslation('counter')
  const rows = rowsOf(check, agreed, i18n.language)
  const passed = rows.filter(({ look }) => look === 'ok').length
  return (
    <Step
      number={number}
      title={t('checks.title')}
      end={
        <span className="muted num" role="status">
          {t('checks.passed', { n: passed, of: rows.length })}
        </span>
      }
    >
      <ol className="checks">
        {rows.map(({ name, look, code, text }) => (
          <li key={name} className={`check check-${look}`}>
            <span className="check-mark">
              <Icon of={icons[look]} size={15} />
            </span>
            <div className="grow">
              <b>{t(`checks.${name}`)}</b>
              <small>
                {code && <code>{code}</code>}
                {text ?? t(`checks.${name}Note`)}
              </small>
            </div>
            <span className="check-word">{t(`checks.${look}`)}</span>
          </li>
        ))}
      </ol>
    </Step>
  )
}
