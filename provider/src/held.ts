import { accountFolder, folderOf, tell } from '@essaim/daemon';
import { allLogs, batchIdOf, ClaimState, type Essaim, findTerms, JobState } from '@essaim/sdk';
import { drainRequested } from './drain/request.ts';

/** What an account has of jobs, by what the chain says of them; times in the chain's seconds. */
interface Jobs {
  /** Deadlines of those that are not submitted. */
  readonly due: number[];
  /** When each submitted one can be final at the earliest. */
  readonly finalAt: number[];
  readonly paid: number;
  readonly refunded: number;
}

/** Prints the jobs of an account: what is still held and until when it is needed, and what came of the others. */
export async function tellJobs(essaim: Essaim, account: string, data: string): Promise<void> {
  const { due, finalAt, paid, refunded } = await jobsOf(essaim, account);
  tell('jobs', `${due.length} to run, ${finalAt.length} pending, ${paid} paid, ${refunded} refunded`);
  const at = (second: number): string => new Date(1_000 * second).toISOString();
  if (due.length > 0) tell('due', `the first by ${at(Math.min(...due))}, the last by ${at(Math.max(...due))}`);
  if (finalAt.length > 0) {
    tell(
      'held',
      `claims to answer for until ${at(Math.max(...finalAt))} at least; the first can be final at ${at(Math.min(...finalAt))}`,
    );
  }
  const drain = drainRequested(accountFolder(folderOf(data), essaim.deployment.chainId, account));
  if (!drain) return;
  const limit =
    drain.until === null ? 'until every claim is final' : `until ${at(Math.floor(drain.until / 1_000))} at most`;
  tell('draining', `it was asked to accept nothing new, ${limit}`);
}

async function jobsOf(essaim: Essaim, account: string): Promise<Jobs> {
  const { provider, contracts, deployment } = essaim;
  const { JobMarket, Claims, ProtocolParameters } = contracts;
  const market = await JobMarket.getAddress();
  const own = `0x${account.slice(2).toLowerCase().padStart(64, '0')}`;
  const topics = [JobMarket.getEvent('Accepted').fragment.topicHash, null, own];
  const accepted = await allLogs(provider, { address: market, topics, fromBlock: deployment.startBlock });
  const [due, finalAt]: [number[], number[]] = [[], []];
  const ended = new Map<bigint, number>();
  const { Accepted, Submitted, Released, Paid, Unlocked, Refunded } = JobState;
  for (const jobId of new Set(accepted.map((log) => log.topics[1]))) {
    const { state, provider: by } = await JobMarket.job(jobId);
    if (by.toLowerCase() !== account.toLowerCase()) continue;
    if (state === Accepted) due.push(Number((await findTerms(contracts, jobId, deployment.startBlock)).deadline));
    else if (state === Submitted || state === Released) {
      const batch = batchIdOf(market, jobId);
      const { time, epoch } = await Claims.batch(batch);
      const { windowSeconds } = await ProtocolParameters.claimRules(epoch);
      const isFinal = (await Claims.state(batch)) === ClaimState.Final;
      finalAt.push(isFinal ? Number(time) : Number(time + windowSeconds));
    } else ended.set(state, (ended.get(state) ?? 0) + 1);
  }
  const count = (...states: bigint[]): number => states.reduce((sum, state) => sum + (ended.get(state) ?? 0), 0);
  return { due, finalAt, paid: count(Paid, Unlocked), refunded: count(Refunded) };
}
