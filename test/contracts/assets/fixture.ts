import type { HardhatEthersSigner } from '@nomicfoundation/hardhat-ethers/types';
import type { Addressable } from 'ethers';
import { connection } from '../connection.ts';

const { ethers } = connection;

export const MANIFEST = ethers.id('manifest');
export const TYPES = ethers.id('types');
export const COLUMNS = ethers.id('columns');
/** One share. */
export const SHARE = 10n ** 18n;

/** The four contracts of assets, which name each other. `training` alone registers what runs made. */
export async function deployAssets(deployer: HardhatEthersSigner, training: string | Addressable) {
  const first = await deployer.getNonce();
  const at = (i: number) => ethers.getCreateAddress({ from: deployer.address, nonce: first + i });
  const template = await ethers.deployContract('Shares', [at(1)], deployer);
  const royalties = await ethers.deployContract('Royalties', [at(3), at(2), template], deployer);
  const datasets = await ethers.deployContract('DatasetRegistry', [royalties], deployer);
  const models = await ethers.deployContract('ModelRegistry', [royalties, training], deployer);
  return { template, royalties, datasets, models };
}

/** Assets with accounts and a token that they are priced in. `training` stands for the training registry. */
export async function assetsFixture() {
  const [deployer, owner, payer, training, ada, bob, eve] = await ethers.getSigners();
  const assets = await deployAssets(deployer, training.address);
  const token = await ethers.deployContract('Token__Mock');
  await token.mint(payer, 10n ** 30n);
  await token.connect(payer).approve(assets.royalties, ethers.MaxUint256);
  return { ...assets, token, deployer, owner, payer, training, ada, bob, eve };
}

export type Assets = Awaited<ReturnType<typeof assetsFixture>>;

const encode = (types: string[], values: unknown[]) =>
  BigInt(ethers.keccak256(ethers.AbiCoder.defaultAbiCoder().encode(types, values)));

export const modelIdOf = (owner: { address: string }, programId: string): bigint =>
  encode(['address', 'bytes32'], [owner.address, programId]);
export const datasetIdOf = (owner: { address: string }, types: string, manifest: string): bigint =>
  encode(['address', 'bytes32', 'bytes32'], [owner.address, types, manifest]);
export const trainedIdOf = (runId: string): bigint => encode(['bytes32'], [runId]);

let made = 0;

/** A model of the owner's that differs from every other, priced in the token; with parents, derived from them. */
export async function model(
  s: Assets,
  parents: { asset: bigint; version: bigint; bps: bigint }[] = [],
  owner = s.owner,
): Promise<bigint> {
  const programId = ethers.id(`program ${made++}`);
  const by = s.models.connect(owner);
  if (parents.length === 0) await by.register(programId, MANIFEST, s.token, 5);
  else await by.registerDerived(programId, MANIFEST, s.token, 5, parents);
  return modelIdOf(owner, programId);
}

/** A data set of the owner's that differs from every other, with the contributors' shares. */
export async function dataset(
  s: Assets,
  contributors: (readonly [{ address: string }, bigint])[] = [],
  owner = s.owner,
): Promise<bigint> {
  const types = ethers.id(`types ${made++}`);
  const [who, amounts] = [contributors.map(([{ address }]) => address), contributors.map(([, amount]) => amount)];
  await s.datasets.connect(owner).register(types, COLUMNS, 10, MANIFEST, s.token, 7, who, amounts);
  return datasetIdOf(owner, types, MANIFEST);
}

/** Pays an asset. */
export function pay(s: Assets, asset: bigint, amount: bigint) {
  return s.royalties.connect(s.payer).deposit(s.token, asset, amount);
}

/** The shares of a model or data set. */
export async function sharesOf(s: Assets, asset: bigint) {
  return ethers.getContractAt('Shares', await s.royalties.sharesOf(asset));
}
