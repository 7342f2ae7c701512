import { writeFileSync } from 'node:fs';
import { connectTo, type Identity, need, requireAccount, type Secrets } from '@essaim/daemon';
import { EssaimError } from '@essaim/protocol';
import type { VerifierSettings, verifierTable } from '../options.ts';

/**
 * For a requester: writes what a verifier needs to check one sealed job to `file`; given a verifier's address, lets that
 * demand in the requester's stead too. JOB_KEY_MISSING, HAND_OVER_EXISTS, and what `jobs.handOver` throws
 */
export async function writeHandOver(
  { prefix }: Identity<typeof verifierTable>,
  options: VerifierSettings,
  secrets: Secrets,
  jobId: string,
  file: string,
): Promise<void> {
  const values = need(options, prefix, 'rpc', 'deployment', 'storage');
  const { jobKey, appoint } = values;
  if (jobKey === undefined) {
    throw new EssaimError('JOB_KEY_MISSING', 'the key of the sealed job is missing', {
      help: 'give --job-key-file FILE with the key that posting the job returned',
    });
  }
  const account = appoint === undefined ? undefined : await requireAccount(values, secrets);
  const essaim = await connectTo(values, account && ((provider) => account.connect(provider)));
  try {
    write(file, JSON.stringify(await essaim.jobs.handOver(jobId, jobKey.trim())));
    if (appoint !== undefined) await essaim.jobs.appoint(jobId, appoint);
    console.log(`${file} opens job ${jobId}, and nothing else. Give it to the verifier of your choice only.`);
  } finally {
    essaim.close();
  }
}

function write(file: string, text: string): void {
  try {
    writeFileSync(file, `${text}\n`, { flag: 'wx', mode: 0o600 });
  } catch (cause) {
    throw new EssaimError('HAND_OVER_EXISTS', `${file} cannot be written, or is there already`, {
      help: 'name another file',
      cause,
    });
  }
}
