export { askTxt, type DnsQuestionOptions, type DnsTxtAnswer } from './dns-question.js';
export { type DohServer, type DohServerOptions, startDohServer } from './doh-server.js';
export type { SignParameters } from './draft.js';
export { type EventFields, type EventValue, encodeForm, encodeJson } from './encode-body.js';
export { type Encoding, type EncodingName, encodingNames, encodings } from './encodings.js';
export { type Fault, type FaultName, faultNames, faults } from './faults.js';
export type { KeyBehaviour, KeyRecord, TxtRecord } from './key-records.js';
export { type KeyQuery, type KeyServer, type KeyServerOptions, startKeyServer } from './key-server.js';
export {
  eventKinds,
  type SampleKind,
  type SampleOptions,
  type SampleVariant,
  sampleEvent,
  sampleVariants,
} from './sample-event.js';
export { type SendManyOptions, type SendSummary, sendMany } from './send-many.js';
export { SendError, type SendErrorCode, type SendOptions, type SendResult, sendRequest } from './send-request.js';
export { type SignedCall, type SignOptions, signRequest } from './sign-request.js';
export { createTestKey, type TestKey, testKeyFromPem } from './test-key.js';
