import { type Essaim, type Offer, type OfferLine, signOffer } from '@essaim/sdk';
import { getAddress } from 'ethers';
import type { Capacity } from '../capacity/capacity.ts';
import type { Policy } from '../policy.ts';
import { accountOf } from '../shop.ts';

/** What an offer is made of. */
export interface Sale {
  readonly essaim: Essaim;
  readonly policy: Policy;
  readonly capacity: Capacity;
  /** Where quotes are asked for; empty where none are given. */
  readonly url: string;
}

/** Programs that a model's owner has registered for it, the newest last. */
export async function programsOf({ contracts, deployment }: Essaim, model: bigint): Promise<string[]> {
  const { ModelRegistry } = contracts;
  const added = await ModelRegistry.queryFilter(ModelRegistry.filters.ProgramAdded(model), deployment.startBlock);
  return added.map(({ args }) => args.programId);
}

/** What the account sells, signed; it holds for so many seconds of the chain's clock. */
export async function makeOffer(sale: Sale, seconds: number): Promise<Offer> {
  const { essaim, capacity, url } = sale;
  const signer = accountOf(sale);
  const head = await essaim.provider.getBlock('latest');
  const issued = head?.timestamp ?? 0;
  return signOffer(signer, {
    ...{ kind: 'essaim/offer/1' as const, chainId: essaim.deployment.chainId, url },
    market: await essaim.contracts.JobMarket.getAddress(),
    provider: await signer.getAddress(),
    ...{ issued, validUntil: issued + seconds, concurrency: capacity.lanes, lines: await linesOf(sale) },
  });
}

/** A line for each model and token that has a price of its own, and for the others together. */
async function linesOf({ essaim, policy, capacity }: Sale): Promise<OfferLine[]> {
  const { models, prices = [], minimumFee, maximumCollateral } = policy;
  const single = prices.map(({ model, token, fee, collateral = maximumCollateral, inputs = 0n }) => {
    return { model, token, fee, collateral, inputs };
  });
  const others = (models.length > 0 ? models : [0n]).filter((model) => prices.every((price) => price.model !== model));
  const common = others.flatMap((model) =>
    Object.entries(minimumFee).map(([token, fee]) => {
      return { model, token, fee, collateral: maximumCollateral, inputs: 0n };
    }),
  );
  const lines: OfferLine[] = [];
  for (const { model, token, fee, collateral, inputs } of [...single, ...common]) {
    const programs = model === 0n ? [] : await programsOf(essaim, model);
    const seconds = programs.flatMap((program) => capacity.speeds.perInput(program) ?? []);
    lines.push({
      ...{ model: String(model), token: getAddress(token), fee: String(fee), collateral: String(collateral) },
      ...{ inputs: Number(inputs), milliseconds: Math.ceil(1_000 * Math.max(0, ...seconds)) },
    });
  }
  return lines;
}
