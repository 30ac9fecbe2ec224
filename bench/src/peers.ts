import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** The folder that the peers are installed in. */
export const benchFolder = fileURLToPath(new URL('..', import.meta.url));

/** The peers that a part asked for and did not find. */
export class Peers {
  readonly missing: string[] = [];

  /**
   * Loads a peer.
   *
   * @param T - what of it is used: its own types need not be installed.
   * @returns undefined when it is not installed; then its name is among the missing.
   */
  async load<T>(name: string): Promise<T | undefined> {
    if (peerVersion(name) === undefined) {
      this.missing.push(`${name} is not installed`);
      return undefined;
    }
    const module = await import(name);
    return (module.default ?? module) as T;
  }
}

/** The version of an installed peer. */
export function peerVersion(name: string): string | undefined {
  const file = `${benchFolder}node_modules/${name}/package.json`;
  if (!existsSync(file)) return undefined;
  return JSON.parse(readFileSync(file, 'utf8')).version;
}
