/* To be imported first: what is loaded after it finds a runtime that has WebCrypto and nothing of Node's own. */

const { getBuiltinModule } = process;
process.getBuiltinModule = (() => undefined) as typeof getBuiltinModule;

/** For once all is loaded. */
export function restoreNodeCrypto(): void {
  process.getBuiltinModule = getBuiltinModule;
}
