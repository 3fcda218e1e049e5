// What the slip will say. Only what is masked stands here.
import { useTranslation } from 'react-i18next'
import type { Fact } from '../ui/fact-list.tsx'
import { FactList } from '../ui/fact-list.tsx'
import { Logo } from '../ui/logo.tsx'
import { useCounter } from './counter-context.ts'
import type { ActKind } from './views.ts'

type Properties = { kind: ActKind; facts: Fact[]; note?: string }

export function VoucherPreview({ kind, facts, note }: Properties) {
  const { t } = useTranslation('counter')
  const { session, atDesk } = useCounter()
  const { office, login } = session.person
  const rows: Fact[] = [
    { label: t('fact.act'), value: t(`kinds.${kind}`) },
    { label: t('fact.number'), value: atDesk.view?.msisdn ?? '' },
    ...facts,
    { label: t('fact.place'), value: `${office} / ${login}` },
  ]
  return (
    <section className="card voucher">
      <header className="head">
        <h2>{t('preview.voucher')}</h2>
        <span className="muted">{t('preview.numberLater')}</span>
      </header>
      <div className="slip">
        <p className="slip-head">
          <Logo size={22} />
          <b>{t('preview.title')}</b>
        </p>
        <FactList facts={rows} />
        {note && <p className="slip-note">{note}</p>}
      </div>
    </section>
  )
}
