import { commitTensor, EssaimError, listRoot } from '@essaim/protocol';
import type { Storage } from '@essaim/storage';
import { Contract, type ContractTransaction, type Signer, ZeroAddress } from 'ethers';
import { chainError } from '../chain/reverts.ts';
import { send } from '../chain/send.ts';
import { encodeInput, type TensorData } from '../content/inputs.ts';
import type { InputsManifest } from '../content/manifests.ts';
import type { Model } from '../models.ts';
import { type FollowContext, type FollowOptions, followJob } from './follow.ts';
import { JobRun } from './run.ts';
import type { JobStage } from './stages.ts';
import { findTerms, jobIdOf, randomSalt, type Terms } from './terms.ts';

/** What to run and for what. Amounts in smallest units of their token. */
export interface JobRequest {
  model: Model;
  /** One tensor per program input; or, for a job of several inputs, a list of those. */
  inputs: readonly TensorData[] | readonly (readonly TensorData[])[];
  /** ERC-20 that fee and royalty are paid in. */
  token: string;
  /** For each input, to the provider. */
  fee: bigint;
  /** For each input, to the model's owner; default: the model's price. */
  royalty?: bigint;
  /** MIEL that the provider puts at stake for this job. */
  collateral: bigint;
  /** Seconds from now within which the result must be there. Default 3,600. */
  within?: number;
  /** Only this provider may accept. */
  provider?: string;
}

/** A request checked and published, not yet paid. */
export interface PreparedJob {
  readonly jobId: string;
  readonly terms: Terms;
  /** Escrow that posting takes. */
  readonly cost: bigint;
}

const ERC20 = [
  'function allowance(address, address) view returns (uint256)',
  'function approve(address, uint256) returns (bool)',
  'function balanceOf(address) view returns (uint256)',
];

/** Buying inferences. */
export class Jobs {
  readonly #context: FollowContext;
  readonly #storage: Storage;
  readonly #signer: Signer | undefined;
  readonly #startBlock: number;

  constructor(context: FollowContext, startBlock: number, signer?: Signer) {
    this.#context = context;
    this.#storage = context.storage;
    this.#signer = signer;
    this.#startBlock = startBlock;
  }

  /** Checks the inputs, publishes them and fixes the terms. Nothing is paid. */
  async prepare(request: JobRequest, signal?: AbortSignal): Promise<PreparedJob> {
    const { contracts, provider } = this.#context;
    const { program } = request.model;
    const jobs = (
      Array.isArray(request.inputs[0]) && !isNumbers(request.inputs[0]) ? request.inputs : [request.inputs]
    ) as (readonly TensorData[])[];
    const encoded = jobs.map((inputs) => {
      if (inputs.length !== program.inputs.length) {
        throw new EssaimError('INPUT_COUNT', `${inputs.length} inputs given, the model has ${program.inputs.length}`, {
          help: `give, in this order: ${program.inputs.map(({ name }) => name).join(', ')}`,
        });
      }
      return program.inputs.map((spec, i) => encodeInput(spec, inputs[i]));
    });
    const roots = encoded.map((inputs) =>
      listRoot(inputs.map((bytes, i) => commitTensor(program.inputs[i].type, bytes).root)),
    );
    const claims: string[][] = [];
    for (const inputs of encoded)
      claims.push(await Promise.all(inputs.map((bytes) => this.#storage.put(bytes, { signal }))));
    const manifest: InputsManifest = { kind: 'essaim/inputs/1', claims };
    const { digest } = await this.#storage.putManifest(manifest);
    const price = await contracts.ModelRegistry.quote(request.model.id, program.id).catch((cause: unknown) => {
      throw chainError(cause, 'asking the model’s price');
    });
    const now = (await provider.getBlock('latest'))?.timestamp ?? Math.floor(Date.now() / 1000);
    const royalty = request.royalty ?? price.price;
    const terms: Terms = {
      requester: await this.#wallet().getAddress(),
      provider: request.provider ?? ZeroAddress,
      token: request.token,
      deadline: BigInt(now + (request.within ?? 3_600)),
      count: BigInt(jobs.length),
      salt: randomSalt(),
      fee: request.fee,
      royalty,
      model: request.model.id,
      programId: program.id,
      inputsRoot: listRoot(roots),
      inputs: digest,
      collateral: request.collateral,
    };
    return { jobId: jobIdOf(terms), terms, cost: (request.fee + royalty) * terms.count };
  }

  /** The transactions that post a prepared job: an approval where the allowance is short, then the job. */
  async populate({ terms, cost }: PreparedJob): Promise<ContractTransaction[]> {
    const { JobMarket } = this.#context.contracts;
    const token = new Contract(terms.token, ERC20, this.#context.provider);
    const market = await JobMarket.getAddress();
    const allowance = (await token.allowance(terms.requester, market)) as bigint;
    const post = await JobMarket.post.populateTransaction(terms);
    return allowance >= cost ? [post] : [await token.approve.populateTransaction(market, cost), post];
  }

  /** Says what posting would do, without sending anything: the cost, or the reason why it would be refused. */
  async simulate(request: JobRequest, signal?: AbortSignal): Promise<PreparedJob> {
    const prepared = await this.prepare(request, signal);
    const { terms, cost } = prepared;
    const balance = (await new Contract(terms.token, ERC20, this.#context.provider).balanceOf(
      terms.requester,
    )) as bigint;
    if (balance < cost) {
      throw new EssaimError('WALLET_TOKENS', `the job costs ${cost}, the account holds ${balance}`, {
        help: `send it ${cost - balance} more of the token ${terms.token}`,
        details: { cost, balance },
      });
    }
    const transactions = await this.populate(prepared);
    try {
      // An approval that is still to come makes the call itself fail: then only what precedes it can be tried.
      await this.#context.provider.call({ ...transactions[0], from: terms.requester });
    } catch (cause) {
      throw chainError(cause, 'posting the job');
    }
    return prepared;
  }

  /** Prepares, posts and follows a job. Await it for the result, iterate over it for its stages, abort it by the signal. */
  run(request: JobRequest, options: FollowOptions = {}): JobRun {
    return new JobRun(this.#post(request, options));
  }

  /** Follows a job posted earlier, by anyone. */
  follow(jobId: string, options: FollowOptions = {}): JobRun {
    return new JobRun(this.#resume(jobId, options));
  }

  /** Takes the escrow of a late or rejected job back. */
  async refund(jobId: string, signal?: AbortSignal): Promise<string> {
    const { contracts } = this.#context;
    const terms = await findTerms(contracts, jobId, this.#startBlock);
    const call = await contracts.JobMarket.refund.populateTransaction(terms);
    return (await send(this.#wallet(), call, `taking back the money of job ${jobId}`, { signal })).hash;
  }

  /** Pays the provider of a good result before the window ends. */
  async release(jobId: string, signal?: AbortSignal): Promise<string> {
    const { contracts } = this.#context;
    const terms = await findTerms(contracts, jobId, this.#startBlock);
    const call = await contracts.JobMarket.release.populateTransaction(terms);
    return (await send(this.#wallet(), call, `releasing the pay of job ${jobId}`, { signal })).hash;
  }

  async *#post(request: JobRequest, options: FollowOptions): AsyncGenerator<JobStage> {
    const prepared = await this.simulate(request, options.signal);
    const { jobId, terms } = prepared;
    let posted = { hash: '', blockNumber: 0 };
    for (const transaction of await this.populate(prepared)) {
      posted = await send(this.#wallet(), transaction, 'posting the job', { signal: options.signal });
    }
    yield { stage: 'posted', jobId, terms, transaction: posted.hash };
    yield* followJob(this.#context, jobId, terms, posted.blockNumber, options);
  }

  async *#resume(jobId: string, options: FollowOptions): AsyncGenerator<JobStage> {
    const { contracts } = this.#context;
    const market = contracts.JobMarket;
    const terms = await findTerms(contracts, jobId, this.#startBlock);
    const [posted] = await market.queryFilter(market.filters.Posted(jobId), this.#startBlock);
    yield { stage: 'posted', jobId, terms, transaction: posted.transactionHash };
    yield* followJob(this.#context, jobId, terms, posted.blockNumber, options);
  }

  #wallet(): Signer {
    if (this.#signer) return this.#signer;
    throw new EssaimError('WALLET_MISSING', 'this needs an account that signs', { help: 'connect with a signer' });
  }
}

const isNumbers = (value: unknown): boolean => {
  const first = Array.isArray(value) ? value[0] : undefined;
  return typeof first === 'number' || typeof first === 'bigint';
};
