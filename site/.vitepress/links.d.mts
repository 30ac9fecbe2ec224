export function siteLink(
  href: string,
  page: string,
  where: { readonly root: string; readonly repository: string },
): string;
export function anchorOf(heading: string): string;
