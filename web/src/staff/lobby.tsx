// The small page before the desk: the mark, one card, the other language.
import type { ComponentType, ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { Problem } from '../api.ts'
import { LanguageSwitch } from '../ui/language-switch.tsx'
import { Logo } from '../ui/logo.tsx'

export type Trouble = ComponentType<{ problem: Problem | null }>

/** What the pages of the door are told by the page it belongs to. */
export type LobbyPage = { title: string; Trouble: Trouble }

type Properties = LobbyPage & {
  busy?: boolean
  problem?: Problem
  onAgain?: () => void
  children?: ReactNode
}

export function Lobby(properties: Properties) {
  const { title, Trouble, busy = false, problem, onAgain, children } = properties
  const { t } = useTranslation('staff')
  return (
    <div className="lobby">
      <header className="lobby-head">
        <Logo size={32} />
        <b className="grow">{title}</b>
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
