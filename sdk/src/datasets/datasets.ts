import {
  type DatasetManifest,
  datasetIdOf,
  EssaimError,
  type Hash,
  manifestRoot,
  readDatasetManifest,
  sameColumn,
  showColumn,
  typesHash,
} from '@essaim/protocol';
import type { Storage } from '@essaim/storage';
import type { Signer } from 'ethers';
import { chainFailure } from '../chain/reverts.ts';
import { send } from '../chain/send.ts';
import type { Contracts } from '../contracts/contracts.ts';
import { decodeElements, type RowTensor } from './elements.ts';
import type { LocalDataset } from './local.ts';
import { type PublishOptions, publishColumns } from './publish.ts';
import { RegisteredDataset } from './registered.ts';

/** Who gets shares of a data set's revenue. */
export interface Contributor {
  account: string;
  /** Shares with 18 decimals. */
  shares: bigint;
  /** What was contributed, for the manifest. */
  note?: string;
}

export interface NewDataset extends PublishOptions {
  name: string;
  description: string;
  /** SPDX expression or the text itself. */
  licence: string;
  /** Price of each run that trains on it, in the smallest unit of `token`. */
  price: bigint;
  /** ERC-20 that the price is in. */
  token: string;
  /** At most 64; without any, the revenue is the owner's. */
  contributors?: readonly Contributor[];
}

export interface NewVersion extends PublishOptions, Partial<Pick<NewDataset, 'name' | 'description' | 'licence'>> {
  /** Get new shares, which dilute the others. */
  contributors?: readonly Contributor[];
}

/** How many versions' manifests are kept. */
const KEEP = 64;

/**
 * Registered data sets: publish one's own, read others' and believe nothing that does not fit what was registered.
 *
 * @example
 * ```ts
 * import { importDataset } from '@essaim/sdk/node';
 *
 * const local = await importDataset(csv, folder); // a file with a header: "length,kind"
 * const texts = { name: 'Petals', description: 'Lengths of petals', licence: 'CC0-1.0' };
 * const { id } = await essaim.datasets.register(local, { ...texts, price: 0n, token });
 * const [lengths, kinds] = await essaim.datasets.rows(id, 1, [1]); // each byte checked
 * console.log(lengths.data[0], kinds.labels?.[Number(kinds.data[0])]); // 4.5 rose
 * ```
 */
export class Datasets {
  readonly #contracts: Contracts;
  readonly #storage: Storage;
  readonly #signer: Signer | undefined;
  readonly #known = new Map<string, RegisteredDataset>();

  constructor(contracts: Contracts, storage: Storage, signer?: Signer) {
    this.#contracts = contracts;
    this.#storage = storage;
    this.#signer = signer;
  }

  /** Publishes a data set and registers it as version 1. DatasetRegistry_Exists if this account registered it before. */
  async register(local: LocalDataset, options: NewDataset): Promise<RegisteredDataset> {
    const { name, description, licence, price, token, contributors = [], signal } = options;
    const signer = this.#wallet('registering a data set');
    const columns = await publishColumns(local, this.#storage, undefined, options);
    const texts = { name, description, licence, previous: null };
    const { digest, manifest, root } = await this.#publishManifest(texts, local.rows, columns, contributors, signal);
    const [accounts, amounts] = shared(contributors);
    const types = typesHash(columns);
    const call = await this.#contracts.DatasetRegistry.register.populateTransaction(
      types,
      root,
      local.rows,
      digest,
      token,
      price,
      accounts,
      amounts,
    );
    await send(signer, call, 'registering the data set', { signal });
    const id = datasetIdOf(await signer.getAddress(), types, digest);
    return this.#keep({ id, version: 1, columnsRoot: root, digest, manifest });
  }

  /**
   * Publishes what is new in a data set that has grown, and adds it as the next version. DATASET_NOT_YOURS;
   * DATASET_TYPES where its columns are others; DATASET_NOT_GROWN where it does not begin with the rows that the newest
   * version has, or adds none.
   */
  async addVersion(id: bigint, local: LocalDataset, options: NewVersion = {}): Promise<RegisteredDataset> {
    const { contributors = [], signal } = options;
    const signer = this.#wallet('adding a version');
    const { DatasetRegistry } = this.#contracts;
    const before = await this.get(id, undefined, signal);
    await requireOwner(id, await DatasetRegistry.ownerOf(id), await signer.getAddress());
    await requireGrown(before, local);
    const columns = await publishColumns(local, this.#storage, before.manifest, options);
    const { name, description, licence } = { ...before.manifest, ...withoutGaps(options) };
    const texts = { name, description, licence, previous: before.digest };
    const { digest, manifest, root } = await this.#publishManifest(texts, local.rows, columns, contributors, signal);
    const [accounts, amounts] = shared(contributors);
    const call = await DatasetRegistry.addVersion.populateTransaction(id, root, local.rows, digest, accounts, amounts);
    await send(signer, call, 'adding a version', { signal });
    const version = await this.#versionOf(id, digest, before.version + 1);
    return this.#keep({ id, version, columnsRoot: root, digest, manifest });
  }

  /**
   * A version as the chain and its manifest tell it; by default the newest. DATASET_UNKNOWN; MANIFEST_INVALID;
   * DATASET_CHANGED where the manifest does not fit what was registered.
   */
  async get(id: bigint, version?: number, signal?: AbortSignal): Promise<RegisteredDataset> {
    const { DatasetRegistry } = this.#contracts;
    const number = version ?? (await this.versions(id));
    const known = this.#known.get(`${id}/${number}`);
    if (known) return known;
    const held = await DatasetRegistry.version(id, number).catch(async (cause: unknown) => {
      const error = await chainFailure(cause, `asking for data set ${id}`);
      if (error.code !== 'DatasetRegistry_NoVersion') throw error;
      throw unknown(id, number);
    });
    const manifest = readDatasetManifest(await this.#storage.getManifest(held.manifest, { signal }));
    const types = typesHash(manifest.columns);
    if (
      types !== held.typesHash ||
      BigInt(manifest.rows) !== held.rows ||
      manifestRoot(manifest) !== held.columnsRoot
    ) {
      throw new EssaimError('DATASET_CHANGED', `version ${number} of data set ${id} is not what its manifest says`, {
        help: 'do not use it: its columns, rows or types are not those that were registered',
        details: { id, version: number },
      });
    }
    return this.#keep({ id, version: number, columnsRoot: held.columnsRoot, digest: held.manifest, manifest });
  }

  /** DATASET_NOT_GROWN where a version up to this one does not begin with the rows of the one before it. */
  async checkHistory(id: bigint, version?: number, signal?: AbortSignal): Promise<void> {
    let later = await this.get(id, version, signal);
    while (later.version > 1) {
      const earlier = await this.get(id, later.version - 1, signal);
      if (!(await later.beginsWith(earlier, signal)))
        throw notGrown(earlier, `version ${later.version} of data set ${id}`);
      later = earlier;
    }
  }

  /** Number of the newest version. DATASET_UNKNOWN */
  async versions(id: bigint): Promise<number> {
    const count = await this.#contracts.DatasetRegistry.versions(id).catch(async (cause: unknown) => {
      throw await chainFailure(cause, `asking for data set ${id}`);
    });
    if (count === 0n) throw unknown(id);
    return Number(count);
  }

  /** Price of each run that trains on it. */
  async priceOf(id: bigint): Promise<{ token: string; price: bigint }> {
    const { token, price } = await this.#contracts.DatasetRegistry.priceOf(id);
    return { token, price };
  }

  /** Rows by their numbers, each column a tensor of dims [indices, …shape]. DATASET_NO_ROW, DATASET_CHANGED */
  async rows(id: bigint, version: number | undefined, indices: readonly number[], signal?: AbortSignal) {
    const dataset = await this.get(id, version, signal);
    const tensors = await dataset.gatherBatch(indices, signal);
    return tensors.map((tensor, i): RowTensor => decodeElements(tensor, dataset.columns[i].labels));
  }

  async #publishManifest(
    texts: Pick<DatasetManifest, 'name' | 'description' | 'licence' | 'previous'>,
    rows: number,
    columns: DatasetManifest['columns'],
    contributors: readonly Contributor[],
    signal?: AbortSignal,
  ): Promise<{ digest: Hash; manifest: DatasetManifest; root: Hash }> {
    const named = contributors.map(({ account, note = '' }) => ({ account, note }));
    const manifest = readDatasetManifest({ kind: 'essaim/dataset/1', ...texts, rows, columns, contributors: named });
    const { digest } = await this.#storage.putManifest(manifest, { signal });
    return { digest, manifest, root: manifestRoot(manifest) };
  }

  /** The number that a version got: the owner may have added another at the same time. */
  async #versionOf(id: bigint, digest: string, from: number): Promise<number> {
    const last = await this.versions(id);
    for (let number = from; number <= last; number++)
      if ((await this.#contracts.DatasetRegistry.version(id, number)).manifest === digest) return number;
    throw unknown(id, from);
  }

  #keep(at: ConstructorParameters<typeof RegisteredDataset>[0]): RegisteredDataset {
    const dataset = new RegisteredDataset(at, this.#storage);
    this.#known.set(`${at.id}/${at.version}`, dataset);
    if (this.#known.size > KEEP) this.#known.delete(this.#known.keys().next().value!);
    return dataset;
  }

  #wallet(doing: string): Signer {
    if (this.#signer) return this.#signer;
    throw new EssaimError('WALLET_MISSING', `${doing} needs a signer`, { help: 'connect with one' });
  }
}

const shared = (contributors: readonly Contributor[]): [string[], bigint[]] => [
  contributors.map(({ account }) => account),
  contributors.map(({ shares }) => shares),
];

const withoutGaps = ({ name, description, licence }: NewVersion) =>
  Object.fromEntries(Object.entries({ name, description, licence }).filter(([, text]) => text !== undefined));

function requireOwner(id: bigint, owner: string, account: string): void {
  if (owner.toLowerCase() === account.toLowerCase()) return;
  throw new EssaimError('DATASET_NOT_YOURS', `data set ${id} is ${owner}'s`, {
    help: 'only its owner adds versions: register these rows as a data set of your own',
  });
}

async function requireGrown(before: RegisteredDataset, local: LocalDataset): Promise<void> {
  const { manifest } = before;
  const isSame = local.columns.length === manifest.columns.length;
  const other = manifest.columns.findIndex((column, i) => !isSame || !sameColumn(column, local.columns[i]));
  if (!isSame || other >= 0) {
    const has = manifest.columns.map((column) => `${column.name}: ${showColumn(column)}`).join(', ');
    throw new EssaimError('DATASET_TYPES', 'its columns are not those of the data set', { help: `it has ${has}` });
  }
  const labelled = manifest.columns.every(({ labels }, i) =>
    (labels ?? []).every((label, k) => label === local.columns[i].labels?.[k]),
  );
  const begins = local.rows > before.rows && (await local.columnsRoot(before.rows)) === before.columnsRoot;
  if (labelled && begins) return;
  throw notGrown(before, 'what was given');
}

const notGrown = ({ rows, version }: RegisteredDataset, what: string): EssaimError =>
  new EssaimError(
    'DATASET_NOT_GROWN',
    `${what} does not begin with the ${rows} rows of version ${version} and add more`,
    {
      help: 'a version only adds rows: download the newest version and append to it, or register another data set',
    },
  );

const unknown = (id: bigint, version?: number): EssaimError =>
  new EssaimError('DATASET_UNKNOWN', `there is no ${version ? `version ${version} of ` : ''}data set ${id}`, {
    help: 'check its number against the registry',
  });
