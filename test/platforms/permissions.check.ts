import { existsSync } from 'node:fs';
import { describe, it } from 'vitest';
import { receivesUnderPermissions } from '../faults/permissions.testing.js';
import { bin, versionOf } from './platform.js';

describe.each(['node20', 'node22', 'node24'] as const)('%s', (name) => {
  const absent = versionOf(name) === undefined || !existsSync(bin[name]);

  it.skipIf(absent)(`receives under its permission model${absent ? ' (could not be fetched)' : ''}`, () =>
    receivesUnderPermissions(bin[name]),
  );
});
