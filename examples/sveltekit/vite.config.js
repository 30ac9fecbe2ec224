import adapter from '@sveltejs/adapter-node';
import { sveltekit } from '@sveltejs/kit/vite';

export default {
  plugins: [
    sveltekit({
      adapter: adapter(),
      // SvelteKit refuses forms without an Origin of its own, and so the vendor's; src/hooks.server.js does it for the rest.
      csrf: { trustedOrigins: ['*'] },
    }),
  ],
};
