// A red packet: closed, it asks to be opened; open, it says what one got, and who got what.
import { Share2 } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Problem } from '../../api.ts'
import { formatFen } from '../../fen.ts'
import { ActionButton } from '../../ui/action-button.tsx'
import { Icon } from '../../ui/icon.tsx'
import { Money } from '../../ui/money.tsx'
import { StatusTag } from '../../ui/status-tag.tsx'
import { consumerApi } from '../consumer-api.ts'
import { momentName } from '../moment.ts'
import { ProblemNote, problemIn } from '../parts/problem-note.tsx'
import { ScreenHead } from '../parts/screen-head.tsx'
import { Skeleton } from '../parts/skeleton.tsx'
import { moneyMoved } from '../queries.ts'
import type { Packet } from './contract.ts'
import { usePacket } from './people-queries.ts'
import { packetStatus } from './people-status.ts'

export function PacketScreen({ id }: { id: string }) {
  const { t } = useTranslation('people')
  const query = usePacket(id)
  const packet = query.data
  return (
    <>
      <ScreenHead title={t('packet.title')} back="/people/packets" />
      {query.isError && (
        <ProblemNote problem={problemIn(query.error)} onAgain={() => void query.refetch()} />
      )}
      {packet === undefined && !query.isError && <Skeleton rows={4} />}
      {packet && <Envelope packet={packet} />}
      {packet && <Taken packet={packet} />}
      {packet?.isOwn === true && packet.state === 'open' && <ShareLink />}
    </>
  )
}

function Envelope({ packet }: { packet: Packet }) {
  const { t } = useTranslation('people')
  const [problem, setProblem] = useState<Problem | null>(null)
  const { id, from, greeting, state, ownPart, isOwn } = packet
  const open = async () => {
    const answer = await consumerApi.post(`/packets/${id}/open`)
    setProblem(answer.ok ? null : answer.problem)
    moneyMoved()
  }
  const canOpen = !isOwn && ownPart === null && state === 'open'
  return (
    <section className="envelope" aria-live="polite">
      <p>{t('packet.by', { by: from })}</p>
      <h2>{greeting === '' ? t('packet.hint') : greeting}</h2>
      {canOpen && (
        <ActionButton className="envelope-open" onAct={open}>
          {t('packet.open')}
        </ActionButton>
      )}
      {ownPart !== null && (
        <>
          <p>{t('packet.got')}</p>
          <p className="hero">
            <Money fen={ownPart} />
          </p>
        </>
      )}
      {!canOpen && ownPart === null && !isOwn && (
        <p>{t(state === 'emptied' ? 'packet.gone' : 'packet.back')}</p>
      )}
      {problem && <ProblemNote problem={problem} />}
    </section>
  )
}

function Taken({ packet }: { packet: Packet }) {
  const { t } = useTranslation('people')
  const { t: app } = useTranslation('app')
  const { taken, count, parts, state, isOwn, ownPart } = packet
  return (
    <section className="card packet-taken">
      <div className="packet-head">
        <h2>{t('packet.list')}</h2>
        <span className="muted">{t('packet.taken', { taken, count })}</span>
        <StatusTag status={packetStatus[state]} />
      </div>
      {taken === 0 && <p className="empty">{t('packet.nobody')}</p>}
      {(isOwn || ownPart !== null) &&
        parts.map(({ by, amount, at }) => (
          <div key={`${by} ${at}`} className="entry">
            <span className="grow">
              <span className="entry-title num">{by}</span>
              <small>{momentName(Date.parse(at), Date.now(), app)}</small>
            </span>
            <span className="entry-amount num">{formatFen(amount)}</span>
          </div>
        ))}
    </section>
  )
}

/** Where the device has no way to share, the link is copied. */
function ShareLink() {
  const { t } = useTranslation('people')
  const [isCopied, setCopied] = useState(false)
  const share = async () => {
    const url = location.href
    // Closed by the reader: nothing happened.
    if (navigator.share) return navigator.share({ title: t('packet.title'), url }).catch(() => {})
    await navigator.clipboard.writeText(url).then(
      () => setCopied(true),
      () => setCopied(false),
    )
  }
  return (
    <div className="below">
      <ActionButton className="button button-primary button-large wide" onAct={share}>
        <Icon of={Share2} size={20} />
        {t('packet.share')}
      </ActionButton>
      <p className="fine muted" role="status">
        {isCopied ? t('packet.copied') : t('packet.fine')}
      </p>
    </div>
  )
}
