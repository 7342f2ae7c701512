import { blockHeader } from './block-header.ts';
import type { TrainingContext } from './context.ts';
import { sendFrom } from './sending.ts';

/** A random round that nobody recorded yet. */
const PENDING = 0n;

/** Records the value of a random round, unless somebody did; false while its block is not there yet. */
export async function recordRandom(
  context: Pick<TrainingContext, 'contracts' | 'provider' | 'signer' | 'interval'>,
  round: number,
  signal?: AbortSignal,
): Promise<boolean> {
  const { contracts, provider } = context;
  const { BlockRandomness } = contracts;
  if ((await BlockRandomness.status(round)) !== PENDING) return true;
  const header = (await provider.getBlockNumber()) > round ? await blockHeader(provider, round) : undefined;
  if (!header) return false;
  await sendFrom(context, BlockRandomness.record.populateTransaction(round, header), 'recording the draw', signal);
  return true;
}
