/** True from `since` on for so long. A clock that was set back ends it, too: it must not last longer for that. */
export function lasts(since: number, milliseconds: number, now: number): boolean {
  return now >= since && now < since + milliseconds;
}
