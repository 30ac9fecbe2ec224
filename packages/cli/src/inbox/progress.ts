const SHOW_MS = 500;
const WIDTH = 30;

/** A bar on a terminal for what takes long; nothing elsewhere. */
export function progress(total: number): { add(count: number): void; end(): void } {
  const started = performance.now();
  const { stderr } = process;
  let done = 0;
  let shown = false;
  return {
    add(count) {
      done = Math.min(total, done + count);
      if (!stderr.isTTY || total === 0 || performance.now() - started < SHOW_MS) return;
      shown = true;
      const part = done / total;
      stderr.write(`\r[${'#'.repeat(Math.round(part * WIDTH)).padEnd(WIDTH)}] ${Math.round(part * 100)} %`);
    },
    end() {
      if (shown) stderr.write('\n');
    },
  };
}
