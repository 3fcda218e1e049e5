// The head of a screen that one came to from another: back, its name, and what else can be done. A reader hears the
// name, and goes on from there, where what one came by is gone.
import { ChevronLeft } from 'lucide-react'
import { type ReactNode, useEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { useLocation } from 'wouter'
import { Icon } from '../../ui/icon.tsx'

type Properties = { title: string; back?: string; children?: ReactNode }

export function ScreenHead({ title, back = '/', children }: Properties) {
  const { t } = useTranslation('app')
  const [, go] = useLocation()
  const heading = useRef<HTMLHeadingElement>(null)
  useEffect(() => {
    scrollTo(0, 0)
    if (document.activeElement === document.body) heading.current?.focus()
  }, [])
  useEffect(() => {
    document.title = `${title} · ${t('title')}`
    return () => {
      document.title = t('title')
    }
  }, [title, t])
  return (
    <header className="head">
      <button type="button" className="head-button" aria-label={t('back')} onClick={() => go(back)}>
        <Icon of={ChevronLeft} size={24} />
      </button>
      <h1 ref={heading} tabIndex={-1}>
        {title}
      </h1>
      <span className="head-more">{children}</span>
    </header>
  )
}
