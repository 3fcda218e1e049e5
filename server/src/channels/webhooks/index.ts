export { type EventType, eventTypes, type WebhookEvent } from './event.ts'
export {
  createNoticeWorker,
  type Notice,
  type NoticeWorkerOptions,
  recordNotices,
} from './notices.ts'
export { createEventRecorder, type EventRecorder } from './recorder.ts'
export { merchantWebhookRoutes, type WebhookRoutesOptions } from './routes.ts'
export { createWebhookWorker, type WebhookWorkerOptions } from './worker.ts'
