import { existsSync } from 'node:fs';
import { mkdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import {
  byteLength,
  commitTensor,
  concat,
  EssaimError,
  type Hash,
  type Tensor,
  type TensorType,
} from '@essaim/protocol';
import { nativeHasher, type StepRecord, written } from '@essaim/runtime';

/** A batch of steps by its place: run, round, turn and seat. */
export interface RoundPlace {
  readonly runId: Hash;
  readonly round: number;
  readonly turn: number;
  readonly seat: number;
}

/** An aggregation by its place: it makes a round of the turn `nextTurn`. */
export interface AggregationPlace extends Omit<RoundPlace, 'seat'> {
  readonly nextTurn: number;
}

type Place = RoundPlace | AggregationPlace;

/** A step at which a round can be taken up again. */
export interface Waypoint {
  readonly step: number;
  readonly tensors: readonly Tensor[];
}

/**
 * What a trainer keeps of its rounds until nobody can ask about them any more: the roots of every step, and a checkpoint
 * every few steps, from which any step can be run again. On disk before anything is submitted.
 */
export class RoundArchive {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** Keeps what a round has come to: `records` of its first steps, and the checkpoint that they end in. */
  async keep(place: Place, records: readonly StepRecord[], tensors: readonly Tensor[]): Promise<void> {
    const folder = this.#of(place);
    await mkdir(folder, { recursive: true });
    await written(join(folder, `${records.length}.checkpoint`), concat(tensors.map(({ bytes }) => bytes)));
    await written(join(folder, 'steps.json'), JSON.stringify(records, finite));
  }

  /** Keeps the tensors that a step of a round ends in, of which nothing else is kept. */
  async keepWaypoint(place: RoundPlace, { step, tensors }: Waypoint): Promise<void> {
    await mkdir(this.#of(place), { recursive: true });
    await written(join(this.#of(place), `${step}.checkpoint`), concat(tensors.map(({ bytes }) => bytes)));
  }

  /** Keeps something of a round under a name. */
  async keepNote(place: RoundPlace, name: string, note: unknown): Promise<void> {
    await mkdir(this.#of(place), { recursive: true });
    await written(join(this.#of(place), `${name}.json`), JSON.stringify(note, finite));
  }

  /** What was kept of a round under a name; null if nothing was. */
  async note<T>(place: RoundPlace, name: string): Promise<T | null> {
    const file = join(this.#of(place), `${name}.json`);
    return existsSync(file) ? JSON.parse(await readFile(file, 'utf8')) : null;
  }

  /** The steps of a round that are done; empty where it has not begun. */
  async records(place: Place): Promise<StepRecord[]> {
    const file = join(this.#of(place), 'steps.json');
    if (!existsSync(file)) return [];
    const records: StepRecord[] = JSON.parse(await readFile(file, 'utf8'));
    return records.map((record) => ({ ...record, loss: Number(record.loss) }));
  }

  /** The last kept checkpoint at or before a step; null if there is none. ARCHIVE_DAMAGED */
  async waypoint(place: Place, types: readonly TensorType[], step: number): Promise<Waypoint | null> {
    for (let at = step; at >= 0; at--) {
      const file = join(this.#of(place), `${at}.checkpoint`);
      if (!existsSync(file)) continue;
      const tensors = tensorsIn(new Uint8Array(await readFile(file)), types);
      return { step: at, tensors };
    }
    return null;
  }

  /** Keeps the tensors of a contribution that an aggregation takes in. */
  async keepUpdate(place: AggregationPlace, index: number, tensors: readonly Tensor[]): Promise<void> {
    await mkdir(this.#of(place), { recursive: true });
    await written(join(this.#of(place), `${index}.update`), concat(tensors.map(({ bytes }) => bytes)));
  }

  /** The tensors of a contribution; null where they were not kept. ARCHIVE_DAMAGED */
  async update(place: AggregationPlace, types: readonly TensorType[], index: number): Promise<Tensor[] | null> {
    const file = join(this.#of(place), `${index}.update`);
    return existsSync(file) ? tensorsIn(new Uint8Array(await readFile(file)), types) : null;
  }

  /** Keeps the tensors of a checkpoint that another trainer made, as long as its round lasts. */
  async keepShown(runId: Hash, root: Hash, tensors: readonly Tensor[]): Promise<void> {
    await mkdir(this.#shown(runId), { recursive: true });
    await written(join(this.#shown(runId), root), concat(tensors.map(({ bytes }) => bytes)));
  }

  /** The tensors of a checkpoint that was shown; null where they are not kept. ARCHIVE_DAMAGED */
  async shown(runId: Hash, root: Hash, types: readonly TensorType[]): Promise<Tensor[] | null> {
    const file = join(this.#shown(runId), root);
    return existsSync(file) ? tensorsIn(new Uint8Array(await readFile(file)), types) : null;
  }

  /** Frees what shown checkpoints of a run take. */
  async releaseShown(runId: Hash): Promise<void> {
    await rm(this.#shown(runId), { recursive: true, force: true });
  }

  /** Frees what a round takes. */
  async release(place: Place): Promise<void> {
    await rm(this.#of(place), { recursive: true, force: true });
  }

  /** Frees what a run takes. */
  async releaseRun(runId: Hash): Promise<void> {
    await rm(join(this.#folder, 'runs', runId), { recursive: true, force: true });
  }

  #shown = (runId: Hash): string => join(this.#folder, 'runs', runId, 'shown');

  #of = (place: Place): string => {
    const { runId, round, turn } = place;
    const end = 'seat' in place ? place.seat : `to-${place.nextTurn}`;
    return join(this.#folder, 'runs', runId, `${round}-${turn}-${end}`);
  };
}

/** JSON has no word for a loss that is no number any more. */
const finite = (_: string, value: unknown) =>
  typeof value === 'number' && !Number.isFinite(value) ? String(value) : value;

function tensorsIn(bytes: Uint8Array, types: readonly TensorType[]): Tensor[] {
  let at = 0;
  const tensors = types.map((type) => {
    at += byteLength(type);
    return commitTensor(type, bytes.slice(at - byteLength(type), at), nativeHasher);
  });
  if (at === bytes.length) return tensors;
  throw new EssaimError('ARCHIVE_DAMAGED', 'a kept checkpoint has not the length of its run’s', {
    help: 'it is trained again from the round’s beginning if that is still served; check the disk',
  });
}
