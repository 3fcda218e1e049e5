// If drawing the page fails, the reader still learns where the money is.
import { Component, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'

function CrashNote() {
  const { t } = useTranslation('common')
  return (
    <main className="card crash" role="alert">
      <h1>{t('crash.title')}</h1>
      <p>{t('crash.text')}</p>
      <button type="button" className="button button-primary" onClick={() => location.reload()}>
        {t('crash.reload')}
      </button>
    </main>
  )
}

export class CrashGuard extends Component<{ children: ReactNode }, { crashed: boolean }> {
  override state = { crashed: false }

  static getDerivedStateFromError(): { crashed: boolean } {
    return { crashed: true }
  }

  override render(): ReactNode {
    return this.state.crashed ? <CrashNote /> : this.props.children
  }
}
