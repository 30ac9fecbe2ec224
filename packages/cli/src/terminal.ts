/** True when there is someone to ask: input and output are a terminal, and no CI job pretends to be one. */
export function canAsk(): boolean {
  const { CI: ci = '', TERM: term = '' } = process.env;
  return (
    process.stdin.isTTY === true && process.stdout.isTTY === true && (ci === '' || ci === 'false') && term !== 'dumb'
  );
}
