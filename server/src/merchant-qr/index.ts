/** The codes that merchants show. */
export {
  identifierOf,
  merchantCode,
  type Reading,
  type ReadRefusal,
  readCode,
  type ShownOrder,
} from './merchant-qr.ts'
