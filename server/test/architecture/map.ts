/** The map of the system, as data. ARCHITECTURE.md says why it looks like this. */

/** A module may know the rows above its own. Modules of one row do not know each other. */
export const rows: readonly (readonly string[])[] = [
  ['kernel'],
  ['db'],
  ['ledger', 'keys'],
  ['subscribers', 'merchants', 'risk', 'audit'],
  ['identities', 'card-vault', 'staff', 'sign-ins'],
  ['wallet-pins', 'payment-codes', 'merchant-qr'],
  ['payments', 'bank-cards'],
  ['wallet'],
  ['transfers', 'billers', 'repayments', 'scans', 'points', 'top-up-vouchers'],
  ['settlement', 'reconciliation', 'wallet-statement'],
  ['rails', 'channels'],
  ['config'],
  ['composition'],
  ['compose'],
  ['demo'],
  ['commands'],
  ['main'],
]

/** Folders whose sub-folders are modules of their own, strangers to each other. */
export const gatherings: readonly string[] = ['rails', 'channels']

/** Whose files may be named one by one; every other module is entered by an `index.ts`. */
export const open: readonly string[] = ['kernel', 'db', 'composition', 'commands']

/** Who may know a module of its own row, and why. `*` is every channel. */
export const acquaintances: readonly (readonly [who: string, whom: string])[] = [
  // Problems (RFC 9457) and event streams look the same in every HTTP channel.
  ['*', 'channels/http'],
  // The one guarded door to addresses that merchants name.
  ['*', 'channels/http-client'],
  // One request and what became of it, for rails that speak HTTP.
  ['rails/carrier', 'rails/http'],
  ['rails/biller', 'rails/http'],
  // Who is calling, and the cipher that seals the tokens of notice sinks.
  ['channels/camara', 'channels/oauth'],
  ['channels/webhooks', 'channels/oauth'],
  ['channels/mobile-money', 'channels/oauth'],
  // Staff comes in and stays in the same way, whatever its page.
  ['channels/counter', 'channels/staff-door'],
  ['channels/operator', 'channels/staff-door'],
  // A merchant opens checkout pages through its API.
  ['channels/merchant-api', 'channels/checkout'],
]

/** Packages that one place hides from all others. */
export const packageHomes: Readonly<Record<string, RegExp>> = {
  pg: /^(server\/src\/db|bench\/src\/ledger)\//,
  'node-pg-migrate': /^server\/src\/db\//,
  '@electric-sql/pglite': /^server\/src\/db\//,
  'oidc-provider': /^server\/src\/channels\/oauth\//,
  undici: /^(server\/src\/(rails|channels\/http-client)|bench)\//,
  commander: /^server\/src\/main\.ts$/,
  'close-with-grace': /^server\/src\/commands\//,
  pkcs11js: /^server\/src\/keys\/pkcs11\//,
  otpauth: /^server\/src\/staff\//,
  '@simplewebauthn/server': /^server\/src\/sign-ins\//,
  pdfkit: /^server\/src\/(channels\/counter|wallet-statement)\//,
  '@embedpdf/fonts-sc': /^server\/src\/wallet-statement\//,
  pino: /^server\/src\/(config|commands)\//,
  '@telepurse/simulators': /^(server\/src\/demo|bench)\//,
  '@telepurse/iso8583': /^(server\/src\/rails\/bank|simulators|bench)\//,
  '@telepurse/payment-code': /^(server\/src\/(payment-codes|top-up-vouchers)|web)\//,
  jose: /^server\/src\/(channels\/oauth|top-up-vouchers)\//,
  '@telepurse/emv-qr': /^server\/src\/merchant-qr\//,
  '@telepurse/sms': /^(server\/src\/channels\/sms|simulators|bench)\//,
  '@telepurse/server': /^bench\//,
}

/** What a protocol may take from Node, and the file that is its door: all others also run in the browser. */
export const nodeDoors: Readonly<Record<string, RegExp>> = {
  'node:crypto': /^protocols\/iso8583\/src\/node\.ts$/,
}
