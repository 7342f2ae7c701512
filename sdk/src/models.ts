import { compile, EssaimError, type Program, type ProgramDrift } from '@essaim/protocol';
import type { Storage } from '@essaim/storage';
import { AbiCoder, keccak256, type Signer, toBigInt } from 'ethers';
import { chainFailure } from './chain/reverts.ts';
import { send } from './chain/send.ts';
import { unlessAborted } from './chain/wait.ts';
import { type ModelManifest, readModelManifest } from './content/manifests.ts';
import { describeNumerics } from './content/numerics.ts';
import type { Contracts } from './contracts/contracts.ts';
import type { Parent } from './shares/types.ts';

/** A model that was fetched, checked and recompiled. */
export interface Model {
  readonly id: bigint;
  readonly program: Program;
  readonly onnx: Uint8Array;
  readonly manifest: ModelManifest;
}

export interface NewModel {
  onnx: Uint8Array;
  name: string;
  description: string;
  licence: string;
  /** Price of one inference, in the smallest unit of `token`. */
  price: bigint;
  /** ERC-20 that the price is in. */
  token: string;
  /** What `referenceDrift` of `@essaim/runtime` measured of it, for those who decide by its outputs; exact programs have none. */
  drift?: ProgramDrift;
  /** What it comes from, and what those draw of its revenue, for good: at most eight. Default: nothing. */
  parents?: Parent[];
}

/** Where a model comes from. */
export interface Lineage {
  /** The training run that proves it; null where the owner only says so. */
  runId: string | null;
  parents: Parent[];
}

/** How many recompiled models are kept. */
const KEEP = 16;

/**
 * Registered models: publish one's own, fetch others' and trust none that does not recompile to its programId.
 *
 * @example
 * ```ts
 * const texts = { name: 'Digits', description: 'Reads one handwritten digit', licence: 'CC BY 4.0' };
 * const { id, program } = await essaim.models.publish({ onnx, ...texts, price: 0n, token });
 * const model = await essaim.models.load(id, program.id);
 * console.log(model.manifest.name, model.program.outputs.length); // Digits 2
 * ```
 */
export class Models {
  readonly #contracts: Contracts;
  readonly #storage: Storage;
  readonly #signer: Signer | undefined;
  readonly #closed: AbortSignal | undefined;
  readonly #known = new Map<string, Promise<Model>>();

  constructor(contracts: Contracts, storage: Storage, signer?: Signer, closed?: AbortSignal) {
    this.#contracts = contracts;
    this.#storage = storage;
    this.#signer = signer;
    this.#closed = closed;
  }

  /**
   * Compiles, publishes and registers a model. What is wrong with the ONNX file is said before anything is stored or
   * sent: ONNX_…, JUDGE_REFUSES, PROGRAM_FAULT_TOO_LARGE. ModelRegistry_Exists if this account registered it before;
   * Royalties_NoParent, Royalties_Lineage.
   */
  async publish(model: NewModel, signal?: AbortSignal): Promise<Model> {
    const { onnx, name, description, licence, price, token, parents = [], drift = null } = model;
    if (!this.#signer)
      throw new EssaimError('WALLET_MISSING', 'registering a model needs a signer', { help: 'connect with one' });
    const program = compile(onnx);
    const cid = await this.#storage.put(onnx, { signal });
    const manifest: ModelManifest = {
      kind: 'essaim/model/1',
      name,
      description,
      licence,
      onnx: cid,
      programId: program.id,
      numerics: describeNumerics(program, drift),
    };
    const { digest } = await this.#storage.putManifest(manifest, { signal });
    const registry = this.#contracts.ModelRegistry;
    const terms = [program.id, digest, token, price] as const;
    const call =
      parents.length === 0
        ? await registry.register.populateTransaction(...terms)
        : await registry.registerDerived.populateTransaction(...terms, parents.map(onChain));
    await send(this.#signer, call, 'registering the model', { signal });
    const id = modelIdOf(await this.#signer.getAddress(), program.id);
    const published: Model = { id, program, onnx, manifest };
    this.#keep(`${id}/${program.id}`, Promise.resolve(published));
    return published;
  }

  /**
   * Fetches a registered model and recompiles it. MODEL_UNKNOWN, MANIFEST_INVALID; MODEL_MISMATCH if its file does not
   * compile to `programId`.
   */
  load(id: bigint, programId: string, signal?: AbortSignal): Promise<Model> {
    const key = `${id}/${programId}`;
    let loading = this.#known.get(key);
    if (!loading) {
      // Others may wait for the same model: one caller's signal must not end it for them.
      loading = this.#load(id, programId, this.#closed);
      this.#keep(key, loading);
      loading.catch(() => this.#known.delete(key));
    }
    return unlessAborted(loading, signal);
  }

  /** Where a model comes from, as the chain has it. */
  async lineage(id: bigint): Promise<Lineage> {
    const { runId, parents } = await this.#contracts.ModelRegistry.lineageOf(id).catch(async (cause: unknown) => {
      throw await chainFailure(cause, `asking for the lineage of model ${id}`);
    });
    return {
      runId: BigInt(runId) === 0n ? null : runId,
      parents: parents.map(({ asset, version, bps }) => ({
        asset,
        version: version === 0n ? null : Number(version),
        bps: Number(bps),
      })),
    };
  }

  /** The price of one inference, in the smallest unit of `token`. */
  async price(id: bigint): Promise<{ token: string; price: bigint }> {
    const { token, price } = await this.#contracts.ModelRegistry.priceOf(id).catch(async (cause: unknown) => {
      throw await chainFailure(cause, `asking for the price of model ${id}`);
    });
    return { token, price };
  }

  async #load(id: bigint, programId: string, signal?: AbortSignal): Promise<Model> {
    const digest = await this.#contracts.ModelRegistry.manifestOf(id, programId).catch(async (cause: unknown) => {
      const error = await chainFailure(cause, `asking for model ${id}`);
      if (error.code !== 'ModelRegistry_NoProgram') throw error;
      throw new EssaimError('MODEL_UNKNOWN', `model ${id} holds no program ${programId}`, {
        help: 'check both against the registry',
        cause,
      });
    });
    const manifest = readModelManifest(await this.#storage.getManifest(digest, { signal }));
    const onnx = await this.#storage.get(manifest.onnx, { signal });
    const program = compile(onnx);
    if (program.id !== programId) {
      throw new EssaimError('MODEL_MISMATCH', `model ${id} says ${programId}, its file compiles to ${program.id}`, {
        help: 'do not use this model: what it sells is not what it shows',
        details: { programId, compiled: program.id },
      });
    }
    return { id, program, onnx, manifest };
  }

  #keep(key: string, model: Promise<Model>): void {
    this.#known.set(key, model);
    if (this.#known.size > KEEP) this.#known.delete(this.#known.keys().next().value!);
  }
}

/** A model is named by its first owner and its first program. */
export const modelIdOf = (owner: string, programId: string): bigint =>
  toBigInt(keccak256(AbiCoder.defaultAbiCoder().encode(['address', 'bytes32'], [owner, programId])));

const onChain = ({ asset, version, bps }: Parent) => ({ asset, version: version ?? 0, bps });
