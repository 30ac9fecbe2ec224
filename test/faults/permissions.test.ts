import { it } from 'vitest';
import { leavesNothingBehind } from './handles.testing.js';
import { receivesUnderPermissions } from './permissions.testing.js';

leavesNothingBehind();

it('receives under the permission model: reads its own files, writes none, starts no process and no thread', () =>
  receivesUnderPermissions(process.execPath));
