// One conversation: the sender's number on top, bubbles, the answers the last text asks for, and the input.
import { ChevronLeft } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { replyWordsOf } from '../../reply-words.ts'
import { shortMomentOf } from '../../time.ts'
import { Group } from '../../ui/group.tsx'
import { Icon } from '../../ui/icon.tsx'
import { useDemo } from '../demo-context.ts'
import type { Merchant } from '../state.ts'
import { SmartInput } from './smart-input.tsx'
import type { Handset } from './use-handset.ts'
import { usePeerWords } from './use-peer-words.ts'
import { useScrollToEnd } from './use-scroll-to-end.ts'

type Properties = { peer: string; handset: Handset; merchants: Merchant[] }

export function SmartThread({ peer, handset, merchants }: Properties) {
  const { t } = useTranslation('demo')
  const { now, zone } = useDemo()
  const wordsOf = usePeerWords(merchants)
  const { thread } = handset
  const list = useScrollToEnd(thread?.last.id)
  const asked = thread?.last.direction === 'received' ? replyWordsOf(thread.last.text) : []
  return (
    <>
      <header className="smart-header">
        <button
          type="button"
          className="plain"
          aria-label={t('handset.inbox')}
          onClick={() => handset.show({ name: 'inbox' })}
        >
          <Icon of={ChevronLeft} size={22} />
        </button>
        <div className="grow">
          <b className="num">{peer}</b>
          <small>{wordsOf(peer)}</small>
        </div>
        <span className="plain" />
      </header>
      <ul className="smart-body bubbles" ref={list}>
        {thread?.messages.map((message) => (
          <li key={message.id} className={message.direction === 'sent' ? 'bubble sent' : 'bubble'}>
            <p>{message.text}</p>
            <small className="num">{shortMomentOf(message.at, now, zone)}</small>
          </li>
        ))}
      </ul>
      {asked.length > 0 && (
        <Group className="quick-replies" label={t('handset.quickReplies')}>
          {asked.map((word) => (
            <button
              type="button"
              key={word}
              disabled={handset.sending}
              onClick={() => void handset.send({ to: peer, text: word })}
            >
              {word}
            </button>
          ))}
        </Group>
      )}
      <SmartInput handset={handset} to={peer} />
    </>
  )
}
