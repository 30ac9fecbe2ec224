import { spawn, spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { bin, emptyFolder } from '../cli/process.testing.js';
import { atEnd } from '../vendor.testing.js';

const hasScript = process.platform === 'linux' && spawnSync('script', ['-qec', 'true', '/dev/null']).status === 0;

/** Runs the command on a terminal of its own, and types when it is asked. */
function onTerminal(cwd: string, home: string, dialogue: readonly (readonly [asked: string, typed: string])[]) {
  const env = { ...process.env, HOME: home, TERM: 'xterm', CI: '', NO_COLOR: '1' };
  const child = spawn('script', ['-qec', `'${process.execPath}' '${bin}' place`, '/dev/null'], { cwd, env });
  atEnd(() => child.kill('SIGKILL'));
  let text = '';
  let at = 0;
  const todo = [...dialogue];
  const look = () => {
    const [next] = todo;
    if (next === undefined || !text.slice(at).includes(next[0])) return;
    at = text.length;
    todo.shift();
    child.stdin.write(next[1]);
    look();
  };
  child.stdout.on('data', (chunk) => {
    text += chunk;
    look();
  });
  return new Promise<{ code: number | null; text: string }>((resolve) =>
    child.on('close', (code) => resolve({ code, text })),
  );
}

describe.skipIf(!hasScript)('place without arguments, on a terminal (where script makes one)', () => {
  function project() {
    const home = emptyFolder();
    const cwd = join(home, 'site');
    mkdirSync(join(home, 'Downloads'));
    mkdirSync(join(cwd, 'hooks'), { recursive: true });
    writeFileSync(join(home, 'Downloads', 'smtpeter-old.txt'), 'old');
    writeFileSync(join(home, 'Downloads', 'smtpeter-new (1).txt'), 'new');
    utimesSync(join(home, 'Downloads', 'smtpeter-old.txt'), 1, 1);
    writeFileSync(join(cwd, 'hooks', 'mail.php'), '<?php // calls of SMTPeter');
    return { home, cwd };
  }

  it('finds the newest file and the handler, shows what it will do, and does it on Enter', async () => {
    const { home, cwd } = project();
    const { code, text } = await onTerminal(cwd, home, [
      ['Enter for 1', '\r'],
      ['Enter for 1', '\r'],
      ['callback URL', 'https://example.com/hooks/mail.php\r'],
      ['places it', '\r'],
    ]);
    expect(text).toContain('would be placed');
    expect(text).toContain('https://example.com/hooks/smtpeter-new.txt');
    expect(code).toBe(0);
    expect(readFileSync(join(cwd, 'hooks', 'smtpeter-new.txt'), 'utf8')).toBe('new');
  });

  it('does nothing on Ctrl-C', async () => {
    const { home, cwd } = project();
    const { code } = await onTerminal(cwd, home, [
      ['Enter for 1', '2\r'],
      ['Enter for 1', '\r'],
      ['callback URL', '\r'],
      ['places it', '\u0003'],
    ]);
    expect(code).toBe(2);
    expect(() => readFileSync(join(cwd, 'hooks', 'smtpeter-old.txt'))).toThrow();
  });
});
