import type { LineageLink, RevenueRow, SharesRow } from '../types/index.ts';
import { steadily } from './steady.ts';
import { by, type Event, newest, type View } from './view.ts';

/** Where assets come from, and who divides their revenue; told with the newest event of each. */
export async function partsOf(view: View, ids: readonly string[], from: number) {
  const [descended, shared] = await Promise.all([
    view.events('Royalties', ['Descended'], [ids], from),
    view.events('Royalties', ['Shared'], [ids], from),
  ]);
  const [parents, divided] = [by(descended, 'asset'), by(shared, 'asset')];
  return async (asset: bigint) => {
    const [lines, [division]] = [parents(asset), divided(asset)];
    return {
      parents: lines.map(parentIn),
      shares: division ? await sharesAt(view, division) : null,
      newest: newest(lines, division ? [division] : []),
    };
  };
}

const parentIn = ({ args: { parent, version, bps } }: Event): LineageLink => ({
  asset: parent,
  kind: version === 0n ? 'model' : 'dataset',
  version: version === 0n ? null : Number(version),
  bps: Number(bps),
});

async function sharesAt(view: View, { args: { shares: address, issuer } }: Event): Promise<SharesRow> {
  const shares = view.contracts.Shares.attach(address) as View['contracts']['Shares'];
  const [supply, tokens] = await steadily('asking for shares', () =>
    Promise.all([shares.totalSupply(view.at), shares.tokens(view.at)]),
  );
  return { address, issuer, supply, tokens: [...tokens] };
}

/** What comes from an asset, and its money by token. */
export async function fortuneOf(view: View, id: string, from: number) {
  const [descended, received, given, drawn] = await Promise.all([
    view.events('Royalties', ['Descended'], [null, id], from),
    view.events('Royalties', ['Received', 'Paid'], [null, id], from),
    view.events('Royalties', ['Drawn'], [null, id], from),
    view.events('Royalties', ['Drawn'], [null, null, id], from),
  ]);
  const revenues = new Map<string, RevenueRow>();
  const add = (field: 'received' | 'drawn' | 'given' | 'paid', { args: { token, amount } }: Event) => {
    const sums = revenues.get(token) ?? { token, received: 0n, drawn: 0n, given: 0n, paid: 0n };
    sums[field] += amount;
    revenues.set(token, sums);
  };
  for (const event of received) add(event.name === 'Paid' ? 'paid' : 'received', event);
  for (const event of given) add('given', event);
  for (const event of drawn) add('drawn', event);
  const children = descended.map(
    ({ args: { asset, version, bps } }): LineageLink => ({
      ...{ asset, kind: 'model', bps: Number(bps) },
      version: version === 0n ? null : Number(version),
    }),
  );
  return { children, revenues: [...revenues.values()], newest: newest(descended, received, given, drawn) };
}
