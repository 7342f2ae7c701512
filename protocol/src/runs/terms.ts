import { AbiCoder, keccak256 } from 'ethers';
import type { Hash } from '../commitments/bytes.ts';

/** Types of a run's terms in the order of the contract's struct `Terms`. */
const FIELDS = {
  initiator: 'address',
  token: 'address',
  programId: 'bytes32',
  aggregationProgramId: 'bytes32',
  baseModel: 'uint256',
  checkpoint: 'bytes32',
  scheduleRoot: 'bytes32',
  dataset: 'uint256',
  version: 'uint32',
  rows: 'uint32',
  tensors: 'uint16',
  batch: 'uint32',
  steps: 'uint16',
  rounds: 'uint24',
  seats: 'uint16',
  depth: 'uint8',
  feePerStep: 'uint96',
  aggregationFee: 'uint96',
  fundingDeadline: 'uint40',
  roundSeconds: 'uint24',
  deadline: 'uint40',
  trainersRoot: 'bytes32',
  trainers: 'uint32',
  collateral: 'uint40',
  dependantPay: 'uint40',
  backersShare: 'uint16',
  trainersShare: 'uint16',
  initiatorShare: 'uint16',
  dataRoyalty: 'uint16',
  baseRoyalty: 'uint16',
  manifest: 'bytes32',
  salt: 'uint64',
  scoreProgramId: 'bytes32',
} as const;

type Wide = 'baseModel' | 'dataset' | 'feePerStep' | 'aggregationFee' | 'salt' | 'collateral' | 'dependantPay';

/**
 * Everything that a run fixes before its seed is drawn; `ITrainingRegistry.Terms` says what each means. Addresses and
 * hashes are 0x hex; collateral and dependantPay are in milli-MIEL; shares and royalties in basis points.
 */
export type RunTerms = {
  readonly [Name in keyof typeof FIELDS]: (typeof FIELDS)[Name] extends 'address' | 'bytes32'
    ? string
    : Name extends Wide
      ? bigint
      : number;
};

const NAMES = Object.keys(FIELDS) as (keyof typeof FIELDS)[];
/** ABI type of the terms. */
export const RUN_TERMS = `tuple(${NAMES.map((name) => `${FIELDS[name]} ${name}`).join(',')})`;

/** ABI encoding of terms: the preimage of the run's id. */
export const encodeRunTerms = (terms: RunTerms): Hash => AbiCoder.defaultAbiCoder().encode([RUN_TERMS], [terms]);

const WIDE: ReadonlySet<string> = new Set<Wide>([
  'baseModel',
  'dataset',
  'feePerStep',
  'aggregationFee',
  'salt',
  'collateral',
  'dependantPay',
]);

/** Terms from their ABI encoding, as the registry's event holds them. */
export function decodeRunTerms(encoded: Hash): RunTerms {
  const [found] = AbiCoder.defaultAbiCoder().decode([RUN_TERMS], encoded);
  const narrow = (name: string, value: unknown) =>
    typeof value === 'bigint' && !WIDE.has(name) ? Number(value) : value;
  return Object.fromEntries(NAMES.map((name) => [name, narrow(name, found[name])])) as RunTerms;
}

/** keccak256(abi.encode(terms)). */
export const runIdOf = (terms: RunTerms): Hash => keccak256(encodeRunTerms(terms));

/** What the backers of a run have to lock, in the token's units. */
export function budgetOf(
  terms: Pick<RunTerms, 'seats' | 'steps' | 'rounds' | 'feePerStep' | 'aggregationFee'>,
  dataPrice: bigint,
): bigint {
  const steps = BigInt(terms.seats) * BigInt(terms.steps) * terms.feePerStep;
  return BigInt(terms.rounds) * (steps + (terms.seats > 1 ? terms.aggregationFee : 0n)) + dataPrice;
}
