import { readFileSync } from 'node:fs';
import { connectTo, executionOf, type Identity, need, openAccount, type Secrets } from '@essaim/daemon';
import { EssaimError } from '@essaim/protocol';
import { openPool } from '@essaim/runtime';
import { type Essaim, type HandOver, readHandOver } from '@essaim/sdk';
import { watching } from '../consent.ts';
import type { VerifierEvent } from '../events.ts';
import { enginesOf, type VerifierSettings, type verifierTable } from '../options.ts';
import { Purse } from '../purse.ts';
import { submissionOf } from '../submission-of.ts';
import { Verifier } from '../verifier.ts';

/** Events after which nothing is left to do. */
const ENDS = ['checked', 'convicted', 'lost', 'over', 'collected'];

/**
 * Checks the sealed job that a requester handed over in `file`, prints what is found, and convicts what is wrong in the
 * account's name; without an account it only says what it would do. HAND_OVER_INVALID, HAND_OVER_ELSEWHERE,
 * JOB_NOT_SUBMITTED
 */
export async function checkSealed(
  { prefix }: Identity<typeof verifierTable>,
  options: VerifierSettings,
  secrets: Secrets,
  file: string,
): Promise<void> {
  const values = need(options, prefix, 'rpc', 'deployment', 'storage');
  const handed = handedIn(file);
  secrets.add(handed.key);
  const account = await openAccount(values, secrets);
  const essaim = await connectTo(values, account && ((provider) => account.connect(provider)));
  const pool = openPool({ engines: enginesOf(options), ...executionOf(options, 'process') });
  let ended = false;
  const tell = (said: VerifierEvent): void => {
    ended ||= ENDS.includes(said.event);
    console.log(secrets.hide(JSON.stringify(said)));
  };
  try {
    await requirePlace(essaim, handed);
    const submitted = await submissionOf(essaim, handed.jobId);
    const { patience, bondBudget } = values;
    const purse = account && bondBudget !== undefined ? new Purse(essaim, account.address, bondBudget) : undefined;
    const keys = new Map([[handed.jobId, handed.key]]);
    const consent = account ? undefined : watching;
    await new Verifier(essaim, pool.trace, tell, { patience, purse, consent, keys }).check(submitted);
  } finally {
    await pool.close();
    essaim.close();
  }
  if (!ended) process.exitCode = 1;
}

function handedIn(file: string): HandOver {
  try {
    return readHandOver(JSON.parse(readFileSync(file, 'utf8')));
  } catch (cause) {
    if (cause instanceof EssaimError) throw cause;
    throw new EssaimError('HAND_OVER_INVALID', `${file} cannot be read as what a requester hands over`, {
      help: 'give the file as `hand-over` wrote it',
      cause,
    });
  }
}

async function requirePlace({ deployment, contracts }: Essaim, { chainId, market }: HandOver): Promise<void> {
  if (chainId === deployment.chainId && market === (await contracts.JobMarket.getAddress())) return;
  throw new EssaimError('HAND_OVER_ELSEWHERE', `the job is one of ${market} on chain ${chainId}, not of this market`, {
    help: 'give the endpoint and the deployment of that chain',
  });
}
