// The payer's page: one payment, shown as it stands, changing by itself.
import { Lock } from 'lucide-react'
import { type ReactNode, useEffect } from 'react'
import { Trans, useTranslation } from 'react-i18next'
import { pick } from '../names.ts'
import { Icon } from '../ui/icon.tsx'
import { LanguageSwitch } from '../ui/language-switch.tsx'
import { Logo } from '../ui/logo.tsx'
import { useDocument } from '../use-document.ts'
import { useNow } from '../use-now.ts'
import { type Checkout, checkoutIdOf } from './checkout.ts'
import { CheckoutBox } from './checkout-box.tsx'
import { NotFound } from './not-found.tsx'

export function CheckoutPage() {
  const id = checkoutIdOf(location.pathname)
  if (id === '') {
    return (
      <Frame>
        <NotFound />
      </Frame>
    )
  }
  return <LiveCheckout id={id} />
}

function LiveCheckout({ id }: { id: string }) {
  const { t, i18n } = useTranslation('checkout')
  const { value, arrivedAt, live, problem } = useDocument<Checkout>({
    snapshot: `/checkout/${id}`,
    stream: `/checkout/${id}/stream`,
    event: 'checkout',
  })
  const now = useNow({ now: value?.now ?? 0, arrivedAt, running: value !== null })
  const merchant = value ? pick(value.merchant.name, i18n.language) : ''
  useEffect(() => {
    document.title = merchant ? t('title', { merchant }) : t('titlePlain')
  }, [t, merchant])

  if (value) {
    return (
      <Frame tel={value.helpTel}>
        <p className="line-note" role="status">
          {!live && t('lost')}
        </p>
        <CheckoutBox checkout={value} now={now} />
      </Frame>
    )
  }
  if (problem?.kind === 'refused' && problem.status === 404) {
    return (
      <Frame>
        <NotFound />
      </Frame>
    )
  }
  return (
    <Frame>
      <p className="line-note" role="status">
        <span className={problem ? undefined : 'visually-hidden'}>
          {t(problem ? 'offline' : 'loading')}
        </span>
      </p>
      <div className="box skeleton" aria-hidden="true">
        <div className="summary" />
        <div className="action" />
      </div>
    </Frame>
  )
}

function Frame({ tel, children }: { tel?: string; children: ReactNode }) {
  const { t } = useTranslation('checkout')
  return (
    <>
      <header className="top">
        <div className="row">
          <Logo size={24} />
          <b>Telepurse</b>
        </div>
        <div className="row">
          <span className="row secure">
            <Icon of={Lock} size={14} />
            {t('secure')}
          </span>
          <span aria-hidden="true">·</span>
          <LanguageSwitch className="link-button" />
        </div>
      </header>
      <main>{children}</main>
      <footer className="foot">
        {tel ? (
          <Trans
            t={t}
            i18nKey="footer"
            values={{ tel }}
            components={{ n: <span className="num" /> }}
          />
        ) : (
          t('footerPlain')
        )}
      </footer>
    </>
  )
}
