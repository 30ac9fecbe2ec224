const SHOW_MS = 500;
const WIDTH = 30;

/** A bar on a terminal for what takes long; nothing elsewhere, or when the whole is not known: 0. */
export function progress(total: number): { at(done: number): void; end(): void } {
  const started = performance.now();
  const { stderr } = process;
  let shown = false;
  return {
    at(done) {
      if (!stderr.isTTY || total === 0 || performance.now() - started < SHOW_MS) return;
      shown = true;
      const part = Math.min(1, done / total);
      stderr.write(`\r[${'#'.repeat(Math.round(part * WIDTH)).padEnd(WIDTH)}] ${Math.round(part * 100)} %`);
    },
    end() {
      if (shown) stderr.write('\n');
    },
  };
}
