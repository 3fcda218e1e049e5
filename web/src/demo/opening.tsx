// Before the first state: the final layout in grey, shown only if it takes longer than a moment.
import { useTranslation } from 'react-i18next'
import { LanguageSwitch } from '../ui/language-switch.tsx'
import { Logo } from '../ui/logo.tsx'

export function Opening({ failed }: { failed: boolean }) {
  const { t } = useTranslation('demo')
  return (
    <>
      <header className="top">
        <div className="row brand">
          <Logo size={30} />
          <b className="wordmark">Telepurse</b>
          <span className="demo-tag">{t('demo')}</span>
        </div>
        <div className="controls" />
        <LanguageSwitch className="button button-small quiet" />
      </header>
      <p className={failed ? 'stale-note' : 'visually-hidden'} role="status">
        {t(failed ? 'openFailed' : 'loading')}
      </p>
      <div className="stage skeleton" aria-hidden="true">
        <div className="phones">
          <div className="feature-phone" />
          <div className="smartphone" />
        </div>
        <div className="card" />
        <div className="card" />
      </div>
    </>
  )
}
