// Follows every link of the built site, anchors too, and finds every picture: node site/check-links.mjs, at the end of npm run docs:site.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const site = new URL('../docs/.site/', import.meta.url);
const pages = readdirSync(site, { recursive: true, encoding: 'utf8' })
  .map((file) => file.replaceAll('\\', '/'))
  .filter((file) => file.endsWith('.html') && !file.startsWith('api/') && file !== '404.html');

/** The file of a path of the site, as servers with clean URLs have it. */
const fileOf = (path) =>
  [path, `${path}.html`, `${path}index.html`, `${path}/index.html`].find(
    (file) => /\.\w+$/.test(file) && existsSync(fileURLToPath(new URL(file, site))),
  );
const anchors = new Map();
const anchorsOf = (file) => {
  if (!anchors.has(file)) {
    const text = readFileSync(new URL(file, site), 'utf8');
    anchors.set(file, new Set([...text.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id)));
  }
  return anchors.get(file);
};

const dead = [];
let followed = 0;
let pictures = 0;
for (const page of pages) {
  const base = new URL(page.replace(/(^|\/)index\.html$/, '$1').replace(/\.html$/, ''), 'http://site/');
  const text = readFileSync(new URL(page, site), 'utf8');
  for (const [, source = ''] of text.matchAll(/<img [^>]*src="([^"]*)"/g)) {
    pictures++;
    if (source.startsWith('data:image/')) continue; // small ones are in the page itself
    const { host, pathname } = new URL(source, base);
    if (host !== 'site' || fileOf(decodeURI(pathname).slice(1)) === undefined) dead.push(`${page}: ${source}`);
  }
  for (const [, href = ''] of text.matchAll(/<a [^>]*href="([^"]*)"/g)) {
    const url = new URL(href.replaceAll('&amp;', '&'), base);
    if (url.host !== 'site') continue;
    followed++;
    const file = fileOf(decodeURI(url.pathname).slice(1));
    const anchor = decodeURIComponent(url.hash.slice(1));
    if (file === undefined) dead.push(`${page}: ${href}`);
    else if (anchor !== '' && file.endsWith('.html') && !anchorsOf(file).has(anchor)) dead.push(`${page}: ${href}`);
  }
}
if (dead.length > 0 || pages.length < 40 || followed < 500 || pictures < 1) {
  console.error(`${pages.length} pages, ${followed} links, dead:\n${[...new Set(dead)].join('\n')}`);
  process.exit(1);
}
console.log(`${pages.length} pages, ${followed} links and ${pictures} pictures, none of them dead.`);
