import { type Hash, toHex } from '@essaim/protocol';
import { type Essaim, encodeTerms, type Model, type Terms } from '@essaim/sdk';
import type { Contents } from '@essaim/storage';
import type { ContractTransaction } from 'ethers';
import type { Submitted } from './case.ts';
import type { Charge } from './charge.ts';
import type { Told } from './events.ts';

/** A batch of claims that is checked, whatever it is about. */
export interface Docket {
  readonly batchId: Hash;
  /** Root and count as Claims holds them. */
  readonly batch: { readonly root: Hash; readonly count: number };
  /** What every claim of it has to be of. */
  readonly programId: Hash;
  readonly model: Pick<Model, 'program' | 'onnx'>;
  /** Where what its executor serves is read; the storage as it is unless given. */
  readonly contents?: Contents;
  /** For logs: what it is about, and whose it is. */
  readonly told: Told;
  /** Proves a fault that only the batch's client can see. */
  readonly proveForeign: (charge: Charge, salt: Hash) => Promise<ContractTransaction>;
  /** Makes the executor of the rejected batch pay. */
  readonly punish: () => Promise<ContractTransaction>;
}

/** What convicting a job's batch takes. */
export function docketOf(
  { JobMarket, Penalties }: Essaim['contracts'],
  { jobId, provider }: Pick<Submitted, 'jobId' | 'provider'>,
  batchId: Hash,
  terms: Terms,
): Omit<Docket, 'batch' | 'model' | 'contents'> {
  return {
    batchId,
    programId: terms.programId,
    told: { jobId, provider },
    proveForeign: ({ proof }, salt) => JobMarket.proveContext.populateTransaction(terms, toHex(proof), salt),
    punish: () => Penalties.collect.populateTransaction(batchId, encodeTerms(terms)),
  };
}
