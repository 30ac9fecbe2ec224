// Preloaded into an example: the machine's DNS servers are the one that the test has started. All else is as it is.
import dns from 'node:dns';

const server = process.env.TEST_DNS_SERVER;
if (server !== undefined) {
  dns.promises.Resolver.prototype.getServers = () => [server];
  // What asks Node's own resolver does the same.
  dns.setServers([server]);
  dns.promises.setServers([server]);
}
