export type { TestClock } from './testing/clock.js';
export { type InjectCall, type SettableTest, toInject, toRequest, toSupertest } from './testing/requests.js';
export { createTestVendor, type TestCallChange, type TestVendor, type TestVendorOptions } from './testing/vendor.js';
