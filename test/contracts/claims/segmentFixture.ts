import {
  accusationHash,
  answerSegment,
  batchId as batchIdOf,
  type ClaimPlace,
  claimHash,
  claimOf,
  compile,
  contextHash,
  type Execution,
  type Hash,
  ListTree,
  listRoot,
  type OpenedClaim,
  type Question,
  questionArgument,
  segmentRoots,
  toHex,
  traceRoots,
  ZERO_HASH,
} from '@essaim/protocol';
import { commitTrace, Executor, openTracer, regenerate } from '@essaim/runtime';
import type { HardhatEthersSigner } from '@nomicfoundation/hardhat-ethers/types';
import { id } from 'ethers';
import { networks } from '../../../protocol/test/program/networks.ts';
import { tamper } from '../../../scripts/demo/tamper.ts';
import { deployProtocol } from '../../../scripts/lib/deploy.ts';
import { localHands } from '../../../scripts/lib/genesis.ts';
import { connection } from '../connection.ts';

export const { ethers, networkHelpers } = connection;

/** A network of several segments, honest and with one element changed as it ran; all inner values at hand. */
const [{ onnx, inputs }] = networks();
export const program = compile(onnx);
export const model = onnx;

/** The inner value that the cheat changed: a Relu's result, read by the segment's next product. */
export const LIE = {
  value: program.operators.find((op) => op.name === 'Relu' && !program.boundary[op.firstValue])!.firstValue,
  element: 100,
};
export const honest = (await regenerate(await openTracer()(program, onnx, inputs), onnx)).trace;
export const cheating = await cheat();

async function cheat(): Promise<Execution> {
  const { source } = program.values[LIE.value];
  const lie = { tensor: 'onnx' in source ? source.onnx : '', element: LIE.element, delta: 8 };
  const wrong = tamper(onnx, program, lie);
  const executor = await Executor.open(program, wrong, { trace: true });
  const claimed = commitTrace(program, inputs, await executor.run(inputs));
  await executor.close();
  return (await regenerate(claimed, wrong)).trace;
}

/** What others see of an execution: its boundary values. */
export const seen = (execution: Execution): Execution => ({
  ...execution,
  values: execution.values.map((tensor, i) => (program.boundary[i] ? tensor : null)),
});

/** The whole protocol, and accounts; the client is an account too, as any may be. */
export async function deploy() {
  const [founder, client, executor, challenger, sybil] = await ethers.getSigners();
  const { addresses } = await deployProtocol(founder, localHands(founder.address));
  const contracts = {
    Accusations: await ethers.getContractAt('Accusations', addresses.Accusations, client),
    AuditPool: await ethers.getContractAt('AuditPool', addresses.AuditPool, client),
    Availability: await ethers.getContractAt('Availability', addresses.Availability, client),
    Claims: await ethers.getContractAt('Claims', addresses.Claims, client),
    Malformed: await ethers.getContractAt('Malformed', addresses.Malformed, client),
    Referee: await ethers.getContractAt('Referee', addresses.Referee, client),
  };
  return { contracts, client, executor, challenger, sybil };
}
export type System = Awaited<ReturnType<typeof deploy>>;
type Signer = HardhatEthersSigner;

/** A claim in its batch on chain, and what its executor opens it with. */
export interface Submitted {
  readonly batchId: Hash;
  readonly place: ClaimPlace;
  readonly opened: OpenedClaim;
  readonly batch: { root: Hash; count: number };
}

/** Submits a batch whose leaf 1 is the execution's claim. */
export async function submit({ contracts, client, executor }: System, execution: Execution): Promise<Submitted> {
  const subject = id('a batch');
  const { chainId } = await ethers.provider.getNetwork();
  const context = contextHash({ chainId, client: client.address, subject, position: 1, continues: ZERO_HASH });
  const batch = new ListTree([id('another claim'), claimHash(claimOf(execution, context))]);
  await contracts.Claims.submit(subject, batch.root, batch.count, executor.address, 1, 1);
  const opened = {
    header: program.header,
    inputsRoot: listRoot(execution.inputs.map(({ root }) => root)),
    traceRoot: listRoot(traceRoots(execution)),
    context,
    leaf: 1,
    batch,
  };
  const place = { context, leaf: 1, batch };
  return {
    batchId: batchIdOf(client.address, subject),
    place,
    opened,
    batch: { root: batch.root, count: batch.count },
  };
}

/** A question of `demander` about a segment or a value inside one. */
export const question = (
  { batchId }: Submitted,
  demander: Signer,
  kind: 'segment' | 'inner',
  index: number,
  range: { first?: number; count?: number } = {},
): Question => ({ batchId, leaf: 1, kind, index, first: 0, count: 0, ...range, demander: demander.address });

const BOND = { value: 10n ** 18n, gasLimit: 5_000_000n };

export const demandSegment = ({ contracts }: System, { batchId }: Submitted, demander: Signer, segment: number) =>
  contracts.Availability.connect(demander).demandSegment(batchId, 1, segment, BOND);

export const demandInner = (
  { contracts }: System,
  { batchId }: Submitted,
  demander: Signer,
  [segment, value, first, count]: readonly [number, number, number, number],
) => contracts.Availability.connect(demander).demandInner(batchId, 1, segment, value, first, count, BOND);

export const answer = ({ contracts }: System, signer: Signer, asked: Question, blob: Uint8Array) =>
  contracts.Availability.connect(signer).answer(questionArgument(asked), toHex(blob), { gasLimit: 5_000_000n });

/** The executor's answer for a segment, with other roots if they are given. */
export function segmentAnswer(
  { opened }: Submitted,
  execution: Execution,
  segment: number,
  roots = segmentRoots(execution, segment),
): Uint8Array {
  const siblings = program.trees.segments.siblings(segment);
  return answerSegment(opened, { segment: program.segments[segment], siblings, roots });
}

/** Accuses and proves as the challenger; the two transactions' receipts. */
export async function prove(
  { contracts, challenger }: System,
  batchId: Hash,
  proof: Uint8Array,
  call: 'proveFault' | 'proveMissing' | 'proveHeader' | 'proveEncoding' = 'proveFault',
) {
  const salt = id('salt');
  const accusation = accusationHash(batchId, proof, challenger.address, salt);
  await contracts.Accusations.connect(challenger).accuse(accusation);
  return call === 'proveFault'
    ? contracts.Referee.connect(challenger).proveFault(batchId, toHex(proof), salt)
    : contracts.Malformed.connect(challenger)[call](batchId, toHex(proof), salt);
}
