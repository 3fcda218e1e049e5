/** What rails over HTTP have in common: one request and what became of it, and how the link looked of late. */
export { type Exchange, exchange, type Outgoing, type RawAnswer } from './exchange.ts'
export { createLink, type Link } from './link.ts'
