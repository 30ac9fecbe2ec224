/** The product's word, a hyphen or (older) an underscore, and the number. */
const pattern = /^(?:environment|account)[-_][0-9]{1,20}$/i;

/**
 * Reads an X-Copernica-ID. The vendor writes the same identity in several ways: `environment-1234`,
 * `environment_1234`, `Account_1234`.
 *
 * @returns one spelling, lower case with a hyphen: `environment-1234`, `account-1234`; undefined for anything else.
 */
export function parseIdentity(text: string): string | undefined {
  return pattern.test(text) ? text.toLowerCase().replace('_', '-') : undefined;
}
