import type { Server } from 'node:http';
import type { Http2SecureServer, Http2Server } from 'node:http2';
import type { AddressInfo } from 'node:net';
import type { StartedDoor } from './endpoint.testing.js';

/** Lets a server listen on a free port. */
export async function onFreePort(
  server: Server | Http2SecureServer | Http2Server,
  scheme = 'http',
): Promise<StartedDoor> {
  server.listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  return {
    to: `${scheme}://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close() {
      if ('closeAllConnections' in server) server.closeAllConnections();
      return new Promise((resolve) => server.close(resolve));
    },
  };
}
