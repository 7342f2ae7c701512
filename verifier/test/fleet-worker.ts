/** A worker process of a fleet in tests. It finds claim 1 of jobs named “bad” doubtful, takes `slow` ms, and dies of “deadly” ones. */
import { serveLooks } from '../src/fleet/serve.ts';

const [address, name, slow] = process.argv.slice(2);
const deployment = { chainId: 31_337, addresses: { JobMarket: 'market' } } as never;
const say = (line: object): void => console.log(JSON.stringify({ name, ...line }));

say({ event: 'ready' });
await serveLooks(
  {
    ...{ address, deployment, atOnce: 2, interval: 200, lock: 600, tell: say },
    async look({ jobId }) {
      say({ event: 'began', jobId });
      await new Promise((resolve) => setTimeout(resolve, Number(slow)));
      if (jobId.startsWith('failing')) throw new Error('the chain is away');
      return { doubtful: jobId.startsWith('bad') ? [1] : [] };
    },
  },
  AbortSignal.timeout(60_000),
);
