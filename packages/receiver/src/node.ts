export { writeAnswer } from './node-answer.js';
export { contentRequests, guardNodeRequest } from './node-content.js';
export { isEncrypted, type NodeCallOptions, serveNodeCall } from './node-door.js';
export { type NodeOptions, type NodeReceiver, nodeReceiver } from './node-receiver.js';
export type { TrustProxy } from './trust-proxy.js';
export { createWebhookServer, type WebhookServer } from './webhook-server.js';
