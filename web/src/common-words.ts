// Words of both pages.
import type { Translated } from './names.ts'

export const commonZh = {
  otherLanguage: 'English',
  otherLanguageLabel: 'Switch to English',
  cancel: '返回',
  close: '关闭',
  copied: '已复制',
  problem: {
    offline: '没有连上服务器，刚才这一步可能没有送到。',
    unclear: '服务器没有说明原因（代码 {{status}}）。钱有没有动，以短信和账单为准。',
  },
  crash: {
    title: '这一页没能显示出来',
    text: '付款不受影响，结果以短信为准。请刷新本页。',
    reload: '刷新',
  },
}

export const commonEn: Translated<typeof commonZh> = {
  otherLanguage: '中文',
  otherLanguageLabel: '切换到中文',
  cancel: 'Back',
  close: 'Close',
  copied: 'Copied',
  problem: {
    offline: 'No connection to the server; the last step may not have arrived.',
    unclear:
      'The server gave no reason (code {{status}}). Texts and the phone bill tell whether money moved.',
  },
  crash: {
    title: 'This page could not be shown',
    text: 'Your payment is not affected; the text message tells the result. Please reload.',
    reload: 'Reload',
  },
}
