/** The id says it in short. */
export const titleOf = (id: string): string => id;
