// One reward: what it costs, how many are left, until when, and stocking or changing it.
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { formatPoints } from '../../format-points.ts'
import { pick } from '../../names.ts'
import type { Status } from '../../status.ts'
import { FactList } from '../../ui/fact-list.tsx'
import { StatusTag } from '../../ui/status-tag.tsx'
import type { OperatorApi } from '../operator-api.ts'
import { useMay } from '../who.ts'
import { ChangeForm } from './change-form.tsx'
import type { Reward } from './contract.ts'
import { momentOf } from './days.ts'
import { StockForm } from './stock-form.tsx'

type Properties = { api: OperatorApi; reward: Reward; onChanged: () => Promise<void> }

const forms = { stock: StockForm, change: ChangeForm } as const
type Act = keyof typeof forms

export function RewardCard({ api, reward, onChanged }: Properties) {
  const { t, i18n } = useTranslation('operatorPoints')
  const mayChange = useMay('change')
  const [act, choose] = useState<Act | null>(null)
  const Form = act && forms[act]
  const { name, points, kind, stock, remaining, from, until } = reward
  return (
    <article className="card approval">
      <header className="head">
        <h3>{pick(name, i18n.language)}</h3>
        <StatusTag status={statusOf(reward, Date.now())} />
      </header>
      <FactList
        facts={[
          { label: t('reward.price'), value: `${formatPoints(points)} ${t('unit')}` },
          { label: t('reward.kind'), value: t(`reward.kinds.${kind}`) },
          {
            label: t('reward.left'),
            value: t('reward.of', { n: formatPoints(remaining), all: formatPoints(stock) }),
          },
          { label: t('reward.from'), value: momentOf(from) },
          { label: t('reward.until'), value: momentOf(until) },
        ]}
      />
      {!mayChange ? null : Form ? (
        <Form api={api} reward={reward} onDone={onChanged} onBack={() => choose(null)} />
      ) : (
        <div className="row approval-actions">
          {(Object.keys(forms) as Act[]).map((one) => (
            <button key={one} type="button" className="button" onClick={() => choose(one)}>
              {t(`reward.act.${one}`)}
            </button>
          ))}
        </div>
      )}
    </article>
  )
}

function statusOf({ stock, remaining, from, until }: Reward, now: number): Status {
  if (now >= Date.parse(until)) return ['off', '已结束', 'Over']
  if (stock === '0') return ['wait', '未上货', 'Not stocked']
  if (remaining === '0') return ['off', '已兑完', 'All taken']
  return now < Date.parse(from) ? ['wait', '未开始', 'Not yet'] : ['done', '兑换中', 'Offered']
}
