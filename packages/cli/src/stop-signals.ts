/** The first signal asks for an orderly end, the second one ends. */
export function onStopSignal(stop: () => void): void {
  let asked = false;
  for (const [signal, number] of [
    ['SIGTERM', 15],
    ['SIGINT', 2],
  ] as const) {
    process.on(signal, () => {
      if (asked) process.exit(128 + number);
      asked = true;
      stop();
    });
  }
}
