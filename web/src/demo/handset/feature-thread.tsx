// Texts of one number on the green screen, the newest at the bottom and framed.
import { useTranslation } from 'react-i18next'
import { secondOf } from '../../time.ts'
import { useDemo } from '../demo-context.ts'
import type { Merchant } from '../state.ts'
import type { Thread } from './threads.ts'
import { usePeerWords } from './use-peer-words.ts'
import { useScrollToEnd } from './use-scroll-to-end.ts'

export function FeatureThread({
  thread,
  merchants,
}: {
  thread: Thread | undefined
  merchants: Merchant[]
}) {
  const { t } = useTranslation('demo')
  const { zone } = useDemo()
  const wordsOf = usePeerWords(merchants)
  const list = useScrollToEnd(thread?.last.id)
  if (!thread) return <p className="feature-body feature-empty">{t('handset.sending')}</p>
  return (
    <ul className="feature-body feature-thread" ref={list}>
      <li className="feature-peer">{wordsOf(thread.peer)}</li>
      {thread.messages.map((message) => (
        <li
          key={message.id}
          className={message.direction === 'sent' ? 'text sent' : 'text'}
          aria-current={message.id === thread.last.id}
        >
          <p>{message.text}</p>
          <small className="num">{secondOf(message.at, zone)}</small>
        </li>
      ))}
    </ul>
  )
}
