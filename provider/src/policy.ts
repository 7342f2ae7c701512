import { EssaimError } from '@essaim/protocol';
import type { Essaim, Terms } from '@essaim/sdk';
import { atOneBlock } from '@essaim/sdk/node';
import { formatEther, ZeroAddress } from 'ethers';
import type { Price } from './prices.ts';

/** What a provider sells for. */
export interface Policy {
  /** Models it serves, by id; empty: any. */
  models: readonly bigint[];
  /** Least fee for one input, in smallest units, by token address (lower case). Other tokens are refused. */
  minimumFee: Readonly<Record<string, bigint>>;
  /** What single models are sold for; a model that is named here is sold by that alone. */
  prices?: readonly Price[];
  /** Most MIEL at stake for one job, in wei. */
  maximumCollateral: bigint;
  /** Judge a sample of each trace before committing to it. Turn it off only for a device that was qualified. */
  selfCheck: boolean;
  /**
   * Put traces on IPFS with the receipt, and with the answer for a segment what lies inside it; otherwise they are shown
   * on demand only. Default true.
   */
  publishTraces?: boolean;
}

/** Whether a model is sold at all. */
const isServed = ({ models, prices = [], minimumFee }: Policy, id: bigint): boolean =>
  prices.some(({ model }) => model === id) ||
  (models.length > 0 ? models.includes(id) : prices.length === 0 || Object.keys(minimumFee).length > 0);

/** What a model is sold for in a token; undefined if it is not. */
export function priceOf({ prices = [], minimumFee, maximumCollateral }: Policy, id: bigint, token: string) {
  const own = prices.filter(({ model }) => model === id);
  const named = own.find((price) => price.token === token.toLowerCase());
  const fee = own.length > 0 ? named?.fee : minimumFee[token.toLowerCase()];
  if (fee === undefined) return undefined;
  return { fee, collateral: named?.collateral ?? maximumCollateral, inputs: named?.inputs };
}

/** Why a job is not for `self`, in words; null if it is. */
export function refusalOf(policy: Policy, terms: Terms, self: string): string | null {
  if (terms.provider !== ZeroAddress && terms.provider !== self) return 'asked of another provider';
  if (!isServed(policy, terms.model)) return 'a model that is not served';
  const price = priceOf(policy, terms.model, terms.token);
  if (!price) return 'a token that is not taken';
  if (terms.fee < price.fee) return `a fee below ${price.fee}`;
  if (price.inputs !== undefined && terms.count > price.inputs) return `more than ${price.inputs} inputs`;
  return terms.collateral > price.collateral ? `collateral above ${price.collateral}` : null;
}

const MILLI = 10n ** 15n;

/** PROVIDER_STAKE unless the account's provision can back one job more, as JobMarket.accept would lock it. */
export async function requireStake(
  { contracts, staking, provider }: Pick<Essaim, 'contracts' | 'staking' | 'provider'>,
  terms: Terms,
  self: string,
): Promise<void> {
  const parameters = contracts.ProtocolParameters;
  const [rules, { tokens, locked, thawing, held }] = await atOneBlock(provider, () =>
    Promise.all([parameters.epoch().then((epoch) => parameters.jobRules(epoch)), staking.provision(self)]),
  );
  const floor = rules.collateralFloor * MILLI;
  const asked = (terms.collateral > floor ? terms.collateral : floor) + held * rules.collateralPerJobHeld * MILLI;
  const minimum = rules.minimumStake * MILLI;
  const granted = tokens - thawing;
  const miel = (wei: bigint) => `${formatEther(wei)} MIEL`;
  if (granted >= minimum && granted - locked >= asked) return;
  const short =
    granted < minimum
      ? `${miel(granted)} are provisioned, a provider needs ${miel(minimum)}`
      : `${miel(granted - locked)} of the provision are free, this job locks ${miel(asked)}`;
  throw new EssaimError('PROVIDER_STAKE', short, {
    help: 'stake MIEL and provision it to the job market, or wait until jobs that hold it are final',
    details: { granted, locked, asked, minimum },
  });
}
