import {
  accusationHash,
  batchId,
  commitTensor,
  type Hash,
  JUDGES,
  type Judge,
  type Tensor,
  type TensorType,
  toHex,
} from '@essaim/protocol';
import type { Contract, ContractTransactionResponse } from 'ethers';
import { getCreateAddress, id, keccak256, ZeroHash } from 'ethers';
import { network } from 'hardhat';
import { Random } from '../judges/random.ts';
import { type Broken, Circuit, Execution, type Layer } from './circuit.ts';

const judgeNamed = (contract: string): Judge => JUDGES.find((judge) => judge.contract === contract)!;
export const dotJudge = judgeNamed('DotJudge');
export const integerJudge = judgeNamed('IntegerJudge');
export const ieeeJudge = judgeNamed('IeeeJudge');

const SALT = id('salt');
const OPERATORS = {
  DotJudge: ['MatMulInteger/10', 'MatMul/13'],
  IntegerJudge: ['Add/14', 'Less/13'],
  IeeeJudge: ['Add/14', 'Relu/14', 'Mul/14'],
} as const;
type JudgeName = keyof typeof OPERATORS;

/** The contracts that judge claims, as they are deployed together. */
export async function deployWorld() {
  const { ethers } = await network.getOrCreate();
  const [deployer, client, executor, challenger, thief, timelock] = await ethers.getSigners();
  const parameters = await ethers.deployContract('ProtocolParameters', [ethers.ZeroAddress, ethers.ZeroAddress]);
  const codes = {} as Record<JudgeName, Hash>;
  const entries: { opcode: Hash; judge: string }[] = [];
  for (const name of Object.keys(OPERATORS) as JudgeName[]) {
    const judge = await (await ethers.deployContract(name)).getAddress();
    codes[name] = keccak256((await ethers.provider.getCode(judge))!);
    for (const operator of OPERATORS[name]) entries.push({ opcode: id(`ai.onnx/${operator}`), judge });
  }
  const registry = await ethers.deployContract('JudgeRegistry', [timelock.address, entries]);
  const accusations = await ethers.deployContract('Accusations', [parameters]);
  const nonce = await deployer.getNonce();
  const at = (i: number) => getCreateAddress({ from: deployer.address, nonce: nonce + i });
  const claims = await ethers.deployContract('Claims', [parameters, at(1), at(2), at(3)]);
  const referee = await ethers.deployContract('Referee', [claims, registry, accusations, at(3)]);
  const malformed = await ethers.deployContract('Malformed', [claims, registry, accusations, at(3)]);
  const availability = await ethers.deployContract('Availability', [claims, parameters]);
  const { chainId } = await ethers.provider.getNetwork();
  const contracts = { registry, accusations, claims, referee, malformed, availability } as unknown as Record<
    string,
    Contract
  >;
  return {
    ethers,
    chainId,
    codes,
    entries,
    client,
    executor,
    challenger,
    thief,
    timelock,
    ...contracts,
  } as unknown as World;
}

type Signer = Awaited<ReturnType<Awaited<ReturnType<typeof network.getOrCreate>>['ethers']['getSigners']>>[number];
export interface World {
  readonly ethers: Awaited<ReturnType<typeof network.getOrCreate>>['ethers'];
  readonly chainId: bigint;
  readonly codes: Record<JudgeName, Hash>;
  readonly entries: readonly { opcode: Hash; judge: string }[];
  readonly client: Signer;
  readonly executor: Signer;
  readonly challenger: Signer;
  readonly thief: Signer;
  readonly timelock: Signer;
  readonly registry: Contract;
  readonly accusations: Contract;
  readonly claims: Contract;
  readonly referee: Contract;
  readonly malformed: Contract;
  readonly availability: Contract;
}

export const type = (dtype: TensorType['dtype'], dims: number[], layout = 0): TensorType => ({ dtype, layout, dims });
const ANY = { low: -Infinity, high: Infinity, step: 0 };
const X = type('int8', [3, 96]);
const Y = type('float32', [300]);
const SUMS = type('int32', [3, 5]);

/** Five operators on two inputs: an integer matrix product, a sum, a comparison, and two float operators. */
export const layersOf = (codes: World['codes']): Layer[] => [
  {
    name: 'MatMulInteger',
    since: 10,
    judge: codes.DotJudge,
    inputs: [
      { kind: 'input', index: 0 },
      { kind: 'weight', index: 0 },
    ],
    outputs: [SUMS],
  },
  {
    name: 'Add',
    since: 14,
    judge: codes.IntegerJudge,
    inputs: [
      { kind: 'value', index: 0 },
      { kind: 'weight', index: 1 },
    ],
    outputs: [SUMS],
  },
  {
    name: 'Less',
    since: 13,
    judge: codes.IntegerJudge,
    inputs: [
      { kind: 'value', index: 1 },
      { kind: 'weight', index: 1 },
    ],
    outputs: [type('bool', [3, 5])],
  },
  { name: 'Relu', since: 14, judge: codes.IeeeJudge, inputs: [{ kind: 'input', index: 1 }], outputs: [Y] },
  {
    name: 'Mul',
    since: 14,
    judge: codes.IeeeJudge,
    inputs: [
      { kind: 'value', index: 3 },
      { kind: 'value', index: 3 },
    ],
    outputs: [Y],
  },
];

export const INPUTS = [
  { type: X, range: { low: -100, high: 100, step: 0 } },
  { type: Y, range: ANY },
];

const bytesOf = (array: ArrayBufferView): Uint8Array =>
  new Uint8Array(array.buffer, array.byteOffset, array.byteLength);

/** Inputs, weights and what an honest executor makes of them. */
export function honestTensors() {
  const random = new Random(7);
  const x = Int8Array.from({ length: 288 }, () => random.between(-100, 100));
  const y = Float32Array.from({ length: 300 }, () => random.between(-1000, 1000) / 64);
  const w = Int8Array.from({ length: 480 }, () => random.between(-128, 127)); // one row for each column: layout 0x01
  const b = Int32Array.from({ length: 5 }, () => random.between(-9000, 9000));
  const v0 = new Int32Array(15).map((_, i) => {
    const [row, column] = [Math.floor(i / 5), i % 5];
    let sum = 0;
    for (let k = 0; k < 96; k++) sum += x[row * 96 + k] * w[column * 96 + k];
    return sum;
  });
  const v1 = v0.map((sum, i) => sum + b[i % 5]);
  const v2 = Uint8Array.from(v1, (sum, i) => (sum < b[i % 5] ? 1 : 0));
  const v3 = y.map((element) => Math.max(element, 0));
  const v4 = v3.map((element) => Math.fround(element * element));
  return {
    inputs: [commitTensor(X, bytesOf(x)), commitTensor(Y, bytesOf(y))],
    weights: [commitTensor(type('int8', [96, 5], 0x01), bytesOf(w)), commitTensor(type('int32', [5]), bytesOf(b))],
    values: [
      commitTensor(SUMS, bytesOf(v0)),
      commitTensor(SUMS, bytesOf(v1)),
      commitTensor(type('bool', [3, 5]), v2),
      commitTensor(Y, bytesOf(v3)),
      commitTensor(Y, bytesOf(v4)),
    ],
  };
}

export const circuitOf = (world: World, change: (layers: Layer[]) => Layer[] = (layers) => layers, broken?: Broken) =>
  new Circuit(change(layersOf(world.codes)), INPUTS, honestTensors().weights, broken);

/** Other claims of the same batch. */
export const NEIGHBOURS = [id('claim 0'), id('claim 1'), id('claim 2'), id('claim 3')];

/** A batch on chain whose last claim is `execution`. */
export interface Submitted {
  readonly execution: Execution;
  readonly batchId: Hash;
}

let subjects = 0;

/** Commits to an execution, with some values or roots replaced, and submits its batch. */
export async function submit(
  world: World,
  circuit: Circuit,
  {
    values = {},
    roots,
    inputs = honestTensors().inputs,
    before = NEIGHBOURS,
  }: {
    values?: Readonly<Record<number, Tensor>>;
    roots?: Readonly<Record<number, Hash>>;
    inputs?: readonly Tensor[];
    before?: readonly Hash[];
  } = {},
): Promise<Submitted> {
  const subject = id(`subject ${subjects++}`);
  const context = {
    chainId: world.chainId,
    client: world.client.address,
    subject,
    position: before.length,
    continues: ZeroHash,
  };
  const honest = honestTensors().values;
  const execution = new Execution(
    circuit,
    inputs,
    honest.map((tensor, i) => values[i] ?? tensor),
    context,
    { roots, before },
  );
  const { root, count } = execution.claim.batch;
  await send(world.claims, world.client, 'submit', subject, root, count, world.executor.address, 1000n, 1);
  return { execution, batchId: batchId(world.client.address, subject) };
}

export const send = async (contract: Contract, from: Signer, method: string, ...args: unknown[]) =>
  (contract.connect(from) as Contract)[method](...args) as Promise<ContractTransactionResponse>;

/** Accuses, waits a block, and proves. */
export async function accuseAndProve(
  world: World,
  contract: Contract,
  method: string,
  batch: Hash,
  proof: Uint8Array,
  from = world.challenger,
) {
  await send(world.accusations, from, 'accuse', accusationHash(batch, proof, from.address, SALT));
  return send(contract, from, method, batch, toHex(proof), SALT);
}

export { SALT };

/** A reason as the contracts write it. */
export const text = (reason: string): string => `0x${Buffer.from(reason).toString('hex').padEnd(64, '0')}`;
