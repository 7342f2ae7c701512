import {
  accusationHash,
  commitTensor,
  type Hash,
  ListTree,
  programsPart,
  type RunTerms,
  runIdOf,
  type Tensor,
  toHex,
  ZERO_HASH,
} from '@essaim/protocol';
import type { HardhatEthersSigner } from '@nomicfoundation/hardhat-ethers/types';
import { encodeRlp, toBeHex } from 'ethers';
import { deployProtocol } from '../../../scripts/lib/deploy.ts';
import { localHands } from '../../../scripts/lib/genesis.ts';
import { random } from '../../random.ts';
import { connection } from '../connection.ts';
import { aggregationProgram, BATCH, scoreProgram, stepProgram, TENSORS, WIDTH } from './programs.ts';

export { connection };

const { ethers, networkHelpers } = connection;

export const MIEL = 10n ** 18n;
export const MILLI = 10n ** 15n;
export const PRICE = 1_000_003n;
export const FEE = 10_007n;
export const ROWS = 11;
export const DRAW_DELAY = 32;
export const State = {
  None: 0n,
  Funding: 1n,
  Funded: 2n,
  Running: 3n,
  Stopped: 4n,
  Completed: 5n,
  Ended: 6n,
  Void: 7n,
};
export const BURN = '0x000000000000000000000000000000000000dEaD';

export const floats = (numbers: Iterable<number>): Uint8Array => new Uint8Array(Float32Array.from(numbers).buffer);
export const committed = (dims: number[], numbers: Iterable<number>): Tensor =>
  commitTensor({ dtype: 'float32', layout: 0, dims }, floats(numbers));

const next = random(41);
const numbers = (count: number) => Array.from({ length: count }, () => Math.fround(next() * 2 - 1));
/** The data set: x [rows, 2] and y [rows, 1]. */
export const COLUMNS = [committed([ROWS, WIDTH], numbers(ROWS * WIDTH)), committed([ROWS, 1], numbers(ROWS))];
export const COLUMN_LIST = new ListTree(COLUMNS.map(({ root }) => root));
const TYPES = ethers.keccak256(
  ethers.solidityPacked(['uint8', 'uint8', 'uint32', 'uint8', 'uint8', 'uint32'], [1, 1, WIDTH, 1, 1, 1]),
);
/** The initial checkpoint. */
export const INITIAL = [committed([WIDTH, 1], [0.5, -0.25]), committed([1], [0.125])];
export const STEP = stepProgram();
export const AGGREGATION = aggregationProgram();
export const SCORE = scoreProgram();
/** One rate for each step of a run. */
export const scheduleOf = (steps: number): Tensor =>
  committed(
    [steps, 1],
    Array.from({ length: steps }, (_, s) => 0.25 / (s + 1)),
  );

/** The whole protocol with accounts, a token and a registered data set. */
export async function trainingFixture() {
  const [founder, initiator, ada, bob, challenger, dataOwner, backer, other, ...trainers] = await ethers.getSigners();
  const { addresses, chainId } = await deployProtocol(founder, localHands(founder.address));
  const at = addresses;
  const contracts = {
    registry: await ethers.getContractAt('TrainingRegistry', at.TrainingRegistry),
    escrow: await ethers.getContractAt('RunEscrow', at.RunEscrow),
    scores: await ethers.getContractAt('ScoredRounds', at.ScoredRounds),
    faults: await ethers.getContractAt('StepFaults', at.StepFaults),
    rules: await ethers.getContractAt('RunRules', at.RunRules),
    randomness: await ethers.getContractAt('BlockRandomness', at.BlockRandomness),
    claims: await ethers.getContractAt('Claims', at.Claims),
    penalties: await ethers.getContractAt('Penalties', at.Penalties),
    stake: await ethers.getContractAt('StakeManager', at.StakeManager),
    miel: await ethers.getContractAt('MielToken', at.MielToken),
    accusations: await ethers.getContractAt('Accusations', at.Accusations),
    referee: await ethers.getContractAt('Referee', at.Referee),
    datasets: await ethers.getContractAt('DatasetRegistry', at.DatasetRegistry),
    models: await ethers.getContractAt('ModelRegistry', at.ModelRegistry),
    royalties: await ethers.getContractAt('Royalties', at.Royalties),
  };
  const token = await ethers.deployContract('Token__Mock');
  for (const account of [initiator, backer, other]) {
    await token.mint(account, 10n ** 18n);
    await token.connect(account).approve(contracts.escrow, ethers.MaxUint256);
  }
  const manifest = ethers.id('data set');
  await contracts.datasets.connect(dataOwner).register(TYPES, COLUMN_LIST.root, ROWS, manifest, token, PRICE, [], []);
  const dataset = BigInt(
    ethers.keccak256(
      ethers.AbiCoder.defaultAbiCoder().encode(['address', 'bytes32', 'bytes32'], [dataOwner.address, TYPES, manifest]),
    ),
  );
  const system = {
    ...contracts,
    ...{ founder, initiator, ada, bob, challenger, dataOwner, backer, other, trainers, token, dataset, addresses },
    chainId,
    treasury: at.TimelockController,
  };
  for (const trainer of [ada, bob]) await staked(system, trainer);
  return system;
}

export type Training = Awaited<ReturnType<typeof trainingFixture>>;

/** Gives a trainer stake and grants it to the registry. */
export async function staked(
  {
    miel,
    stake,
    registry,
    penalties,
    founder,
  }: Pick<Training, 'miel' | 'stake' | 'registry' | 'penalties' | 'founder'>,
  trainer: HardhatEthersSigner,
  amount = 10_000n * MIEL,
): Promise<void> {
  await miel.connect(founder).transfer(trainer, amount);
  await miel.connect(trainer).approve(stake, ethers.MaxUint256);
  await stake.connect(trainer).stake(amount);
  await stake.connect(trainer).provision(registry, penalties, amount);
}

let salt = 0n;

/** Terms of a run that differ from every other's: one seat, three rounds of two steps. */
export async function termsOf(system: Training, changes: Partial<RunTerms> = {}): Promise<RunTerms> {
  const now = await networkHelpers.time.latest();
  const steps = changes.steps ?? 2;
  const rounds = changes.rounds ?? 3;
  return {
    initiator: system.initiator.address,
    token: await system.token.getAddress(),
    programId: STEP.program.id,
    aggregationProgramId: (changes.seats ?? 1) > 1 ? AGGREGATION.program.id : ZERO_HASH,
    baseModel: 0n,
    checkpoint: new ListTree(INITIAL.map(({ root }) => root)).root,
    scheduleRoot: scheduleOf(Math.min(steps * rounds, 1_000)).root,
    dataset: system.dataset,
    version: 1,
    rows: ROWS,
    tensors: TENSORS,
    batch: BATCH,
    steps,
    rounds,
    seats: 1,
    depth: 4,
    feePerStep: FEE,
    aggregationFee: 5_003n,
    fundingDeadline: now + 86_400,
    roundSeconds: 3_600,
    deadline: now + 30 * 86_400,
    trainersRoot: ZERO_HASH,
    trainers: 0,
    collateral: 1_000_000n,
    dependantPay: 1_000n,
    backersShare: 5_000,
    trainersShare: 3_000,
    initiatorShare: 2_000,
    dataRoyalty: 500,
    baseRoyalty: 0,
    manifest: ethers.id('run'),
    salt: ++salt,
    scoreProgramId: ZERO_HASH,
    ...changes,
  };
}

export const programsOf = (terms: RunTerms): string =>
  toHex(
    programsPart(
      STEP.program,
      terms.seats > 1 ? AGGREGATION.program : undefined,
      terms.scoreProgramId === ZERO_HASH ? undefined : SCORE.program,
    ),
  );

/** A run that was created. */
export async function created(system: Training, changes: Partial<RunTerms> = {}): Promise<RunTerms> {
  const terms = await termsOf(system, changes);
  await system.registry.connect(system.initiator).create(terms, programsOf(terms));
  return terms;
}

/** A run whose whole budget is there, half of it from the backer. */
export async function funded(system: Training, changes: Partial<RunTerms> = {}): Promise<RunTerms> {
  const terms = await created(system, changes);
  const budget = await system.escrow.budgetOf(terms, PRICE);
  await system.escrow.connect(system.backer).fund(terms, budget / 3n);
  await system.escrow.connect(system.initiator).fund(terms, budget);
  return terms;
}

/** RLP-encoded header of a block. */
export async function headerOf(number: bigint): Promise<string> {
  const block = await ethers.provider.send('eth_getBlockByNumber', [ethers.toQuantity(number), false]);
  const integer = (hex: string) => (BigInt(hex) === 0n ? '0x' : toBeHex(BigInt(hex)));
  const fields = [
    ...[block.parentHash, block.sha3Uncles, block.miner, block.stateRoot, block.transactionsRoot, block.receiptsRoot],
    ...[block.logsBloom, integer(block.difficulty), integer(block.number), integer(block.gasLimit)],
    ...[integer(block.gasUsed), integer(block.timestamp), block.extraData, block.mixHash, block.nonce],
    ...[integer(block.baseFeePerGas), block.withdrawalsRoot, integer(block.blobGasUsed), integer(block.excessBlobGas)],
    ...[block.parentBeaconBlockRoot, block.requestsHash].filter((field) => field !== undefined),
  ];
  return encodeRlp(fields);
}

/** Mines until the block is there, and the one after it. The node makes the mixHash of single blocks only. */
export async function reach(number: bigint): Promise<void> {
  const missing = Number(number) - (await ethers.provider.getBlockNumber());
  if (missing > 1) await networkHelpers.mine(missing - 1);
  for (let i = 0; i < 2; i++) await networkHelpers.mine();
}

/** Records the random round of a run. */
export async function recorded(system: Training, terms: RunTerms): Promise<void> {
  const { drawn } = await system.registry.sums(runIdOf(terms));
  await reach(drawn);
  await system.randomness.record(drawn, await headerOf(drawn));
}

/** A run whose seed is drawn, with trainers in its first seats. */
export async function running(
  system: Training,
  changes: Partial<RunTerms> = {},
  trainers: HardhatEthersSigner[] = [system.ada],
): Promise<RunTerms> {
  const terms = await funded(system, changes);
  await recorded(system, terms);
  await system.registry.draw(terms);
  for (const [seat, trainer] of trainers.entries()) await joined(system, terms, trainer, seat);
  return terms;
}

export const joined = async (system: Training, terms: RunTerms, trainer: HardhatEthersSigner, seat = 0, locks = 4) =>
  system.registry.connect(trainer).join(terms, seat, locks, 0, '0x');

/** Moves the chain past the window of whatever was submitted before, in blocks and in seconds. */
export async function passWindow(): Promise<void> {
  await networkHelpers.mine(3_601, { interval: 25 });
}

let salts = 0;

/** Accuses with what will be shown, waits a block, and gives the salt. */
export async function accused(
  system: Training,
  batchId: Hash,
  proof: Uint8Array,
  by = system.challenger,
): Promise<Hash> {
  const secret = ethers.id(`salt ${salts++}`);
  await system.accusations.connect(by).accuse(accusationHash(batchId, proof, by.address, secret));
  await networkHelpers.mine();
  return secret;
}
