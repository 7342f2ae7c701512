import {
  byteLength,
  CHUNK,
  chunkRootFrom,
  commitTensor,
  concat,
  EssaimError,
  type Hash,
  innerIndex,
  type ListTree,
  MAX_RANGE,
  readBytes,
  readInner,
  readSegment,
  type ShownTensor,
  sameType,
  segmentTree,
  shownClaimHash,
  type Tensor,
  type TensorType,
} from '@essaim/protocol';
import { boundaryParts, nativeHasher } from '@essaim/runtime';
import type { Desk } from './case.ts';
import type { ClaimView } from './claims.ts';
import { demand } from './demand.ts';
import type { Docket } from './docket.ts';
import { irregularByte } from './form.ts';
import { fetchInner } from './inner.ts';
import { paddedChunks, paddingOf } from './padding.ts';
import { served } from './served.ts';

/** A value as its executor committed to it: the tensor with its padding as it is, or another type than the program's. */
export type ClaimedValue =
  | { readonly tensor: Tensor; readonly padded: Uint8Array; readonly padding?: readonly Uint8Array[] }
  | { readonly type: TensorType; readonly chunkRoot: Hash };

/** What an executor said lies inside a segment, and the bytes of it that are served, by number; null if they are not. */
export interface AnsweredSegment {
  readonly segment: number;
  /** Of its values in order, zero for boundary values. */
  readonly roots: readonly Hash[];
  readonly list: ListTree;
  readonly fetch: () => Promise<ReadonlyMap<number, Uint8Array> | null>;
}

/** Bytes of one claim's values: from the served trace where they hash to their roots, else demanded on chain. */
export class ClaimedValues {
  readonly #desk: Desk;
  readonly #case: Docket;
  readonly #view: ClaimView;
  #served?: Promise<(Uint8Array | null)[] | null>;
  #told = false;

  constructor(desk: Desk, submission: Docket, view: ClaimView) {
    this.#desk = desk;
    this.#case = submission;
    this.#view = view;
  }

  /** One value's bytes as committed to. */
  async value(number: number, signal?: AbortSignal): Promise<ClaimedValue> {
    const { type } = this.#case.model.program.values[number];
    const served = await this.#fromTrace(number, signal);
    if (served) return served;
    this.#tell(`value ${number}`);
    await this.#showClaim('values', signal);
    return this.#demanded(type, (first) => this.#range('value', number, first, signal));
  }

  /** Row-major bytes of the claim's inputs, demanded on chain. JOB_INPUTS_MISMATCH if they are none of this program. */
  async inputs(signal?: AbortSignal): Promise<Uint8Array[]> {
    const { leaf } = this.#view;
    await this.#showClaim('inputs', signal);
    const { inputs } = this.#case.model.program;
    return Promise.all(
      inputs.map(async ({ name, type }, index) => {
        const shown = await this.#demanded(type, (first) => this.#range('input', index, first, signal));
        if ('tensor' in shown && irregularByte(type, shown.padded) < 0) return shown.tensor.bytes.slice();
        throw new EssaimError(
          'JOB_INPUTS_MISMATCH',
          `input ${name} of claim ${leaf} is no ${type.dtype}[${type.dims}]`,
          {
            help: 'the job was posted with it: what came of it cannot be judged',
          },
        );
      }),
    );
  }

  /** One of the claim's inputs as it was committed to, demanded on chain. */
  async input(index: number, signal?: AbortSignal): Promise<ClaimedValue> {
    const { type } = this.#case.model.program.inputs[index];
    this.#tell(`input ${index}`);
    await this.#showClaim('inputs', signal);
    return this.#demanded(type, (first) => this.#range('input', index, first, signal));
  }

  /** What a segment's executor answers for it. */
  async segment(segment: number, signal?: AbortSignal): Promise<AnsweredSegment> {
    const ask = { leaf: this.#view.leaf, kind: 'segment', index: segment, first: 0, count: 0 } as const;
    const { question, answer } = await demand(this.#desk, this.#case, ask, null, signal);
    const { roots, served } = readSegment(question, answer, this.#case.batch).shown!;
    const { program } = this.#case.model;
    const list = segmentTree(program.segments[segment], roots);
    let fetching: ReturnType<typeof fetchInner> | undefined;
    const fetch = () => {
      fetching ??= fetchInner(this.#desk, this.#case, segment, served, signal);
      return fetching;
    };
    return { segment, roots, list, fetch };
  }

  /** One inner value's bytes as its executor answered for its segment: served where they are, else demanded on chain. */
  async inner({ segment, roots, list, fetch }: AnsweredSegment, number: number, signal?: AbortSignal) {
    const { program } = this.#case.model;
    const { type } = program.values[number];
    const root = roots[number - program.segments[segment].firstValue];
    const served = asCommitted(type, (await fetch())?.get(number), root);
    if (served) return served;
    this.#tell(`value ${number} inside segment ${segment}`);
    const ask = { leaf: this.#view.leaf, kind: 'inner', index: innerIndex(segment, number), count: MAX_RANGE } as const;
    return this.#demanded(type, async (first) => {
      const { question, answer } = await demand(this.#desk, this.#case, { ...ask, first }, null, signal);
      return readInner(question, answer, list)!;
    });
  }

  async #demanded(type: TensorType, range: (first: number) => Promise<ShownTensor>): Promise<ClaimedValue> {
    const parts = Array.from({ length: Math.max(1, Math.ceil(byteLength(type) / MAX_RANGE)) }, (_, i) =>
      range(i * MAX_RANGE),
    );
    const shown = await Promise.all(parts);
    const [first] = shown;
    if (!sameType(first.type, type)) return { type: first.type, chunkRoot: chunkRootOf(first) };
    const padded = concat(shown.flatMap(({ chunks }) => chunks));
    const last = shown[shown.length - 1];
    const positions = last.chunks.map((_, i) => last.firstChunk + i);
    const padding = paddingOf(positions, padded.length / CHUNK, last.siblings, nativeHasher.nodes);
    const tree = paddedChunks(padded, padding, nativeHasher);
    return { tensor: { type, bytes: padded.subarray(0, byteLength(type)), tree, root: first.root }, padded, padding };
  }

  /** Follow-ups need an answered list of one's own above them. */
  async #showClaim(kind: 'inputs' | 'values', signal?: AbortSignal): Promise<void> {
    const ask = { leaf: this.#view.leaf, kind, index: 0, first: 0, count: MAX_RANGE / 32 } as const;
    await demand(this.#desk, this.#case, ask, null, signal);
  }

  async #range(kind: 'input' | 'value', index: number, first: number, signal?: AbortSignal): Promise<ShownTensor> {
    const { shown, leaf } = this.#view;
    const ask = { leaf, kind, index, first, count: MAX_RANGE } as const;
    const { question, answer } = await demand(this.#desk, this.#case, ask, shown, signal);
    return readBytes(question, answer, shownClaimHash(shown))!;
  }

  async #fromTrace(number: number, signal?: AbortSignal): Promise<ClaimedValue | null> {
    this.#served ??= this.#fetch(signal);
    const own = (await this.#served)?.[number];
    return asCommitted(this.#case.model.program.values[number].type, own ?? undefined, this.#view.roots[number]);
  }

  async #fetch(signal?: AbortSignal): Promise<(Uint8Array | null)[] | null> {
    const { trace } = this.#view;
    if (!trace) return null;
    const { program } = this.#case.model;
    const size = program.values.reduce((sum, { type }, i) => sum + (program.boundary[i] ? byteLength(type) : 0), 0);
    const found = await served(
      this.#desk,
      () => (this.#case.contents ?? this.#desk.essaim.storage).get(trace, { signal, maxBytes: size }),
      signal,
    );
    return 'content' in found ? boundaryParts(program, found.content) : null;
  }

  #tell(what: string): void {
    if (!this.#told) this.#desk.say({ event: 'withheld', ...this.#case.told, what });
    this.#told = true;
  }
}

/** Bytes that hash to a root, as a value; null if they do not. */
function asCommitted(type: TensorType, bytes: Uint8Array | undefined, root: Hash): ClaimedValue | null {
  if (!bytes) return null;
  const tensor = commitTensor(type, bytes, nativeHasher);
  return tensor.root === root ? { tensor, padded: paddedOf(tensor) } : null;
}

function paddedOf({ bytes }: Tensor): Uint8Array {
  const padded = new Uint8Array(Math.ceil(bytes.length / CHUNK) * CHUNK);
  padded.set(bytes);
  return padded;
}

/** The root of the chunks shown; for a type without bytes it stands in the answer as it is. */
function chunkRootOf({ type, chunks, siblings, firstChunk }: ShownTensor): Hash {
  const positions = chunks.map((_, i) => firstChunk + i);
  return chunkRootFrom(byteLength(type), positions, chunks, siblings)!;
}
