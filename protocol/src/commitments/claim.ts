import { keccak256 } from 'ethers';
import { concat, fromHex, type Hash, uint } from './bytes.ts';
import { tagged } from './tags.ts';

/** What binds a claim to its place: chain, client contract, what it is about, and the claim it continues (or zeros). */
export interface Context {
  readonly chainId: number | bigint;
  /** 20 bytes, 0x hex. */
  readonly client: string;
  /** The job, 32 bytes. */
  readonly subject: Hash;
  /** Position in its batch. */
  readonly position: number;
  readonly continues: Hash;
}
export const contextHash = (c: Context): Hash =>
  tagged(
    'context',
    uint(c.chainId, 32),
    fromHex(c.client, 20),
    fromHex(c.subject, 32),
    uint(c.position, 4),
    fromHex(c.continues, 32),
  );

/** A claim that `programId` run on the inputs gave the trace. */
export interface Claim {
  readonly programId: Hash;
  readonly inputsRoot: Hash;
  readonly traceRoot: Hash;
  readonly context: Hash;
}
export const claimHash = (c: Claim): Hash =>
  tagged('claim', ...[c.programId, c.inputsRoot, c.traceRoot, c.context].map((hash) => fromHex(hash, 32)));

/** keccak256(client ‖ subject): a client has one batch for each subject. */
export const batchId = (client: string, subject: Hash): Hash =>
  keccak256(concat([fromHex(client, 20), fromHex(subject, 32)]));

/** What a challenger commits to before it shows `proof`. */
export const accusationHash = (batch: Hash, proof: Uint8Array, challenger: string, salt: Hash): Hash =>
  tagged('accusation', fromHex(batch, 32), fromHex(keccak256(proof)), fromHex(challenger, 20), fromHex(salt, 32));
