/** The sign-in pages: plain HTML without a script, one form each. Every value is escaped. */
import { createHash } from 'node:crypto'
import { type Scope, scopes } from '../scopes.ts'
import { type Language, languageOf, words } from './words.ts'

export interface Page {
  readonly body: string
  readonly headers: Readonly<Record<string, string>>
}

interface Frame {
  readonly language: Language
  /** Where the forms go: `/oauth/interaction/<uid>`. */
  readonly action: string
  /** The browser goes here after the last form; browsers hold redirects to `form-action`. */
  readonly redirectUri: string
  readonly merchant: string
}

const style = `
:root{color-scheme:light;--paper:#F6F4F1;--surface:#FFFFFF;--ink:#1F1A21;--ink-2:#544C57;--ink-3:#6F6671;--line:#E4DFD9;--line-2:#CDC6BF;--plum:#6D2E5F;--plum-hover:#7F3B70;--on-plum:#FFFFFF;--link:#6D2E5F;--bad:#B3362B;--bad-soft:#FCEDEA;--bad-line:#F0C4BD;--r-s:6px;--r-m:10px;--sans:"PingFang SC","HarmonyOS Sans SC","MiSans","Noto Sans SC","Noto Sans CJK SC","Source Han Sans SC","Microsoft YaHei",system-ui,sans-serif}
@media(prefers-color-scheme:dark){:root{color-scheme:dark;--paper:#141115;--surface:#1D191F;--ink:#F2EDF1;--ink-2:#C2B8C2;--ink-3:#9E939F;--line:#352E37;--line-2:#4B424D;--plum:#954B84;--plum-hover:#A25591;--link:#E2A8D2;--bad:#F28F82;--bad-soft:#361D1B;--bad-line:#693630}}
*{box-sizing:border-box;margin:0}
body{font:400 15px/1.6 var(--sans);color:var(--ink);background:var(--paper);font-variant-numeric:tabular-nums lining-nums;padding:24px 16px}
main{max-width:420px;margin:0 auto;background:var(--surface);border:1px solid var(--line);border-radius:var(--r-m);padding:24px}
h1{font-size:17px;font-weight:600}p,ul{margin-top:8px;color:var(--ink-2)}ul{padding-left:20px}
label{display:block;margin-top:16px;font-size:14px;color:var(--ink-2)}
input{width:100%;min-height:48px;margin-top:4px;padding:0 12px;font:inherit;font-size:17px;color:var(--ink);background:var(--surface);border:1px solid var(--line-2);border-radius:var(--r-s)}
button{width:100%;min-height:48px;margin-top:16px;font:inherit;font-size:17px;font-weight:600;border-radius:var(--r-m);border:1px solid var(--plum);background:var(--plum);color:var(--on-plum);cursor:pointer}
button:hover{background:var(--plum-hover)}button.plain{background:transparent;border-color:var(--line-2);color:var(--ink)}
a{display:inline-block;min-height:44px;padding-top:12px;color:var(--link)}
:focus-visible{outline:2px solid var(--link);outline-offset:2px}
.bad{margin-top:16px;padding:8px 12px;color:var(--bad);background:var(--bad-soft);border:1px solid var(--bad-line);border-radius:var(--r-s)}
.small{font-size:14px;color:var(--ink-3)}`

const styleHash = createHash('sha256').update(style).digest('base64')

export function numberPage(frame: Frame, typed = '', problem?: string): Page {
  const text = words[frame.language]
  return page(frame, [
    `<h1>${escaped(text.numberLead(frame.merchant))}</h1>`,
    alertOf(problem),
    `<form method="post" action="${escaped(frame.action)}/number">
<label for="number">${text.number}</label>
<input id="number" name="number" type="tel" inputmode="tel" autocomplete="tel" maxlength="20" required autofocus value="${escaped(typed)}">
<p class="small">${text.numberNote}</p>
<button>${text.send}</button></form>`,
    abortForm(frame),
  ])
}

export function codePage(frame: Frame, maskedNumber: string, problem?: string): Page {
  const text = words[frame.language]
  return page(frame, [
    `<h1>${escaped(text.codeLead(maskedNumber))}</h1>`,
    alertOf(problem),
    `<form method="post" action="${escaped(frame.action)}/code">
<label for="code">${text.code}</label>
<input id="code" name="code" inputmode="numeric" autocomplete="one-time-code" pattern="[0-9]{6}" maxlength="6" required autofocus>
<p class="small">${text.codeNote}</p>
<button>${text.check}</button></form>`,
    `<a href="${escaped(frame.action)}?number">${text.otherNumber}</a>`,
  ])
}

export function consentPage(
  frame: Frame,
  asked: { readonly number: string; readonly scopes: readonly Scope[] },
): Page {
  const text = words[frame.language]
  const items = asked.scopes.map((scope) => `<li>${scopes[scope][frame.language]}</li>`)
  return page(frame, [
    `<h1>${escaped(text.consentLead(frame.merchant))}</h1>`,
    `<ul>${items.join('')}</ul>`,
    `<p class="small">${escaped(text.consentNote(asked.number))}</p>`,
    `<form method="post" action="${escaped(frame.action)}/consent"><button>${text.agree}</button></form>`,
    abortForm(frame),
  ])
}

/** For whatever cannot be answered at the merchant's page: `code` is an OAuth error code. */
export function errorPage(code: string, acceptLanguage: string | undefined): Page {
  const language = languageOf(undefined, acceptLanguage)
  const text = words[language]
  return page({ language, redirectUri: '' }, [
    `<h1>${text.failed}</h1>`,
    `<p>${text.failedNote}</p>`,
    `<p class="small">${text.errorCode}: ${escaped(code)}</p>`,
  ])
}

const alertOf = (problem: string | undefined) =>
  problem === undefined ? '' : `<p class="bad" role="alert">${escaped(problem)}</p>`

const abortForm = ({ action, language }: Frame) =>
  `<form method="post" action="${escaped(action)}/abort"><button class="plain">${words[language].refuse}</button></form>`

function page(
  { language, redirectUri }: Pick<Frame, 'language' | 'redirectUri'>,
  parts: readonly string[],
): Page {
  const title = words[language].title
  const lang = language === 'zh' ? 'zh-CN' : 'en'
  const body = `<!doctype html>
<html lang="${lang}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">
<meta name="color-scheme" content="light dark"><title>${title}</title><style>${style}</style></head>
<body><main>${parts.join('\n')}</main></body></html>`
  return {
    body,
    headers: {
      'content-type': 'text/html; charset=utf-8',
      'cache-control': 'no-store',
      'referrer-policy': 'no-referrer',
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'DENY',
      'content-security-policy': `default-src 'none'; style-src 'sha256-${styleHash}'; form-action 'self' ${originOf(redirectUri)}; base-uri 'none'; frame-ancestors 'none'`,
    },
  }
}

/** `https://shop.example` of a web address, `com.shop.app:` of an app's. */
function originOf(uri: string): string {
  if (!URL.canParse(uri)) return ''
  const { origin, protocol } = new URL(uri)
  return origin === 'null' ? protocol : origin
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}
const escaped = (text: string) => text.replace(/[&<>"']/g, (character) => entities[character] ?? '')
