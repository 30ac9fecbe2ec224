export * from './event.js';
export { createEventParser, type ParseInput, type ParseOptions, parseEvent } from './parse-event.js';
export type { Problem, ProblemCode, UnknownCode, UnknownReason } from './problem.js';
export type { RawObject, RawValue } from './raw.js';
export { parseStored, StoredEventError } from './stored-event.js';
