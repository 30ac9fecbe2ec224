export type { AcceptOptions } from './accept-options.js';
export { createInbox, type InboxStats, type StoredInbox } from './create-inbox.js';
export { InboxError, type InboxErrorCode, inboxErrors } from './errors.js';
export {
  createHandover,
  type HandoverMessage,
  type HandoverOptions,
  type HandoverTarget,
} from './handover.js';
export { type StartWorkerOptions, startWorker } from './start-worker.js';
export type {
  AttemptError,
  ClaimedEvent,
  ClaimRequest,
  EventFilter,
  EventState,
  InboxStore,
  NewCall,
  Outcome,
  Page,
  PageChange,
  StoredEvent,
  StoreStats,
  StoreTransaction,
} from './store.js';
