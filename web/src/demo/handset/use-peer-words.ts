// The name of a number in the reader's language; empty when the number says nothing.
import { useTranslation } from 'react-i18next'
import { pick } from '../../names.ts'
import type { Merchant } from '../state.ts'
import { peerOf } from './peers.ts'

export function usePeerWords(merchants: readonly Merchant[]): (number: string) => string {
  const { t, i18n } = useTranslation('demo')
  return (number) => {
    const peer = peerOf(number, merchants)
    switch (peer.kind) {
      case 'merchant':
        return t('handset.merchant', { merchant: pick(peer.merchant, i18n.language) })
      case 'slot':
        return t('handset.slot', {
          merchant: pick(peer.merchant, i18n.language),
          slot: peer.slot,
        })
      case 'web':
        return t('handset.web')
      case 'platform':
        return t('handset.platform')
      case 'other':
        return ''
    }
  }
}
