import {
  claimHash,
  commitTensor,
  contextHash,
  encodeClaim,
  encodeInterface,
  encodeOperator,
  type Hash,
  type Interface,
  interfaceHash,
  ListTree,
  type OpenedClaim,
  type OperatorBody,
  operatorLeaf,
  type ProgramHeader,
  programId,
  type Question,
  questionArgument,
  type Tensor,
  type TensorType,
  toHex,
  ZERO_HASH,
} from '@essaim/protocol';
import type { HardhatEthersSigner } from '@nomicfoundation/hardhat-ethers/types';
import { connection } from '../connection.ts';

export { connection };
export const { ethers, networkHelpers } = connection;

export const HOUR = 3_600;
/** The fixed parameters' clock, window and grace, in seconds and blocks. */
export const CLOCK = { seconds: 6 * HOUR, blocks: 900 };
export const WINDOW = { seconds: 24 * HOUR, blocks: 3_600 };
export const GRACE = { seconds: 2 * HOUR, blocks: 300 };
export const GWEI = 10n ** 9n;
export const BASE_FEE = 10n * GWEI;

/** Bytes that differ from tensor to tensor; the same in every run. */
export function bytesOf(length: number, seed: number): Uint8Array {
  let state = seed >>> 0 || 1;
  return Uint8Array.from({ length }, () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state >>> 24;
  });
}

const uint8 = (...dims: number[]): TensorType => ({ dtype: 'uint8', layout: 0, dims });
const tensor = (seed: number, ...dims: number[]): Tensor =>
  commitTensor(
    uint8(...dims),
    bytesOf(
      dims.reduce((a, b) => a * b, 1),
      seed,
    ),
  );

const operator = (i: number): OperatorBody => ({
  opcode: ethers.id('ai.onnx/Identity/16'),
  judge: ethers.id('a judge'),
  attributes: new Uint8Array(0),
  firstValue: i,
  segment: i,
  boundary: 1,
  inputs: [i === 0 ? { kind: 'input', index: 0 } : { kind: 'value', index: i - 1 }],
  inputTypes: [uint8(3, 5)],
  outputTypes: [uint8(3, 5)],
});

/** What an executor keeps: every tensor and tree below its batch root. */
export interface Trace {
  inputs: Tensor[];
  weights: Tensor[];
  /** Null where the trace has no value (bytes32(0)). */
  values: (Tensor | null)[];
  operators: OperatorBody[];
  program: Interface;
  lists: Record<'inputs' | 'weights' | 'values' | 'operators', Hash[]>;
  opened: OpenedClaim;
  batch: ListTree;
  claim: Hash;
}

const rootsOf = (tensors: readonly (Tensor | null)[]): Hash[] => tensors.map((t) => t?.root ?? ZERO_HASH);

/** Commits to an execution of a small program with one large weight, and to a batch of three claims of it. */
export function commitTrace(leaf = 1): Trace {
  const inputs = [tensor(1, 3, 5)];
  const weights = [tensor(2, 7), tensor(3, 100, 1_000), tensor(4, 0)];
  const values = [tensor(5, 3, 5), tensor(6, 40, 1_000), null, tensor(7, 3, 5), tensor(8, 2)];
  const operators = values.map((_, i) => operator(i));
  const lists = {
    inputs: rootsOf(inputs),
    weights: rootsOf(weights),
    values: rootsOf(values),
    operators: operators.map((op) => operatorLeaf(encodeOperator(op))),
  };
  const program: Interface = {
    inputs: [{ type: inputs[0].type, range: { low: 0, high: 255, step: 0 } }],
    outputs: [4, 1],
  };
  const tree = (list: Hash[]) => new ListTree(list).root;
  const header: ProgramHeader = {
    compilerVersion: 1,
    opsRoot: tree(lists.operators),
    opCount: operators.length,
    valueCount: values.length,
    weightsRoot: tree(lists.weights),
    weightCount: weights.length,
    inputCount: inputs.length,
    segmentsRoot: ZERO_HASH,
    segmentCount: 0,
    interfaceHash: interfaceHash(encodeInterface(program)),
    numerics: 1,
  };
  const context = contextHash({
    chainId: 31_337,
    client: `0x${'11'.repeat(20)}`,
    subject: ethers.id('a job'),
    position: leaf,
    continues: ZERO_HASH,
  });
  const claim = claimHash({
    programId: programId(header),
    inputsRoot: tree(lists.inputs),
    traceRoot: tree(lists.values),
    context,
  });
  const claims = [0, 1, 2].map((i) => (i === leaf ? claim : ethers.id(`claim ${i}`)));
  const batch = new ListTree(claims);
  const shown = { header, inputsRoot: tree(lists.inputs), traceRoot: tree(lists.values), context };
  return { inputs, weights, values, operators, program, lists, batch, claim, opened: { ...shown, leaf, batch } };
}

export const trace = commitTrace();
export const preimage = toHex(encodeClaim(trace.opened));

/** Claims and Availability with one batch of `trace`, submitted for `executor`. */
export async function deploy() {
  const [deployer, requester, executor, demander, sybil, referee, malformed, other] = await ethers.getSigners();
  const parameters = await ethers.deployContract('ProtocolParameters', [ethers.ZeroAddress, ethers.ZeroAddress]);
  const nonce = await deployer.getNonce();
  const address = ethers.getCreateAddress({ from: deployer.address, nonce: nonce + 1 });
  const claims = await ethers.deployContract('Claims', [parameters, referee, malformed, address]);
  const availability = await ethers.deployContract('Availability', [claims, parameters]);
  const client = await ethers.deployContract('Client__Harness', [claims], requester);
  const subject = ethers.id('a job');
  await client.submit(subject, trace.batch.root, trace.batch.count, executor);
  const batchId = ethers.solidityPackedKeccak256(['address', 'bytes32'], [await client.getAddress(), subject]);
  const accounts = { deployer, requester, executor, demander, sybil, referee, malformed, other };
  return { ...accounts, parameters, claims, availability, client, batchId };
}
export type System = Awaited<ReturnType<typeof deploy>>;

/** A question of `demander` about the submitted claim. */
export const question = (
  system: System,
  kind: Question['kind'],
  range: Partial<Pick<Question, 'index' | 'first' | 'count' | 'leaf'>> = {},
  demander: HardhatEthersSigner = system.demander,
): Question => ({
  batchId: system.batchId,
  leaf: 1,
  kind,
  index: 0,
  first: 0,
  count: 0,
  ...range,
  demander: demander.address,
});

/** Fixes the base fee of the next block. */
export const baseFee = (fee: bigint) => networkHelpers.setNextBlockBaseFeePerGas(fee);

/** Bytes that a question counts as. */
export const sizeOf = (q: Question): number =>
  q.kind === 'operator' ? 1_024 : q.kind.endsWith('s') ? 32 * q.count : q.count;

/** Asks at `BASE_FEE`, with the least bond unless told otherwise. */
export async function ask(system: System, q: Question, bond?: bigint) {
  const { availability, batchId } = system;
  const signer = await ethers.getSigner(q.demander);
  const contract = availability.connect(signer);
  const value = bond ?? (await availability.bondFor(batchId, sizeOf(q), BASE_FEE));
  const overrides = { value, gasLimit: 5_000_000n, maxFeePerGas: 1_000n * GWEI, maxPriorityFeePerGas: 0n };
  const { kind } = questionArgument(q);
  await baseFee(BASE_FEE);
  if (q.kind === 'operator') return contract.demandOperator(batchId, q.leaf, q.index, preimage, overrides);
  if (kind < 4) return contract.demandClaim(batchId, q.leaf, kind, q.first, q.count, overrides);
  return contract.demandBytes(batchId, q.leaf, kind, q.index, q.first, q.count, preimage, overrides);
}

/** Answers as `signer`, in a block with this base fee. */
export async function respond(
  system: System,
  q: Question,
  blob: Uint8Array,
  signer: HardhatEthersSigner = system.executor,
  fee = BASE_FEE,
) {
  await baseFee(fee);
  return system.availability.connect(signer).answer(questionArgument(q), toHex(blob), {
    gasLimit: 5_000_000n,
    maxFeePerGas: 1_000n * GWEI,
    maxPriorityFeePerGas: 0n,
  });
}

/** Lets more than so many clocks pass, in seconds and blocks. */
export async function pass({ seconds, blocks }: { seconds: number; blocks: number }, times = 1) {
  await networkHelpers.mine(blocks * times + 1);
  await networkHelpers.time.increase(seconds * times + 1);
}
