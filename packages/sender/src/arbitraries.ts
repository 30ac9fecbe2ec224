export { type ArbitraryBody, type ArbitraryEvent, bodyArbitrary, eventArbitrary } from './event-arbitraries.js';
