export {
  createHttpClient,
  type HttpClient,
  type HttpClientOptions,
  type Resolve,
  type SendRequest,
  type SendResult,
} from './client.ts'
export type { SendFailure } from './failure.ts'
export type { UrlRefusal } from './target.ts'
