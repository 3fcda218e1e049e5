// The payment code: shown to a till or a friend, changed by itself, good without the network.
import { ChevronRight, RefreshCw, ScanLine, ShieldCheck, Sun, Wallet, WifiOff } from 'lucide-react'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import { formatFen } from '../../fen.ts'
import { Icon } from '../../ui/icon.tsx'
import { QrSquare } from '../../ui/qr-square.tsx'
import { ScreenHead } from '../parts/screen-head.tsx'
import { Skeleton } from '../parts/skeleton.tsx'
import { useBalance, useMe } from '../queries.ts'
import { useCountdown } from '../use-countdown.ts'
import { useTaken } from '../use-news.ts'
import { Bars } from './bars.tsx'
import { type ShownCode, shownMs, useCode } from './use-code.ts'

export function CodeScreen() {
  const { t } = useTranslation('code')
  const { code, change } = useCode()
  useTaken()
  return (
    <>
      <ScreenHead title={t('code.title')} />
      <p className="code-warning">
        <Icon of={ShieldCheck} size={16} />
        {t('code.warning')}
      </p>
      <section className="card code-card">
        {code.is === 'making' && <Skeleton rows={6} />}
        {code.is === 'none' && (
          <div className="code-none">
            <p>{t('code.none')}</p>
            <button type="button" className="button" onClick={change}>
              {t('code.again')}
            </button>
          </div>
        )}
        {code.is === 'shown' && <Shown code={code} onChange={change} />}
        <Source />
      </section>
      <p className="code-hint">
        <Icon of={code.is === 'shown' && code.isOffline ? WifiOff : Sun} size={16} />
        {t(code.is === 'shown' && code.isOffline ? 'code.offline' : 'code.bright')}
      </p>
      <Link to="/code/scan" className="button button-large wide">
        <Icon of={ScanLine} size={18} />
        {t('scan.title')}
      </Link>
    </>
  )
}

type Properties = { code: Extract<ShownCode, { is: 'shown' }>; onChange: () => void }

function Shown({ code, onChange }: Properties) {
  const { t } = useTranslation('code')
  const [isOpen, open] = useState(false)
  const { digits, until } = code
  const seconds = useSecondsTo(until)
  const groups = digits.match(/.{1,4}/g) ?? []
  return (
    <>
      <Bars digits={digits} label={t('code.bars')} />
      <p className="code-digits num" data-testid="code">
        {isOpen ? groups.join(' ') : `${groups[0]} **** **** **** ${groups[4]}`}
        <button type="button" className="link-button" onClick={() => open(!isOpen)}>
          {t(isOpen ? 'code.hide' : 'code.show')}
        </button>
      </p>
      <QrSquare className="code-square" text={digits} label={t('code.square')} />
      <p className="code-time">
        <span
          className="code-ring"
          style={{ '--left': `${(seconds * 1_000) / shownMs}turn` } as React.CSSProperties}
          aria-hidden="true"
        />
        <span className="num">{t('code.seconds', { n: seconds })}</span>
        <button type="button" className="link-button" onClick={onChange}>
          <Icon of={RefreshCw} size={16} />
          {t('code.change')}
        </button>
      </p>
    </>
  )
}

function useSecondsTo(until: number): number {
  const { leftMs, start } = useCountdown()
  useEffect(() => start(until - Date.now()), [until])
  return Math.ceil(leftMs / 1_000)
}

function Source() {
  const { t } = useTranslation('code')
  const me = useMe()
  const balance = useBalance()
  const [first, second] = me.data?.sources ?? []
  if (first === undefined) return null
  const left = first === 'wallet' && balance.data ? formatFen(balance.data.available) : null
  return (
    <Link to="/sources" className="entry code-source">
      <span className="entry-icon entry-icon-plum">
        <Icon of={Wallet} size={20} />
      </span>
      <span className="grow">
        <span className="entry-title">{t(`source.${first}`)}</span>
        <small>
          {left !== null && `${t('code.available', { amount: left })} · `}
          {second !== undefined && t('code.else', { source: t(`source.${second}`) })}
        </small>
      </span>
      <span className="muted">{t('code.order')}</span>
      <Icon of={ChevronRight} />
    </Link>
  )
}
