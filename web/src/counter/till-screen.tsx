// The clerk's own till, and for a supervisor those of the office.
import { useTranslation } from 'react-i18next'
import { useCounter } from './counter-context.ts'
import { OfficeTills } from './office-tills.tsx'
import { TillsToBank } from './till-bank.tsx'
import { TillClose } from './till-close.tsx'
import { TillOpen } from './till-open.tsx'

export function TillScreen() {
  const { t } = useTranslation('counter')
  const { session } = useCounter()
  const { roles } = session.person
  return (
    <section className="list-page">
      <header className="head">
        <h2>{t('screens.till')}</h2>
      </header>
      {roles.includes('clerk') &&
        (session.till ? <TillClose key={session.till.id} till={session.till} /> : <TillOpen />)}
      {roles.includes('clerk') && <TillsToBank key={`bank-${session.till?.id ?? ''}`} />}
      {roles.includes('supervisor') && <OfficeTills />}
    </section>
  )
}
