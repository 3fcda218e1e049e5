// The statement as it is listed, as a file. The menu goes when it was used, or left by Escape or a touch elsewhere.
import { Download } from 'lucide-react'
import { useCallback, useEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { Icon } from '../../ui/icon.tsx'

const endings = ['csv', 'pdf'] as const

export function FileMenu({ query }: { query: URLSearchParams }) {
  const { t } = useTranslation('app')
  const menu = useRef<HTMLDetailsElement>(null)
  const close = useCallback(() => menu.current?.removeAttribute('open'), [])
  useEffect(() => {
    const touch = ({ target }: Event) => {
      if (!(target instanceof Node && menu.current?.contains(target))) close()
    }
    const press = ({ key }: KeyboardEvent) => {
      if (key !== 'Escape' || !menu.current?.open) return
      close()
      menu.current.querySelector('summary')?.focus()
    }
    addEventListener('pointerdown', touch)
    addEventListener('keydown', press)
    return () => {
      removeEventListener('pointerdown', touch)
      removeEventListener('keydown', press)
    }
  }, [close])
  return (
    <details className="menu" ref={menu}>
      <summary className="head-button" aria-label={t('statement.download')}>
        <Icon of={Download} size={20} />
      </summary>
      <div className="menu-box card">
        {endings.map((ending) => (
          <a key={ending} href={`/consumer/lines.${ending}?${query}`} download onClick={close}>
            {ending.toUpperCase()}
          </a>
        ))}
      </div>
    </details>
  )
}
