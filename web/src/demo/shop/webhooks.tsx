// What the merchant's server was told, how it answered, and a way to tell it again.
import { RotateCw } from 'lucide-react'
import { Fragment } from 'react'
import { useTranslation } from 'react-i18next'
import { webhookStatus } from '../../status.ts'
import { secondOf } from '../../time.ts'
import { ActionButton } from '../../ui/action-button.tsx'
import { Icon } from '../../ui/icon.tsx'
import { StatusTag } from '../../ui/status-tag.tsx'
import { useDemo } from '../demo-context.ts'
import { ShowMore, useShortList } from '../show-more.tsx'
import type { Webhook } from '../state.ts'

const shownAtFirst = 4

export function Webhooks({ webhooks }: { webhooks: Webhook[] }) {
  const { t } = useTranslation('demo')
  const list = useShortList(
    webhooks.toSorted((first, second) => second.at - first.at),
    shownAtFirst,
  )
  return (
    <>
      <div className="sub">
        <h3>{t('shop.webhooks')}</h3>
        <span className="muted">Webhook</span>
      </div>
      {webhooks.length === 0 && <p className="empty">{t('shop.noWebhooks')}</p>}
      <ul>
        {list.items.map((webhook) => (
          <WebhookRow key={webhook.deliveryId} webhook={webhook} />
        ))}
      </ul>
      <ShowMore list={list} />
    </>
  )
}

function WebhookRow({ webhook }: { webhook: Webhook }) {
  const { t } = useTranslation('demo')
  const { zone, post } = useDemo()
  const { status, ms, state, attempts, type, deliveryId } = webhook
  const answer = `${status ?? t('shop.noAnswer')}${ms === null ? '' : ` · ${ms} ms`}`
  return (
    <li className="webhook">
      <span className="num muted">{secondOf(webhook.at, zone)}</span>
      <code>
        {type.split('.').map((part, index) => (
          <Fragment key={part}>
            {index > 0 && '.'}
            <wbr />
            {part}
          </Fragment>
        ))}
      </code>
      {state === 'delivered' && <span className="answered num">{answer}</span>}
      <ActionButton
        className="icon-button"
        label={t('shop.resendLabel', { type })}
        onAct={() => post(`/demo/webhooks/${deliveryId}/resend`)}
      >
        <Icon of={RotateCw} size={14} />
      </ActionButton>
      {state !== 'delivered' && (
        <span className="attempt">
          <StatusTag status={webhookStatus[state]} />
          {answer} · {t('shop.attempts', { n: attempts })}
        </span>
      )}
    </li>
  )
}
