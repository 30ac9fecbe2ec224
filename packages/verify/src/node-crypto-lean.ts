/** WebCrypto does the work. */
export const hashesAtOnce = false;

const none = (): undefined => {};

export { none as hashAtOnce, none as nodeKeyOf, none as nodeKeyOfJwk, none as verifyAtOnce };
