import type { HardhatEthersSigner } from '@nomicfoundation/hardhat-ethers/types';
import { deployAssets } from '../assets/fixture.ts';
import { connection } from '../connection.ts';

export { connection };

const { ethers, networkHelpers } = connection;

export const MILLI = 10n ** 15n;
export const MIEL = 10n ** 18n;
export const BURN = '0x000000000000000000000000000000000000dEaD';
export const PROGRAM = ethers.id('a program');
/** The basic unit of a test's payments. */
export const PRICE = 10n ** 16n;

/** Terms of a job, in the order of the contract's struct. */
export interface Terms {
  requester: string;
  provider: string;
  token: string;
  deadline: bigint;
  count: bigint;
  salt: bigint;
  fee: bigint;
  royalty: bigint;
  model: bigint;
  programId: string;
  inputsRoot: string;
  inputs: string;
  collateral: bigint;
  isSealed: boolean;
}

const TERMS =
  'tuple(address,address,address,uint40,uint32,uint64,uint128,uint128,uint256,bytes32,bytes32,bytes32,uint96,bool)';

/** ABI encoding of terms: the preimage of the job's id, and what Penalties hands to the market. */
export function encodeTerms(terms: Terms): string {
  return ethers.AbiCoder.defaultAbiCoder().encode([TERMS], [Object.values(terms)]);
}

export function jobIdOf(terms: Terms): string {
  return ethers.keccak256(encodeTerms(terms));
}

/** Everything a market needs, with a funded requester, a staked provider and a registered model. */
export async function deployMarket() {
  const [deployer, requester, provider, challenger, treasury, ...more] = await ethers.getSigners();
  const [auditPool, modelOwner, referee, availability, other, guardian] = more;
  const miel = await ethers.deployContract('MielToken', [[deployer.address], [1_000_000_000n * MIEL]]);
  const token = await ethers.deployContract('Token__Mock');
  const parameters = await ethers.deployContract('ProtocolParameters', [treasury, guardian]);
  const fees = await ethers.deployContract('PoolFees');
  const stake = await ethers.deployContract('StakeManager', [miel, 14n * 86_400n, fees, ethers.ZeroAddress]);
  const accusations = await ethers.deployContract('Accusations', [parameters]);
  const judges = await ethers.deployContract('JudgeRegistry', [deployer, []]);
  const nonce = await deployer.getNonce();
  const malformedAt = ethers.getCreateAddress({ from: deployer.address, nonce: nonce + 1 });
  const claims = await ethers.deployContract('Claims', [parameters, referee, malformedAt, availability]);
  const malformed = await ethers.deployContract('Malformed', [claims, judges, accusations, availability]);
  const penalties = await ethers.deployContract('Penalties', [claims, stake, parameters]);
  const { models, royalties, datasets } = await deployAssets(deployer, ethers.ZeroAddress);
  const market = await ethers.deployContract('JobMarket', [
    claims,
    stake,
    penalties,
    models,
    malformed,
    parameters,
    accusations,
    treasury,
    auditPool,
  ]);
  await models.connect(modelOwner).register(PROGRAM, ethers.id('manifest'), token, PRICE);
  const model = BigInt(
    ethers.keccak256(ethers.AbiCoder.defaultAbiCoder().encode(['address', 'bytes32'], [modelOwner.address, PROGRAM])),
  );
  await token.mint(requester, 10n ** 24n);
  await token.connect(requester).approve(market, ethers.MaxUint256);

  const system = {
    ...{
      deployer,
      requester,
      provider,
      challenger,
      treasury,
      auditPool,
      modelOwner,
      referee,
      availability,
      other,
      guardian,
    },
    ...{
      miel,
      token,
      parameters,
      stake,
      accusations,
      malformed,
      claims,
      penalties,
      models,
      royalties,
      datasets,
      market,
      model,
    },
  };
  await staked(system, provider, 100_000n * MIEL);
  return system;
}

/** For `loadFixture`, which knows a fixture by its function. */
export const marketFixture = () => deployMarket();

export type Market = Awaited<ReturnType<typeof deployMarket>>;

/** Gives an operator MIEL, stakes it and grants all of it to the market with Penalties as slasher. */
export async function staked(
  { miel, stake, market, penalties }: Pick<Market, 'miel' | 'stake' | 'market' | 'penalties'>,
  operator: HardhatEthersSigner,
  amount: bigint,
): Promise<void> {
  await miel.transfer(operator, amount);
  await miel.connect(operator).approve(stake, ethers.MaxUint256);
  await stake.connect(operator).stake(amount);
  await stake.connect(operator).provision(market, penalties, amount);
}

let salt = 0n;

/** Terms of a job of one input that differ from every other's. */
export async function termsOf(system: Market, changes: Partial<Terms> = {}): Promise<Terms> {
  salt++;
  return {
    requester: system.requester.address,
    provider: ethers.ZeroAddress,
    token: await system.token.getAddress(),
    deadline: BigInt(await networkHelpers.time.latest()) + 86_400n,
    count: 1n,
    salt,
    fee: 50n * PRICE,
    royalty: PRICE,
    model: system.model,
    programId: PROGRAM,
    inputsRoot: ethers.id(`inputs ${salt}`),
    inputs: ethers.id(`manifest of inputs ${salt}`),
    collateral: 1_000n * MIEL,
    isSealed: false,
    ...changes,
  };
}

/** Moves the chain past the window of whatever was submitted before, in blocks and in seconds. */
export async function passWindow(): Promise<void> {
  await networkHelpers.mine(3_601, { interval: 25 });
}

/** A job that was posted. */
export async function posted(system: Market, changes: Partial<Terms> = {}): Promise<Terms> {
  const terms = await termsOf(system, changes);
  await system.market.connect(system.requester).post(terms);
  return terms;
}

/** A job that the provider holds. */
export async function accepted(system: Market, changes: Partial<Terms> = {}): Promise<Terms> {
  const terms = await posted(system, changes);
  await system.market.connect(system.provider).accept(terms);
  return terms;
}

/** A job with a result (of n inputs: `batchRoot`) in its window. */
export async function submitted(
  system: Market,
  changes: Partial<Terms> = {},
  batchRoot = ethers.id('batch'),
): Promise<Terms> {
  const terms = await accepted(system, changes);
  const market = system.market.connect(system.provider);
  if (terms.count === 1n) await market.submit(terms, ethers.id('trace'), ethers.id('receipt'));
  else await market.submitBatch(terms, batchRoot, ethers.id('receipt'));
  return terms;
}

/** The batch of a job, as {IClaims} names it. */
export function batchIdOf(system: Market, terms: Terms): Promise<string> {
  return system.market.batchIdOf(jobIdOf(terms));
}

/** Has the referee convict a leaf of the job's batch. */
export async function rejected(system: Market, terms: Terms, leaf = 0): Promise<string> {
  const batchId = await batchIdOf(system, terms);
  await system.claims.connect(system.referee).reject(batchId, leaf, system.challenger);
  return batchId;
}

export const State = {
  None: 0n,
  Posted: 1n,
  Accepted: 2n,
  Submitted: 3n,
  Released: 4n,
  Paid: 5n,
  Unlocked: 6n,
  Cancelled: 7n,
  Refunded: 8n,
} as const;

export const Reason = { Late: 0n, Rejected: 1n, InputFault: 2n } as const;
