// Who one is here, what one may still spend, and how one comes in.
import { ChevronRight } from 'lucide-react'
import { type ReactNode, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import type { Problem } from '../../api.ts'
import { formatFen } from '../../fen.ts'
import { ActionButton } from '../../ui/action-button.tsx'
import { Icon } from '../../ui/icon.tsx'
import { LanguageSwitch } from '../../ui/language-switch.tsx'
import { consumerApi } from '../consumer-api.ts'
import type { Me, Room } from '../contract.ts'
import { AsOf } from '../parts/as-of.tsx'
import { ProblemNote, problemIn } from '../parts/problem-note.tsx'
import { ScreenHead } from '../parts/screen-head.tsx'
import { Skeleton } from '../parts/skeleton.tsx'
import { PointsEntry } from '../points/points-mentions.tsx'
import { useMe } from '../queries.ts'

export function MeScreen({ onSignedOut }: { onSignedOut: () => void }) {
  const { t } = useTranslation('app')
  const me = useMe()
  const [problem, setProblem] = useState<Problem | null>(null)
  const signOut = async () => {
    const answer = await consumerApi.remove('/sessions/current')
    // Where the server was not reached the session goes on: to say otherwise would be false comfort.
    if (!answer.ok && answer.problem.kind === 'offline') return setProblem(answer.problem)
    onSignedOut()
  }
  return (
    <>
      <ScreenHead title={t('me.title')}>
        <LanguageSwitch className="button button-small" />
      </ScreenHead>
      {me.isError && (
        <ProblemNote problem={problemIn(me.error)} onAgain={() => void me.refetch()} />
      )}
      <AsOf of={[me]} />
      {me.data === undefined && !me.isError && <Skeleton rows={5} />}
      {me.data && <Identity me={me.data} />}
      {me.data?.limits && (
        <section className="card panel" aria-labelledby="limits">
          <h2 id="limits">{t('me.limits')}</h2>
          <RoomLine name={t('me.day')} room={me.data.limits.day} />
          <RoomLine
            name={t(me.data.class === 'I' ? 'me.ever' : 'me.year')}
            room={me.data.limits.year}
          />
        </section>
      )}
      <div className="card list">
        {me.data?.wallet?.state === 'open' && <PointsEntry />}
        <Row to="/pin">{t('me.pin')}</Row>
        <Row to="/devices">{t('me.devices')}</Row>
        {me.data?.wallet?.state === 'open' && <Row to="/close">{t('me.close')}</Row>}
      </div>
      <div className="below">
        {problem && <ProblemNote problem={problem} />}
        <ActionButton className="button button-large wide" onAct={signOut}>
          {t('me.signOut')}
        </ActionButton>
      </div>
    </>
  )
}

function Identity({ me }: { me: Me }) {
  const { t } = useTranslation('app')
  const frozen = me.wallet?.frozen ?? 'none'
  return (
    <section className="card panel">
      <h2 className="num">{me.number}</h2>
      <dl className="facts">
        <div>
          <dt>{t('me.name')}</dt>
          <dd>{me.name ?? t('me.nameless')}</dd>
        </div>
        <div>
          <dt>{t('me.class')}</dt>
          <dd>{me.class === null ? t('me.noWallet') : t(`me.classes.${me.class}`)}</dd>
        </div>
        <div>
          <dt>{t('me.pin')}</dt>
          <dd>{t(`me.pins.${me.pin}`)}</dd>
        </div>
      </dl>
      {frozen !== 'none' && <p className="problem">{t(`me.frozen.${frozen}`)}</p>}
    </section>
  )
}

function RoomLine({ name, room: { limit, left } }: { name: string; room: Room }) {
  const { t } = useTranslation('app')
  // A picture of a share: the figures beside it are exact.
  const used = BigInt(limit) === 0n ? 100n : 100n - (BigInt(left) * 100n) / BigInt(limit)
  return (
    <div className="room">
      <p>
        <span>{name}</span>
        <span className="num">
          {t('me.left', { left: formatFen(left), limit: formatFen(limit) })}
        </span>
      </p>
      <progress max={100} value={String(used)} aria-label={name} />
    </div>
  )
}

function Row({ to, children }: { to: string; children: ReactNode }) {
  return (
    <Link to={to} className="entry">
      <span className="grow entry-title">{children}</span>
      <Icon of={ChevronRight} />
    </Link>
  )
}
