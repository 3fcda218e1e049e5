// Who we are, the controls of the simulated world, the links, language and starting over.
import { RotateCcw, Store } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { ConfirmDialog } from '../ui/confirm-dialog.tsx'
import { Icon } from '../ui/icon.tsx'
import { LanguageSwitch } from '../ui/language-switch.tsx'
import { Logo } from '../ui/logo.tsx'
import { ClockControl } from './clock-control.tsx'
import { LinkStates } from './link-states.tsx'
import { NetworkControl } from './network-control.tsx'
import type { DemoState } from './state.ts'

export function TopBar({ state, onReset }: { state: DemoState; onReset: () => Promise<void> }) {
  const { t } = useTranslation('demo')
  const [asking, setAsking] = useState(false)
  return (
    <header className="top">
      <div className="row brand">
        <Logo size={30} />
        <b className="wordmark">Telepurse</b>
        <span className="demo-tag">{t('demo')}</span>
      </div>
      <div className="controls">
        <ClockControl paused={state.paused} />
        <NetworkControl network={state.network} />
      </div>
      <div className="row aside">
        <LinkStates links={state.links} />
        <a className="button button-small" href="/counter#demo" target="_blank" rel="noreferrer">
          <Icon of={Store} size={15} />
          {t('counter')}
        </a>
        <LanguageSwitch className="button button-small quiet" />
        <button type="button" className="button button-small" onClick={() => setAsking(true)}>
          <Icon of={RotateCcw} size={15} />
          {t('reset.button')}
        </button>
      </div>
      {asking && (
        <ConfirmDialog
          danger
          title={t('reset.title')}
          text={t('reset.text')}
          action={t('reset.button')}
          onConfirm={() => void onReset()}
          onClose={() => setAsking(false)}
        />
      )}
    </header>
  )
}
