// The points of one wallet: what there is, giving and taking by hand, and how they came and went.
import { useCallback, useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Problem } from '../../api.ts'
import { formatPoints } from '../../format-points.ts'
import type { Status } from '../../status.ts'
import { ActionButton } from '../../ui/action-button.tsx'
import { type Fact, FactList } from '../../ui/fact-list.tsx'
import { StatusTag } from '../../ui/status-tag.tsx'
import type { OperatorApi } from '../operator-api.ts'
import { PagedList } from '../paged-list.tsx'
import { Trouble } from '../trouble.tsx'
import { usePages } from '../use-pages.ts'
import { useMay } from '../who.ts'
import { AdjustForm } from './adjust-form.tsx'
import type { Balance, Line, Wallet } from './contract.ts'
import { LineRow } from './line-row.tsx'

const statuses: Readonly<Record<Wallet['state'], Status>> = {
  open: ['done', '已开户', 'Open'],
  closing: ['wait', '销户中', 'Being closed'],
  closed: ['off', '已销户', 'Closed'],
}

export function WalletPoints({ api, wallet }: { api: OperatorApi; wallet: Wallet }) {
  const { t } = useTranslation('operatorPoints')
  const { t: all } = useTranslation('operator')
  const mayChange = useMay('change')
  const [balance, setBalance] = useState<Balance | null>(null)
  const [problem, setProblem] = useState<Problem | null>(null)
  const lines = usePages<Line>(api, `/wallets/${wallet.id}/points/lines`)
  const load = useCallback(async () => {
    const answer = await api.get<Balance>(`/wallets/${wallet.id}/points`)
    setProblem(answer.ok ? null : answer.problem)
    if (answer.ok) setBalance(answer.value)
  }, [api, wallet.id])
  useEffect(() => void load(), [load])
  const reload = async () => {
    await Promise.all([load(), lines.reload()])
  }
  return (
    <div className="points-wallet">
      <article className="card approval" aria-label={t('wallet.title')}>
        <header className="head">
          <h3>{wallet.msisdn}</h3>
          <StatusTag status={statuses[wallet.state]} />
        </header>
        <Trouble problem={problem} />
        {problem && (
          <ActionButton className="button" onAct={load}>
            {all('again')}
          </ActionButton>
        )}
        {balance === null && !problem && (
          <div className="skeleton slip-skeleton" aria-hidden="true" />
        )}
        {balance && <Holdings balance={balance} />}
        {mayChange && balance && wallet.state === 'open' && (
          <AdjustForm api={api} wallet={wallet} has={balance.points} onChanged={reload} />
        )}
      </article>
      <section className="list-page" aria-labelledby="points-lines">
        <h3 id="points-lines">{t('lines.title')}</h3>
        <PagedList className="card points-lines" list={lines} empty={t('lines.none')}>
          {(line) => <LineRow line={line} />}
        </PagedList>
      </section>
    </div>
  )
}

function Holdings({ balance: { points, expiring, owed, unseen } }: { balance: Balance }) {
  const { t } = useTranslation('operatorPoints')
  const facts: (Fact | null)[] = [
    expiring && {
      label: t('wallet.expiring', { on: expiring.on }),
      value: formatPoints(expiring.points),
    },
    owed === '0' ? null : { label: t('wallet.owed'), value: formatPoints(owed) },
    unseen === 0 ? null : { label: t('wallet.unseen'), value: String(unseen) },
  ]
  return (
    <div aria-live="polite">
      <p className="points-sum num">
        {formatPoints(points)} <small>{t('unit')}</small>
      </p>
      <FactList facts={facts.filter((fact) => fact !== null)} />
    </div>
  )
}
