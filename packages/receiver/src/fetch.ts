export { contentRequests } from './fetch-content.js';
export { type FetchOptions, type FetchReceiver, fetchReceiver } from './fetch-receiver.js';
