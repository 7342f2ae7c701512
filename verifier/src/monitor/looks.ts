import { ChainProvider, judgesThatDiffer } from '@essaim/daemon';
import type { Essaim, StakedFor } from '@essaim/sdk';
import { formatEther } from 'ethers';
import type { Alarm } from './alarms.ts';

/** Milliseconds that another program may take to answer. */
const LIMIT = 10_000;

/** Verdicts that are asked for at once: an address holds no more than some kilobytes. */
const ASKED = 64;

/** Alarms on operators with less free stake than `least`, for whatever they have a provision for. */
export async function lowStake({ staking }: Essaim, operators: readonly string[], least: bigint): Promise<Alarm[]> {
  const alarms: Alarm[] = [];
  for (const operator of operators) {
    for (const what of ['jobs', 'training', 'audits'] satisfies StakedFor[]) {
      const { tokens, locked, thawing } = await staking.provision(operator, what);
      const free = tokens - thawing - locked;
      if (tokens === 0n || free >= least) continue;
      const message = `${operator} has ${formatEther(free)} MIEL free for ${what}, less than ${formatEther(least)}`;
      alarms.push({ alarm: 'stake', about: `${operator} ${what}`, message });
    }
  }
  return alarms;
}

/** Alarms where the chain judges by other code than the twins that verifiers find faults by. */
export async function strangeJudges(essaim: Essaim): Promise<Alarm[]> {
  const differ = await judgesThatDiffer(essaim);
  if (differ.length === 0) return [];
  const message = `the chain has no judge with the code of this version for ${differ.join(', ')}`;
  return [{ alarm: 'judges', about: 'JudgeRegistry', message }];
}

/** Alarms on endpoints that said otherwise than the others, or are on another chain. */
export function endpointsApart({ provider }: Pick<Essaim, 'provider'>): Alarm[] {
  const all = provider instanceof ChainProvider ? provider.endpoints() : [];
  return all.flatMap(({ endpoint, worth }) => {
    if (worth !== 'lying' && worth !== 'refused') return [];
    const message = worth === 'lying' ? 'said otherwise than the others' : 'is on another chain';
    return [{ alarm: 'endpoint', about: endpoint, message: `${endpoint} ${message} and is not asked` }];
  });
}

/** Alarms where the indexer is behind, or saw another chain. */
export async function indexerApart({ provider }: Essaim, url: string, lag: number): Promise<Alarm[]> {
  const alarm = (message: string): Alarm[] => [{ alarm: 'indexer', about: new URL(url).origin, message }];
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query: '{ _meta { hasIndexingErrors block { number hash } } }' }),
    signal: AbortSignal.timeout(LIMIT),
  }).catch(() => undefined);
  const body = (await response?.json().catch(() => undefined)) as
    | { data?: { _meta?: { hasIndexingErrors: boolean; block: { number: number; hash: string } } } }
    | undefined;
  const meta = body?.data?._meta;
  if (!meta) return alarm('the indexer does not answer');
  if (meta.hasIndexingErrors) return alarm('the indexer stopped at an error');
  const [head, same] = await Promise.all([provider.getBlockNumber(), provider.getBlock(meta.block.number)]);
  if (head - meta.block.number > lag) return alarm(`the indexer is ${head - meta.block.number} blocks behind`);
  if (same && same.hash !== meta.block.hash) return alarm(`the indexer has another block ${meta.block.number}`);
  return [];
}

/** An alarm where the verifier stalls or does not answer. */
export async function verifierAway(url: string): Promise<Alarm[]> {
  const alarm = (message: string): Alarm[] => [{ alarm: 'verifier', about: new URL(url).origin, message }];
  try {
    const pulse = await fetch(new URL('/pulse', url), { signal: AbortSignal.timeout(LIMIT) });
    return pulse.ok ? [] : alarm(`the verifier is ${(await pulse.text()).trim()}`);
  } catch {
    return alarm('the verifier does not answer');
  }
}

/** What the verifier says that it found, by job and of rounds by batch; what it cannot be asked about is not among it. */
export async function verdictsOf(url: string, keys: readonly string[]): Promise<Record<string, string>> {
  const found: Record<string, string> = {};
  for (let at = 0; at < keys.length; at += ASKED) {
    const page = new URL(`/verdicts?of=${keys.slice(at, at + ASKED)}`, url);
    try {
      Object.assign(found, await (await fetch(page, { signal: AbortSignal.timeout(LIMIT) })).json());
    } catch {
      return found;
    }
  }
  return found;
}
