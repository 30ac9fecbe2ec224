import { misuse } from '../failure.js';

/** Asks for the file and the place, shows what will be done, and does it. */
export async function askAndPlace(): Promise<void> {
  throw misuse('Give the file: smtpeter-webhooks place <file>.');
}
