// A list shows its newest few; the rest is one press away.
import { useState } from 'react'
import { useTranslation } from 'react-i18next'

export type ShortList<T> = { items: T[]; hidden: number; all: boolean; toggle: () => void }

export function useShortList<T>(items: T[], limit: number): ShortList<T> {
  const [all, setAll] = useState(false)
  return {
    items: all ? items : items.slice(0, limit),
    hidden: Math.max(0, items.length - limit),
    all,
    toggle: () => setAll((last) => !last),
  }
}

export function ShowMore<T>({ list: { hidden, all, toggle } }: { list: ShortList<T> }) {
  const { t } = useTranslation('demo')
  if (hidden === 0) return null
  return (
    <p className="more">
      <button type="button" className="link-button" aria-expanded={all} onClick={toggle}>
        {all ? t('shop.fewer') : t('shop.more', { n: hidden })}
      </button>
    </p>
  )
}
