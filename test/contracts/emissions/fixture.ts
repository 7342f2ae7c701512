import type { BaseContract } from 'ethers';
import { datasetIdOf, MANIFEST, modelIdOf, SHARE } from '../assets/fixture.ts';
import { connection, deployMarket, type Market, MIEL, passWindow, submitted, type Terms } from '../market/fixture.ts';

const { ethers, networkHelpers } = connection;

export const DAY = 86_400;
export const RESERVE = 400_000_000n * MIEL;
/** Ids of programs of the two models that are paid in MIEL: one without data, one of two data sets. */
const [PLAIN, TAUGHT] = [ethers.id('a free program'), ethers.id('a program that data made')];

/** A market with its emissions: a requester with MIEL, and two models that are free. */
export async function emissionsFixture() {
  const system = await deployMarket();
  const { deployer, requester, models, datasets, miel, token, modelOwner } = system;
  const [ada, bob, delegator] = (await ethers.getSigners()).slice(12);
  const nonce = await deployer.getNonce();
  const emissionsAt = ethers.getCreateAddress({ from: deployer.address, nonce: nonce + 1 });
  const reserve = await ethers.deployContract('EmissionReserve', [miel, emissionsAt, RESERVE]);
  const { parameters, stake, royalties, claims, market } = system;
  const emissions = await ethers.deployContract('Emissions', [
    { reserve, parameters, stake, royalties, claims, market, registry: ethers.ZeroAddress, escrow: ethers.ZeroAddress },
  ]);
  await miel.transfer(reserve, RESERVE);
  await miel.transfer(requester, 100_000_000n * MIEL);
  await miel.transfer(delegator, 1_000_000n * MIEL);
  await miel.connect(requester).approve(market, ethers.MaxUint256);
  await miel.connect(delegator).approve(stake, ethers.MaxUint256);
  const data: bigint[] = [];
  for (const contributor of [ada, bob]) {
    const types = ethers.id(`types of ${contributor.address}`);
    await datasets.register(types, ethers.id('columns'), 10, MANIFEST, miel, 0, [contributor.address], [SHARE]);
    data.push(datasetIdOf(deployer, types, MANIFEST));
  }
  const by = models.connect(modelOwner);
  await by.register(PLAIN, MANIFEST, miel, 0);
  const parents = [
    { asset: modelIdOf(modelOwner, PLAIN), version: 0, bps: 4_000 },
    { asset: data[0], version: 1, bps: 300 },
    { asset: data[1], version: 1, bps: 100 },
  ];
  await by.registerDerived(TAUGHT, MANIFEST, miel, 0, parents);
  return { ...system, reserve, emissions, ada, bob, delegator, data, mock: token };
}

export type EmissionsWorld = Awaited<ReturnType<typeof emissionsFixture>>;

/** Terms of a job of 1,000 MIEL: 20 of them protocol fee, 10 burned, 5 asked for at the first values. */
export async function inMiel(system: EmissionsWorld, changes: Partial<Terms> = {}, taught = false) {
  const programId = taught ? TAUGHT : PLAIN;
  return {
    ...{ token: await system.miel.getAddress(), fee: 1_000n * MIEL, royalty: 0n, programId },
    ...{ model: modelIdOf(system.modelOwner, programId), collateral: 0n, ...changes },
  };
}

/** A job in MIEL that was paid when it was final. */
export async function paid(system: EmissionsWorld, changes: Partial<Terms> = {}, taught = false): Promise<Terms> {
  const terms = await submitted(system as unknown as Market, await inMiel(system, changes, taught));
  await passWindow();
  await system.market.withdraw(terms);
  return terms;
}

/** Records a job and lets its day pass; returns the work's id. */
export async function recorded({ emissions }: EmissionsWorld, ...jobs: Terms[]): Promise<string[]> {
  await nextDay();
  const ids: string[] = [];
  for (const terms of jobs) {
    const { id } = await emissions.recordJob.staticCall(terms);
    await emissions.recordJob(terms);
    ids.push(id);
  }
  await nextDay();
  return ids;
}

/** The first second of the next day. */
export async function nextDay(): Promise<void> {
  const now = await networkHelpers.time.latest();
  await networkHelpers.time.increaseTo((Math.floor(now / DAY) + 1) * DAY);
}

/** What a transaction adds to the MIEL of accounts, in wei. */
export async function gains(
  { miel }: EmissionsWorld,
  accounts: readonly ({ address: string } | BaseContract)[],
  act: () => Promise<unknown>,
): Promise<bigint[]> {
  const held = () => Promise.all(accounts.map(async (it) => miel.balanceOf(await ethers.resolveAddress(it as never))));
  const before = await held();
  await act();
  return (await held()).map((amount, i) => amount - before[i]);
}

/** Opens the provider's pool for the market, with the delegator's stake in it. */
export async function backed(system: EmissionsWorld, cut = 1_000) {
  const { stake, provider, market, penalties, delegator, miel } = system;
  await stake.connect(provider).openPool(market, penalties, cut);
  const pool = await ethers.getContractAt('PoolFees', await stake.payee(provider, market));
  await pool.connect(provider).admit(miel);
  await stake.connect(delegator).delegateTo(1n, 100_000n * MIEL);
  return pool;
}
