import { availableParallelism } from 'node:os';
import { executionOf, type Identity, need, runKeyless, type Secrets } from '@essaim/daemon';
import { openPool } from '@essaim/runtime';
import { enginesOf, type VerifierSettings, type verifierTable } from '../options.ts';
import { looker } from './look.ts';
import { serveLooks } from './serve.ts';

/** Looks at submissions for the verifiers of a queue, without a key, until it is told to stop. OPTION_MISSING */
export function runWorker(
  identity: Identity<typeof verifierTable>,
  options: VerifierSettings,
  secrets: Secrets,
): Promise<void> {
  const { queue: address, polling: interval } = need(options, identity.prefix, 'queue');
  return runKeyless(identity, options, secrets, async ({ essaim, say: tell, part }) => {
    const execution = executionOf(options, 'process');
    const pool = openPool({ engines: enginesOf(options), ...execution, tell });
    const look = looker({ essaim, trace: pool.trace });
    const { deployment } = essaim;
    // as many wait for chain and storage as run
    const atOnce = 2 * (execution.workers ?? availableParallelism());
    try {
      await part('looks', (signal) => serveLooks({ address, deployment, look, atOnce, interval, tell }, signal));
    } finally {
      await pool.close();
    }
  });
}
