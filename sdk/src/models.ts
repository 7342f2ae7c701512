import { compile, EssaimError, type Program } from '@essaim/protocol';
import type { Storage } from '@essaim/storage';
import type { Signer } from 'ethers';
import { send } from './chain/send.ts';
import { type ModelManifest, readModelManifest } from './content/manifests.ts';
import type { Contracts } from './contracts/contracts.ts';

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
}

/** How many recompiled models are kept. */
const KEEP = 16;

/** Registered models: publish one's own, fetch others' and trust none that does not recompile to its programId. */
export class Models {
  readonly #contracts: Contracts;
  readonly #storage: Storage;
  readonly #signer: Signer | undefined;
  readonly #known = new Map<string, Promise<Model>>();

  constructor(contracts: Contracts, storage: Storage, signer?: Signer) {
    this.#contracts = contracts;
    this.#storage = storage;
    this.#signer = signer;
  }

  /** Compiles, publishes and registers a model. Everything that can be wrong with the ONNX file is said before a transaction. */
  async publish({ onnx, name, description, licence, price, token }: NewModel): Promise<Model> {
    if (!this.#signer)
      throw new EssaimError('WALLET_MISSING', 'registering a model needs a signer', { help: 'connect with one' });
    const program = compile(onnx);
    const cid = await this.#storage.put(onnx);
    const manifest: ModelManifest = {
      kind: 'essaim/model/1',
      name,
      description,
      licence,
      onnx: cid,
      programId: program.id,
    };
    const { digest } = await this.#storage.putManifest(manifest);
    const registry = this.#contracts.ModelRegistry;
    const call = await registry.register.populateTransaction(program.id, digest, token, price);
    const receipt = await send(this.#signer, call, 'registering the model');
    const log = receipt.logs
      .map((entry) => registry.interface.parseLog(entry))
      .find((event) => event?.name === 'Registered');
    const model: Model = { id: log?.args.model as bigint, program, onnx, manifest };
    this.#keep(`${model.id}/${program.id}`, Promise.resolve(model));
    return model;
  }

  /** Fetches a registered model and recompiles it; MODEL_MISMATCH if its file does not compile to `programId`. */
  load(id: bigint, programId: string, signal?: AbortSignal): Promise<Model> {
    const key = `${id}/${programId}`;
    const known = this.#known.get(key);
    if (known) return known;
    const loading = this.#load(id, programId, signal);
    this.#keep(key, loading);
    loading.catch(() => this.#known.delete(key));
    return loading;
  }

  async #load(id: bigint, programId: string, signal?: AbortSignal): Promise<Model> {
    const digest = await this.#contracts.ModelRegistry.manifestOf(id, programId);
    if (BigInt(digest) === 0n) {
      throw new EssaimError('MODEL_UNKNOWN', `model ${id} holds no program ${programId}`, {
        help: 'check both against the registry',
      });
    }
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
