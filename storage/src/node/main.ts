import { parseArgs } from 'node:util';
import { createNode } from './node.ts';

const USAGE = `node storage/src/node/main.ts --dir D [--port P] [--host H] [--origin O]... [--peer URL]...
The token of the RPC, if any, is read from ESSAIM_STORAGE_TOKEN.`;

const { values } = parseArgs({
  options: {
    dir: { type: 'string' },
    port: { type: 'string', default: '0' },
    host: { type: 'string', default: '127.0.0.1' },
    origin: { type: 'string', multiple: true, default: [] },
    peer: { type: 'string', multiple: true, default: [] },
    help: { type: 'boolean', default: false },
  },
});
const port = Number(values.port);
if (values.help || values.dir === undefined || !Number.isInteger(port)) {
  console.error(USAGE);
  process.exit(values.help ? 0 : 2);
}
const node = await createNode({
  dir: values.dir,
  port,
  host: values.host,
  origins: values.origin,
  peers: values.peer,
  token: process.env.ESSAIM_STORAGE_TOKEN || undefined,
});
console.log(JSON.stringify({ url: node.url }));

for (const signal of ['SIGTERM', 'SIGINT'] as const) {
  process.once(signal, async () => {
    await node.close();
    process.exit(0);
  });
}
