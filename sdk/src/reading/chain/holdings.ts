import type { Fact, HoldingRow } from '../types/index.ts';
import { steadily } from './steady.ts';
import type { View } from './view.ts';

/** What an account holds at a block, of every asset that is divided. */
export async function holdingsAt(view: View, holder: string, at: { blockTag: number }): Promise<Fact<HoldingRow>[]> {
  const divisions = (await view.events('Royalties', ['Shared'])).filter(({ block }) => block <= at.blockTag);
  const rows = await Promise.all(
    divisions.map(async ({ args: { asset, shares: address } }) => {
      const shares = view.contracts.Shares.attach(address) as View['contracts']['Shares'];
      return steadily('asking for shares', async (): Promise<Fact<HoldingRow> | undefined> => {
        const balance = await shares.balanceOf(holder, at);
        if (balance === 0n) return undefined;
        const [supply, tokens, kind] = await Promise.all([
          shares.totalSupply(at),
          shares.tokens(at),
          kindOf(view, asset, at),
        ]);
        return { asset, kind, shares: address, holder, balance, supply, tokens: [...tokens] };
      });
    }),
  );
  return rows.filter((row) => row !== undefined);
}

async function kindOf(view: View, asset: bigint, at: { blockTag: number }): Promise<'model' | 'dataset'> {
  return view.contracts.ModelRegistry.ownerOf(asset, at).then(
    () => 'model' as const,
    (cause: { code?: string }) => {
      if (cause.code === 'CALL_EXCEPTION') return 'dataset' as const;
      throw cause;
    },
  );
}
