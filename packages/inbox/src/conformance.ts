export { type ConformanceCase, type ConformanceSetting, storeConformance } from './conformance/store-conformance.js';
