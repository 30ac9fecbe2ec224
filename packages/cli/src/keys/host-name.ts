/** True for a name in lower case of two labels or more, at which a key could stand; underscores are usual there. */
export function isHostName(name: string): boolean {
  if (name.length > 253) return false;
  const labels = name.split('.');
  return labels.length > 1 && labels.every((label) => /^[a-z0-9_-]{1,63}$/.test(label));
}
