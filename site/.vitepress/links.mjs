// Links of the documentation lead to files of the repository, so that they work there; here is what they are on the site.
import { existsSync, statSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';

/**
 * A link as the site has it: a folder with a README is that page, another file is shown in the repository.
 *
 * @param {string} href - as written
 * @param {string} page - the file that has it, from the root of the repository
 * @param {{ root: string, repository: string }} where
 */
export function siteLink(href, page, { root, repository }) {
  if (href === '' || /^([a-z]+:|#|\/)/i.test(href)) return href;
  const [path = '', hash] = href.split('#');
  const target = join(dirname(page), decodeURI(path));
  const fragment = hash === undefined ? '' : `#${hash}`;
  const isFolder = existsSync(join(root, target)) && statSync(join(root, target)).isDirectory();
  // A README is the page of its folder.
  if (/(^|\/)README\.md$/.test(target)) return `/${target.slice(0, -'README.md'.length)}${fragment}`;
  if (isFolder && existsSync(join(root, target, 'README.md'))) return `/${target.replace(/\/?$/, '/')}${fragment}`;
  // A picture is shown, not linked to: it comes along with the page.
  if (target.endsWith('.svg')) return /^\./.test(href) ? href : `./${href}`;
  // What is not there stays as it is, for the check of dead links to find.
  if (target.endsWith('.md') || !existsSync(join(root, target))) return href;
  return `${repository}/${isFolder ? 'tree' : 'blob'}/main/${relative('.', target)}${fragment}`;
}

/**
 * The anchor of a heading, as the repository's pages have it, so that one link fits both.
 *
 * @param {string} heading
 */
export function anchorOf(heading) {
  return heading
    .trim()
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\p{M}_\- ]/gu, '')
    .replaceAll(' ', '-');
}
