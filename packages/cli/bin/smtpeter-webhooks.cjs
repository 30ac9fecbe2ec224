#!/usr/bin/env node
const { existsSync } = require('node:fs');
const { join } = require('node:path');

const file = join(__dirname, '../dist/main.cjs');
if (existsSync(file)) {
  require(file).main(process.argv.slice(2));
} else {
  process.stderr.write('error: smtpeter-webhooks is not built yet. Run: npm run build\n');
  process.exitCode = 3;
}
