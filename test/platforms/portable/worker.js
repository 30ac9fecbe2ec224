// For workerd: takes the corpus as a request, answers what each case comes to.
import { runSuite } from './suite.mjs';

export default {
  fetch: async (request) => Response.json(await runSuite(await request.json())),
};
