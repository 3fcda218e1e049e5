// Goods with their price, the text that buys them, and the button that opens the checkout.
import { Gamepad2, Joystick, type LucideIcon, ShoppingBag } from 'lucide-react'
import { Trans, useTranslation } from 'react-i18next'
import { pick } from '../../names.ts'
import { ActionButton } from '../../ui/action-button.tsx'
import { Icon } from '../../ui/icon.tsx'
import { Money } from '../../ui/money.tsx'
import type { Merchant } from '../state.ts'
import { BlockedNote } from './blocked-note.tsx'
import { useCheckout } from './use-checkout.ts'

const pictures: LucideIcon[] = [Gamepad2, Joystick, ShoppingBag]

export function GoodsList({ merchant }: { merchant: Merchant }) {
  const { t, i18n } = useTranslation('demo')
  const { buy, blockedUrl } = useCheckout()
  if (merchant.goods.length === 0) return null
  return (
    <ul className="goods">
      {merchant.goods.map((goods, index) => {
        const name = pick(goods.name, i18n.language)
        return (
          <li key={goods.code}>
            <span className="picture">
              <Icon of={pictures[index % pictures.length] ?? ShoppingBag} size={22} />
            </span>
            <div className="grow">
              <b>{name}</b>
              <small>
                <Trans
                  t={t}
                  i18nKey="shop.send"
                  values={{ code: goods.code, number: merchant.number }}
                  components={{ key: <kbd />, number: <span className="num" /> }}
                />
              </small>
            </div>
            <div className="price">
              <Money fen={goods.price} />
              <ActionButton
                className="button button-primary button-small"
                label={t('shop.buyLabel', { goods: name })}
                onAct={() => buy({ merchantId: merchant.id, product: goods.code })}
              >
                {t('shop.buy')}
              </ActionButton>
            </div>
          </li>
        )
      })}
      {blockedUrl && <BlockedNote url={blockedUrl} />}
    </ul>
  )
}
