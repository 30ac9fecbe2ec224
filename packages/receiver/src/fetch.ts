export { type FetchOptions, type FetchReceiver, fetchReceiver } from './fetch-receiver.js';
