export type { ConformanceCase } from './conformance/case.js';
export { cases } from './conformance/cases.js';
export { type ConformanceEndpoint, ConformanceError } from './conformance/endpoint.js';
