import {
  type AuditedArgs,
  type AuditRecord,
  type AuditRules,
  accusationHash,
  auditBatch,
  auditBatchId,
  auditContext,
  auditRecord,
  buildFaultProof,
  type ClaimPlace,
  claimHash,
  claimOf,
  commitTensor,
  compile,
  concat,
  contextHash,
  type Drawn,
  drawAudits,
  type Execution,
  fromHex,
  type Hash,
  ListTree,
  listRoot,
  NO_INNER_VALUES,
  OnnxBuilder,
  seatAt,
  toHex,
  traceRoots,
  ZERO_HASH,
} from '@essaim/protocol';
import type { HardhatEthersSigner } from '@nomicfoundation/hardhat-ethers/types';
import { deployProtocol } from '../../../scripts/lib/deploy.ts';
import { localHands } from '../../../scripts/lib/genesis.ts';
import { connection, jobIdOf, MIEL, type Terms } from '../market/fixture.ts';
import { headerOf } from '../training/fixture.ts';

export { connection, MIEL };

const { ethers, networkHelpers } = connection;

export const TERM = 4n * 86_400n;
export const FEE = 2n * MIEL;
const DELAY = 32n;

/** y = relu(−x), z = y + x: every value is a boundary. */
export const PROGRAM = (() => {
  const b = new OnnxBuilder();
  const x = b.input('x', 'float32', [4]);
  b.output(b.node('Add', [b.node('Relu', [b.node('Neg', [x])]), x]));
  return compile(b.bytes());
})();

const floats = (numbers: number[]) =>
  commitTensor(PROGRAM.inputs[0].type, new Uint8Array(Float32Array.from(numbers).buffer));

/** The execution on a leaf's input; with `wrong`, one element of the second value is another. */
export function execution(leaf = 0, wrong = false): Execution {
  const x = [leaf + 1, -2, 3, -4];
  const negated = x.map((n) => -n);
  const relu = negated.map((n) => Math.max(n, 0));
  const sum = relu.map((n, i) => n + x[i]);
  if (wrong) relu[2] += 1;
  return { program: PROGRAM, inputs: [floats(x)], values: [negated, relu, sum].map(floats) };
}

const inputsRootOf = (it: Execution): Hash => listRoot(it.inputs.map(({ root }) => root));
const traceRootOf = (it: Execution): Hash => listRoot(traceRoots(it));

/** The whole protocol, a job's parties and three auditors with 10,000, 20,000 and 30,000 MIEL. */
export async function auditFixture() {
  const [founder, requester, provider, challenger, other, ...rest] = await ethers.getSigners();
  const auditors = rest.slice(0, 3);
  const { addresses: at, chainId } = await deployProtocol(founder, localHands(founder.address));
  const contracts = {
    pool: await ethers.getContractAt('AuditPool', at.AuditPool),
    market: await ethers.getContractAt('JobMarket', at.JobMarket),
    claims: await ethers.getContractAt('Claims', at.Claims),
    stake: await ethers.getContractAt('StakeManager', at.StakeManager),
    penalties: await ethers.getContractAt('Penalties', at.Penalties),
    miel: await ethers.getContractAt('MielToken', at.MielToken),
    models: await ethers.getContractAt('ModelRegistry', at.ModelRegistry),
    randomness: await ethers.getContractAt('BlockRandomness', at.BlockRandomness),
    referee: await ethers.getContractAt('Referee', at.Referee),
    availability: await ethers.getContractAt('Availability', at.Availability),
    accusations: await ethers.getContractAt('Accusations', at.Accusations),
  };
  const parameters = await ethers.getContractAt('ProtocolParameters', at.ProtocolParameters);
  const { miel, market, models } = contracts;
  const manifest = ethers.id('manifest');
  await models.register(PROGRAM.id, manifest, miel, 0n);
  const model = BigInt(
    ethers.keccak256(ethers.AbiCoder.defaultAbiCoder().encode(['address', 'bytes32'], [founder.address, PROGRAM.id])),
  );
  await miel.transfer(requester, 10n ** 24n);
  await miel.connect(requester).approve(market, ethers.MaxUint256);
  const system = {
    ...contracts,
    ...{ founder, requester, provider, challenger, other, auditors, model, at, parameters },
    chainId,
  };
  await provisioned(system, provider, 100_000n * MIEL, at.JobMarket);
  for (const [i, auditor] of auditors.entries()) await enrolled(system, auditor, 10_000n * MIEL * BigInt(i + 1));
  await nextTerm();
  return system;
}
export type Audits = Awaited<ReturnType<typeof auditFixture>>;

export async function provisioned(
  { miel, stake, penalties, founder }: Pick<Audits, 'miel' | 'stake' | 'penalties' | 'founder'>,
  operator: HardhatEthersSigner,
  amount: bigint,
  client: string,
): Promise<void> {
  await miel.connect(founder).transfer(operator, amount);
  await miel.connect(operator).approve(stake, ethers.MaxUint256);
  await stake.connect(operator).stake(amount);
  await stake.connect(operator).provision(client, penalties, amount);
}

/** An auditor with a seat. */
export async function enrolled(
  system: Pick<Audits, 'miel' | 'stake' | 'penalties' | 'founder' | 'pool' | 'at'>,
  auditor: HardhatEthersSigner,
  amount: bigint,
): Promise<void> {
  await provisioned(system, auditor, amount, system.at.AuditPool);
  await system.pool.connect(auditor).enroll();
}

/** Moves to the first second of the next term. */
export async function nextTerm(): Promise<void> {
  const now = BigInt(await networkHelpers.time.latest());
  await networkHelpers.time.increaseTo((now / TERM + 1n) * TERM);
}

/** A job with a result: its executions by leaf, and how its claims stand in the batch. */
export interface Job {
  readonly terms: Terms;
  readonly batchId: Hash;
  readonly executions: readonly Execution[];
  readonly places: readonly ClaimPlace[];
}

let salt = 0n;

/** Posts, accepts and submits a job of so many inputs, of which those in `wrong` got a wrong result. */
export async function submitted(
  system: Audits,
  {
    count = 1,
    wrong = [] as number[],
    ...changes
  }: { count?: number; wrong?: number[] } & Partial<Omit<Terms, 'count'>> = {},
): Promise<Job> {
  const { market, requester, provider, miel, chainId } = system;
  const executions = Array.from({ length: count }, (_, leaf) => execution(leaf, wrong.includes(leaf)));
  const terms: Terms = {
    requester: requester.address,
    provider: ethers.ZeroAddress,
    token: await miel.getAddress(),
    deadline: BigInt(await networkHelpers.time.latest()) + 86_400n,
    count: BigInt(count),
    salt: ++salt,
    fee: FEE,
    royalty: 0n,
    model: system.model,
    programId: PROGRAM.id,
    inputsRoot: listRoot(executions.map(inputsRootOf)),
    inputs: ethers.id('inputs'),
    collateral: 0n,
    isSealed: false,
    ...changes,
  };
  const by = await ethers.getSigner(terms.requester);
  await market.connect(by).post(terms);
  await market.connect(provider).accept(terms);
  const subject = jobIdOf(terms);
  const client = system.at.JobMarket;
  const contexts = executions.map((_, position) =>
    contextHash({ chainId, client, subject, position, continues: ZERO_HASH }),
  );
  const batch = new ListTree(executions.map((it, leaf) => claimHash(claimOf(it, contexts[leaf]))));
  const own = market.connect(provider);
  if (count === 1) await own.submit(terms, traceRootOf(executions[0]), ethers.id('receipt'));
  else await own.submitBatch(terms, batch.root, ethers.id('receipt'));
  const places = contexts.map((context, leaf) => ({ context, leaf, batch }));
  return { terms, batchId: await market.batchIdOf(subject), executions, places };
}

/** A proof of the wrong element of a leaf, as the referee takes it. */
export const proofOf = ({ executions, places }: Job, leaf = 0): string =>
  toHex(buildFaultProof(executions[leaf], places[leaf], { op: 1, output: 0, element: 2 }).proof);

/** Lets the batch's round come with a value by which it is audited, or is not, and records it. */
export async function drawn(system: Audits, job: Job, wanted = true): Promise<Drawn[]> {
  const odds = await system.pool.odds(job.terms);
  return recorded(system, job, odds, (audits) => audits.length > 0 === wanted);
}

/** Lets the batch's round come with a value that is suitable, and records it. */
export async function recorded(
  system: Audits,
  { batchId, terms }: Job,
  odds: bigint,
  suits: (audits: Drawn[], value: Hash) => boolean,
): Promise<Drawn[]> {
  const [, , blockNumber] = await system.claims.submission(batchId);
  const round = blockNumber + DELAY;
  for (let i = 0n; ; i++) {
    const value = ethers.keccak256(ethers.toBeHex(i, 32));
    const audits = drawAudits(value, batchId, odds, Number(terms.count), 5);
    if (!suits(audits, value)) continue;
    const missing = Number(round) - 1 - (await ethers.provider.getBlockNumber());
    if (missing > 0) await networkHelpers.mine(missing);
    await networkHelpers.setPrevRandao(BigInt(value));
    await networkHelpers.mine();
    await networkHelpers.mine();
    await system.randomness.record(round, await headerOf(round));
    return audits;
  }
}

/** The auditor of a drawn audit. */
export async function auditorOf(system: Audits, { share }: Drawn): Promise<HardhatEthersSigner> {
  const term = (await system.pool.termOf(await networkHelpers.time.latest())) - 1n;
  const weights = await Promise.all(system.auditors.map(async (_, i) => (await system.pool.weightAt(i, term))[0]));
  return system.auditors[seatAt(weights, share)];
}

/** An audit as its auditor submitted it. */
export interface Audited {
  readonly auditor: HardhatEthersSigner;
  readonly record: AuditRecord;
  readonly batchId: Hash;
  readonly place: ClaimPlace;
  readonly execution: Execution;
}

/** Submits an audit: honest, unless another execution, verdict or auditor is given. */
export async function audited(
  system: Audits,
  job: Job,
  audit: Pick<Drawn, 'index' | 'leaf'>,
  by: HardhatEthersSigner,
  { passed = true, own = execution(audit.leaf), innerRoot = NO_INNER_VALUES as Hash } = {},
): Promise<Audited> {
  const inputsRoot = inputsRootOf(own);
  const finding = { index: audit.index, passed, inputsRoot, traceRoot: traceRootOf(own), innerRoot };
  const list = new ListTree(job.executions.map(inputsRootOf));
  const siblings = toHex(concat(list.siblings(audit.leaf)));
  const sent = await system.pool.connect(by).audit(job.terms, finding, siblings);
  return readAudit(system, job, by, own, (await sent.wait())!);
}

async function readAudit(
  system: Audits,
  job: Job,
  auditor: HardhatEthersSigner,
  own: Execution,
  receipt: { logs: readonly { topics: readonly string[]; data: string }[] },
): Promise<Audited> {
  const { pool, chainId, at } = system;
  const event = receipt.logs.map((log) => pool.interface.parseLog(log)).find((log) => log?.name === 'Audited')!;
  const record = auditRecord(event.args.toObject() as AuditedArgs);
  const context = auditContext(BigInt(chainId), at.AuditPool, job.batchId, auditor.address, record);
  const place = { context, leaf: 0, batch: auditBatch(PROGRAM.id, context, record) };
  return { auditor, record, batchId: auditBatchId(at.AuditPool, job.batchId, record.index), place, execution: own };
}

/** A proof of the wrong element of an audit's own claim. */
export const auditProofOf = ({ execution: own, place }: Audited): string =>
  toHex(buildFaultProof(own, place, { op: 1, output: 0, element: 2 }).proof);

/** Has a wrong leaf of a job's batch convicted by the referee. */
export async function convicted(
  { accusations, referee }: Pick<Audits, 'accusations' | 'referee'>,
  job: Job,
  by: HardhatEthersSigner,
  leaf = 0,
): Promise<void> {
  const proof = proofOf(job, leaf);
  const secret = ethers.id('salt');
  await accusations.connect(by).accuse(accusationHash(job.batchId, fromHex(proof), by.address, secret));
  await referee.connect(by).proveFault(job.batchId, proof, secret);
}

/** The audit rules of the first epoch. */
export async function rulesOf({ parameters }: Pick<Audits, 'parameters'>): Promise<AuditRules> {
  const rules = await parameters.auditRules(1);
  const { saving, lazy, margin, least, leaves, pay, planted, lock, missed, cost } = rules;
  return { saving, lazy, margin, least, leaves, pay, planted, lock, missed, cost };
}

/** Moves so many quarters of a window on, in seconds and in blocks, and one of each more. */
export const quarters = (count: number) => networkHelpers.mine(900 * count + 1, { interval: 25 });
