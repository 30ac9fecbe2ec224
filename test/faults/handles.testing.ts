import { beforeEach, expect } from 'vitest';

/** What keeps a process alive, by kind: sockets, servers, timers, what waits for DNS or a file. */
function active(): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const kind of process.getActiveResourcesInfo()) counts[kind] = (counts[kind] ?? 0) + 1;
  return counts;
}

const more = (now: Record<string, number>, before: Record<string, number>) =>
  Object.fromEntries(Object.entries(now).filter(([kind, count]) => count > (before[kind] ?? 0)));

/** Every test of the file leaves no more of it behind than it found, once its servers are closed. */
export function leavesNothingBehind(): void {
  beforeEach(() => {
    const before = active();
    // What `beforeEach` gives back is done after everything else.
    return async () => {
      // Sockets that are closed already are gone only some turns later.
      for (let turns = 0; turns < 2000 && Object.keys(more(active(), before)).length > 0; turns++) {
        await new Promise((resolve) => setImmediate(resolve));
      }
      const left = more(active(), before);
      delete left['Immediate'];
      expect(left, 'left behind').toEqual({});
    };
  });
}
