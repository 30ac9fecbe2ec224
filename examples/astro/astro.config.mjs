import node from '@astrojs/node';

export default {
  output: 'server',
  adapter: node({ mode: 'standalone' }),
  // Astro refuses forms without an Origin of its own, and so the vendor's; src/middleware.js does it for the rest.
  security: { checkOrigin: false },
};
