import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { root, run } from './packed.js';
import { tool } from './tools.js';

it('the API reference is made without a warning: nothing exported is undocumented, no link leads nowhere', () => {
  run(process.execPath, [tool('typedoc/bin/typedoc'), '--options', 'test/packages/typedoc.config.mjs'], root);
  expect(existsSync(join(root, 'docs/.site/api/index.html'))).toBe(true);
});
