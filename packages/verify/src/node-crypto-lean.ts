/** None: WebCrypto does the work. */
export const nodeCrypto = undefined;

export const hashesAtOnce = false;
