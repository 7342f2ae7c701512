/**
 * A local chain as a process of its own: Hardhat's network behind JSON-RPC.
 * Prints one line of JSON when it is ready: {"url": …}. Stops on SIGTERM.
 */
import { network } from 'hardhat';

const port = Number(process.argv[2] ?? 0);
const server = await network.createServer({ network: 'default', chainType: 'l1' }, '127.0.0.1', port);
const { address, port: bound } = await server.listen();
console.log(JSON.stringify({ url: `http://${address}:${bound}` }));

for (const signal of ['SIGTERM', 'SIGINT'] as const) {
  process.once(signal, async () => {
    await server.close();
    process.exit(0);
  });
}
