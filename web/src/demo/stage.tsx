// Three panels: phones, merchant, ledger. Side by side when there is room, one at a time behind tabs when not.
import { type ReactNode, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useDemo } from './demo-context.ts'
import { Phones } from './handset/phones.tsx'
import { Hint } from './hint.tsx'
import { LedgerPanel } from './ledger/ledger-panel.tsx'
import { Shop } from './shop/shop.tsx'
import type { DemoState } from './state.ts'
import { TopBar } from './top-bar.tsx'

const tabs = ['phones', 'shop', 'ledger'] as const

type Properties = { state: DemoState; live: boolean; children: ReactNode }

export function Stage({ state, live, children }: Properties) {
  const { t } = useTranslation('demo')
  const { post } = useDemo()
  const [tab, setTab] = useState<(typeof tabs)[number]>('phones')
  const [session, setSession] = useState(0)
  const reset = async () => {
    const answer = await post('/demo/reset')
    if (answer.ok) setSession((last) => last + 1)
  }
  return (
    <>
      <TopBar state={state} onReset={reset} />
      {children}
      <nav className="panel-tabs" aria-label={t('tabs.label')}>
        {tabs.map((name) => (
          <button type="button" key={name} aria-current={tab === name} onClick={() => setTab(name)}>
            {t(`tabs.${name}`)}
          </button>
        ))}
      </nav>
      <main className={live ? 'stage' : 'stage stale'} data-tab={tab}>
        <Phones lines={state.lines} merchants={state.merchants} session={session} />
        <Shop key={`shop-${session}`} merchants={state.merchants} />
        <LedgerPanel
          key={`ledger-${session}`}
          ledger={state.ledger}
          checks={state.checks}
          live={live}
        />
      </main>
      <Hint merchant={state.merchants[0]} />
    </>
  )
}
