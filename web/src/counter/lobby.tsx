// The small page before the desk: the mark, one card, the other language.
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { Problem } from '../api.ts'
import { LanguageSwitch } from '../ui/language-switch.tsx'
import { Logo } from '../ui/logo.tsx'
import { Trouble } from './trouble.tsx'

type Properties = {
  busy?: boolean
  problem?: Problem
  onAgain?: () => void
  children?: ReactNode
}

export function Lobby({ busy = false, problem, onAgain, children }: Properties) {
  const { t } = useTranslation('counter')
  return (
    <div className="lobby">
      <header className="lobby-head">
        <Logo size={32} />
        <b className="grow">{t('title')}</b>
        <LanguageSwitch className="link-button" />
      </header>
      <main className="card lobby-card" aria-busy={busy}>
        {busy && (
          <>
            <p className="visually-hidden" role="status">
              {t('loading')}
            </p>
            <div className="skeleton lobby-skeleton" aria-hidden="true" />
          </>
        )}
        {problem && (
          <>
            <Trouble problem={problem} />
            <button type="button" className="button button-primary" onClick={onAgain}>
              {t('again')}
            </button>
          </>
        )}
        {children}
      </main>
    </div>
  )
}
