import { connectTo, executionOf, type Identity, need, type Secrets } from '@essaim/daemon';
import { openPool } from '@essaim/runtime';
import { watching } from './consent.ts';
import { enginesOf, type VerifierSettings, type verifierTable } from './options.ts';
import { attentionOf } from './policy/attention-of.ts';
import { explain } from './policy/explain.ts';
import { submissionOf } from './submission-of.ts';
import { Verifier } from './verifier.ts';

/**
 * Checks one submission without an account, and prints whether and why it is looked at, what was found, and what would be
 * done. JOB_NOT_SUBMITTED
 */
export async function simulateCheck(
  { prefix }: Identity<typeof verifierTable>,
  options: VerifierSettings,
  secrets: Secrets,
  jobId: string,
): Promise<void> {
  const values = need(options, prefix, 'rpc', 'deployment', 'storage');
  const essaim = await connectTo(values);
  try {
    const submitted = await submissionOf(essaim, jobId);
    const { provider } = submitted;
    const tell = (said: object): void => console.log(secrets.hide(JSON.stringify(said)));
    const { isLooked, ...look } = await explain(essaim, attentionOf(essaim, options), submitted);
    tell({ event: isLooked ? 'chosen' : 'spared', jobId, provider, ...look });
    const pool = openPool({ engines: enginesOf(options), ...executionOf(options, 'process') });
    const verifier = new Verifier(essaim, pool.trace, tell, { patience: values.patience, consent: watching });
    await verifier.check(submitted).finally(() => pool.close());
  } finally {
    essaim.close();
  }
}
