/** What a customer signs at the counter. A new text gets a new version; what was signed stays as it was. */
import type { Agreement } from '../channels/counter/index.ts'

export const agreement: Agreement = {
  version: '2026-09',
  title: { zh: '手机钱包银行卡支付协议', en: 'Agreement on paying by bank card with the phone' },
  points: [
    {
      zh: '可用短信、网页和商户接口付款，要输支付密码。',
      en: 'Payments by text, on web pages and at merchants need the payment PIN.',
    },
    {
      zh: '单笔和每日有限额，银行可以定得更低。',
      en: 'There are limits for one payment and for a day; a bank may set lower ones.',
    },
    {
      zh: '手机丢失请马上打客服停用，停用后不再扣款。',
      en: 'Lost the phone? Call us at once; nothing is taken after that.',
    },
    { zh: '随时可到营业厅解绑，不收费。', en: 'Unbind at any counter, at any time, for nothing.' },
  ],
}
