import type { Essaim } from '@essaim/sdk';
import { atOneBlock } from '@essaim/sdk/node';

/** What `read` finds at one block that is not before `block`; undefined where the endpoint is behind it. */
export async function notBefore<T>(
  { provider }: Pick<Essaim, 'provider'>,
  block: number,
  read: () => Promise<T>,
): Promise<T | undefined> {
  const [head, found] = await atOneBlock(provider, () => Promise.all([provider.getBlockNumber(), read()]));
  return head < block ? undefined : found;
}
