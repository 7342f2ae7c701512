import type { Essaim, HoldingRow } from '@essaim/sdk';

/** Something that an account owns a part or all of, and what it can claim of it now. */
export interface Owned {
  /** Number of the asset. */
  asset: bigint;
  kind: HoldingRow['kind'];
  /** Its part of the shares in per cent; 100 where it owns the asset and there are no shares. */
  part: number;
  /** Address of the shares; null: the asset has none, and all its revenue is its owner's. */
  shares: string | null;
  /** By token, in its smallest unit. */
  claimable: { token: string; amount: bigint }[];
  certainty: HoldingRow['certainty'];
}

/** A part of shares in per cent, at most four decimals. */
export const partOf = (balance: bigint, supply: bigint): number =>
  supply === 0n ? 0 : Number((balance * 1_000_000n) / supply) / 10_000;

/** What an account holds shares of, and what it owns outright. */
export async function readOwned(essaim: Essaim, account: string): Promise<Owned[]> {
  const { reading, shares, contracts } = essaim;
  const miel = await contracts.MielToken.getAddress();
  const held: Owned[] = [];
  for await (const { asset, kind, balance, supply, shares: address, tokens, certainty } of reading.holdings(account)) {
    const paidIn = tokens.length > 0 ? tokens : [miel];
    const claimable = await claimables(essaim, account, asset, paidIn);
    held.push({ asset, kind, part: partOf(balance, supply), shares: address, claimable, certainty });
  }
  const [models, datasets] = await Promise.all([
    reading.models({ owner: account }).page(100),
    reading.datasets({ owner: account }).page(100),
  ]);
  for (const { kind, row } of [
    ...models.value.rows.map((row) => ({ kind: 'model' as const, row })),
    ...datasets.value.rows.map((row) => ({ kind: 'dataset' as const, row })),
  ]) {
    if (row.shares !== null) continue;
    const amount = await shares.claimable(row.id, row.token, account);
    const claimable = [{ token: row.token, amount }];
    held.push({ asset: row.id, kind, part: 100, shares: null, claimable, certainty: row.certainty });
  }
  return held;
}

function claimables({ shares }: Essaim, account: string, asset: bigint, tokens: readonly string[]) {
  return Promise.all(tokens.map(async (token) => ({ token, amount: await shares.claimable(asset, token, account) })));
}

/** What can be claimed of all together, by token. */
export function sumOf(owned: readonly Owned[]): { token: string; amount: bigint }[] {
  const sums = new Map<string, bigint>();
  for (const { token, amount } of owned.flatMap(({ claimable }) => claimable))
    sums.set(token, (sums.get(token) ?? 0n) + amount);
  return [...sums].map(([token, amount]) => ({ token, amount })).filter(({ amount }) => amount > 0n);
}
