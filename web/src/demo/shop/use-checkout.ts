// Opens the hosted checkout for a purchase in a new tab.
import { useState } from 'react'
import { useDemo } from '../demo-context.ts'

type Purchase = { merchantId: string; product?: string; amount?: string }

export function useCheckout(): {
  buy: (purchase: Purchase) => Promise<void>
  /** The checkout's address when the browser did not let the tab open. */
  blockedUrl: string | null
} {
  const { post } = useDemo()
  const [blockedUrl, setBlockedUrl] = useState<string | null>(null)
  const buy = async (purchase: Purchase) => {
    setBlockedUrl(null)
    // A tab may only be opened by the press itself, so it opens empty and is sent on afterwards.
    const tab = window.open('about:blank', '_blank')
    const answer = await post<{ url: string }>('/demo/shop', purchase)
    if (!answer.ok) return tab?.close()
    if (!tab) return setBlockedUrl(answer.value.url)
    tab.opener = null
    tab.location.replace(answer.value.url)
  }
  return { buy, blockedUrl }
}
