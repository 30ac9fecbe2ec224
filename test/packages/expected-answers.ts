/** What fixtures/through-all-doors.cjs prints: every door took the genuine call and refused the forgery. */
export const allDoors = {
  answers: {
    express: [200, 401],
    node: [200, 401],
    fetch: [200, 401],
    receiver: 'object',
    verify: 'function',
    events: 'open',
  },
  kinds: ['open', 'open', 'open'],
};
