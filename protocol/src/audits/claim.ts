import { AbiCoder, keccak256 } from 'ethers';
import { type Hash, ZERO_HASH } from '../commitments/bytes.ts';
import { batchId, claimHash, contextHash } from '../commitments/claim.ts';
import { ListTree } from '../commitments/list.ts';

/** What an audit says, as its event `Audited` has it and `IAuditPool` takes it back. */
export interface AuditRecord {
  /** Which of the batch's audits. */
  readonly index: number;
  /** Position of the audited claim in its batch. */
  readonly leaf: number;
  readonly seat: number;
  /** Among the seat's audits. */
  readonly number: number;
  /** How many leaves of the batch are audited. */
  readonly audits: number;
  /** Basis points; 0 where the draw expired. */
  readonly odds: number;
  readonly passed: boolean;
  readonly segment: bigint;
  readonly inputsRoot: Hash;
  /** Of the auditor's own execution. */
  readonly traceRoot: Hash;
  /** Its own list root of the drawn segment's inner values: `segmentTree(…).root`. */
  readonly innerRoot: Hash;
}

const AUDIT =
  'tuple(uint32 index,uint32 leaf,uint32 seat,uint32 number,uint32 audits,uint16 odds,bool passed,uint64 segment,bytes32 inputsRoot,bytes32 traceRoot,bytes32 innerRoot)';
const abi = AbiCoder.defaultAbiCoder();

/** Subject of audit `index` of a batch, for `AuditPool` as client. */
export const auditSubject = (audited: Hash, index: number): Hash =>
  keccak256(abi.encode(['bytes32', 'uint256'], [audited, index]));

/** The audit's own batch in `Claims`. */
export const auditBatchId = (pool: string, audited: Hash, index: number): Hash =>
  batchId(pool, auditSubject(audited, index));

/** Context of an audit's claim: it continues what the auditor says. */
export function auditContext(chainId: bigint, pool: string, audited: Hash, auditor: string, audit: AuditRecord): Hash {
  const continues = keccak256(abi.encode(['address', AUDIT], [auditor, audit]));
  return contextHash({ chainId, client: pool, subject: auditSubject(audited, audit.index), position: 0, continues });
}

/** The batch of one that the audit is in `Claims`; what its faults are proven, and its demands answered, with. */
export function auditBatch(programId: Hash, context: Hash, audit: AuditRecord): ListTree {
  const { inputsRoot, traceRoot } = audit;
  return new ListTree([claimHash({ programId, inputsRoot, traceRoot, context })]);
}

/** Root of the list of a segment that has no inner values, as of a program of one operator a segment. */
export const NO_INNER_VALUES: Hash = new ListTree(Array.from({ length: 1_024 }, () => ZERO_HASH)).root;
