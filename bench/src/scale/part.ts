import { makeCalls } from '../calls.js';
import type { Field } from '../http/part.js';
import { startLoad } from '../http/processes.js';
import { setupFor } from '../http/setup.js';
import { wire } from '../http/wire.js';
import type { Table } from '../table.js';
import { clusterTable } from './cluster.js';
import { curveTables } from './curves.js';

/** How the cost of a call changes with processes, connections, bodies and identities. */
export async function scalePart(seconds: number): Promise<readonly Table[]> {
  const made = makeCalls(seconds < 1 ? 200 : 3000);
  const field: Field = {
    load: startLoad(),
    setup: setupFor(made),
    calls: made.calls,
    seconds,
    warmUp: seconds < 1 ? 200 : 5000,
  };
  try {
    await field.load.order({ do: 'keep', name: 'genuine', calls: made.calls.map((call) => wire(call)) });
    return [await clusterTable(field), ...(await curveTables(field))];
  } finally {
    field.load.stop();
  }
}
