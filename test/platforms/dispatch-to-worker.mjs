// Bundles the Worker of a folder and gives it the calls of its calls.json in workerd; prints the answers' statuses.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Miniflare } from 'miniflare';
import { bundledWorker } from './bundled-worker.mjs';

const [, , folder] = process.argv;
const { calls, bindings, doh } = JSON.parse(readFileSync(join(folder, 'calls.json'), 'utf8'));
const { compatibilityDate } = JSON.parse(readFileSync(new URL('worker-settings.json', import.meta.url), 'utf8'));
// Through a socket the URL and Host would be those of loopback; upstream makes them what Cloudflare shows a Worker.
const upstream = new URL(bindings.WEBHOOK_URL).origin;
const worker = new Miniflare({
  upstream,
  modules: true,
  script: await bundledWorker(folder),
  compatibilityDate,
  bindings,
  // Whatever the Worker asks for outside goes to the provider of DNS over HTTPS that the test has started.
  outboundService: (request) => fetch(`${doh}${new URL(request.url).search}`),
});
const answers = [];
for (const { url, method, headers, body } of calls) {
  const response = await worker.dispatchFetch(url, { method, headers, body });
  answers.push(response.status);
}
await worker.dispose();
console.log(JSON.stringify(answers));
