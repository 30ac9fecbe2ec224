/** What a race against a deadline gives when time is up. */
export const late: unique symbol = Symbol('late');

/** The promise's outcome, or `late` after so many milliseconds. The promise is not left without a catch. */
export async function before<T>(promise: PromiseLike<T>, milliseconds: number): Promise<T | typeof late> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const over = new Promise<typeof late>((resolve) => {
    timer = setTimeout(() => resolve(late), Math.max(0, milliseconds));
  });
  try {
    return await Promise.race([promise, over]);
  } finally {
    clearTimeout(timer);
  }
}
