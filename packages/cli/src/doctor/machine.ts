import { getServers } from 'node:dns';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { askTxt } from '@smtpeter-webhooks/sender';
import { examination, type Finding } from './finding.js';
import { type ProbeOptions, probe } from './probe.js';

const DNS_NAME = 'copernica.com';

/** Examines Node.js itself. */
export function examineNode(version: string = process.versions.node): Finding {
  const { pass, fail } = examination('node', 'Node.js is new enough');
  const [major = 0, minor = 0] = version.split('.').map(Number);
  return major > 20 || (major === 20 && minor >= 19) ? pass(version) : fail(version, 'Install Node.js 20.19 or newer.');
}

/** Compares this clock with a server's: calls that seem older than five minutes are refused. */
export async function examineClock(url: URL, options: ProbeOptions): Promise<Finding> {
  const { pass, warn, fail, skip } = examination('clock', "This machine's clock is right");
  const before = Date.now();
  const answer = await probe(url, { ...options, method: 'HEAD' }).catch(() => undefined);
  const date = Date.parse(answer?.headers.date ?? '');
  if (answer === undefined || Number.isNaN(date)) {
    return skip(`${url.host} gave no Date to compare with`, 'Name another server with --clock.');
  }
  // A Date has whole seconds, and was written between the question and the answer.
  const seconds = Math.round(((before + answer.at) / 2 - date - 500) / 1000);
  const detail = `${Math.abs(seconds)} s ${seconds >= 0 ? 'ahead of' : 'behind'} ${url.host}`;
  if (Math.abs(seconds) > 240) return fail(detail, 'Let NTP set the clock: calls are refused for their age.');
  return Math.abs(seconds) > 30 ? warn(detail, 'Let NTP keep the clock.') : pass(detail);
}

/** Examines whether DNS servers answer, over UDP and over TCP, which large keys need. */
export async function examineDns(servers: readonly string[] = getServers()): Promise<Finding[]> {
  const transports = ['udp', 'tcp'] as const;
  return Promise.all(
    transports.map(async (transport) => {
      const { pass, warn, fail, skip } = examination(`dns-${transport}`, `DNS answers over ${transport.toUpperCase()}`);
      if (servers.length === 0) return skip('this machine names no DNS server');
      const answers = await Promise.all(servers.map((server) => ask(server, transport)));
      const detail = answers.map(({ server, said }) => `${server}: ${said}`).join(', ');
      const good = answers.filter((one) => one.good).length;
      if (good === servers.length) return pass(detail);
      const fix = `Let this machine ask its DNS servers over ${transport.toUpperCase()} port 53.`;
      return good > 0 ? warn(detail, fix) : fail(detail, fix);
    }),
  );
}

async function ask(server: string, transport: 'udp' | 'tcp'): Promise<{ server: string; said: string; good: boolean }> {
  try {
    const { rcode } = await askTxt(DNS_NAME, { server, transport, timeoutMs: 3000 });
    return { server, said: rcode, good: rcode === 'NOERROR' || rcode === 'NXDOMAIN' };
  } catch (error) {
    return { server, said: error instanceof Error ? error.message : String(error), good: false };
  }
}

/** Looks at what is installed in a project: packages of ours of one version, a framework that fits. */
export async function examineVersions(project: string): Promise<Finding> {
  const { pass, fail, skip } = examination('versions', 'The installed packages fit together');
  const scope = join(project, 'node_modules', '@smtpeter-webhooks');
  const names = await readdir(scope).catch((): string[] => []);
  const ours = await Promise.all(names.map(async (name) => ({ name, version: await versionIn(join(scope, name)) })));
  const express = await versionIn(join(project, 'node_modules', 'express'));
  if (names.length === 0) return skip('nothing of @smtpeter-webhooks is installed in this directory');
  const detail = [
    ...ours.map(({ name, version }) => `${name} ${version}`),
    ...(express ? [`express ${express}`] : []),
  ].join(', ');
  if (new Set(ours.map((one) => one.version)).size > 1) {
    return fail(detail, 'Install all packages of @smtpeter-webhooks in one version.');
  }
  const major = express?.split('.')[0];
  if (names.includes('express') && major !== '4' && major !== '5') return fail(detail, 'Install express 4 or 5.');
  return pass(detail);
}

async function versionIn(folder: string): Promise<string | undefined> {
  try {
    return String((JSON.parse(await readFile(join(folder, 'package.json'), 'utf8')) as { version?: unknown }).version);
  } catch {
    return undefined;
  }
}
