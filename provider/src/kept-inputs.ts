import { createHash } from 'node:crypto';
import { mkdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { written } from '@essaim/runtime';
import type { Essaim } from '@essaim/sdk';
import { decodeManifest, encodeManifest, type Storage } from '@essaim/storage';

/**
 * What was fetched of a job before it was accepted, kept until it is submitted: who posted it may stop serving its inputs,
 * and the job may wait for its turn longer than it can be left for nothing.
 */
export class KeptInputs {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = join(folder, 'inputs');
  }

  /** The same connection, which reads from the disk what was fetched for this job. */
  connectionFor(jobId: string, essaim: Essaim): Essaim {
    const { storage } = essaim;
    const kept = async <T>(name: string, fetch: () => Promise<T>, write: (value: T) => Uint8Array, read: Read<T>) => {
      const file = join(this.#folder, jobId, createHash('sha256').update(name).digest('hex'));
      const known = await readFile(file).catch(() => undefined);
      if (known) return read(new Uint8Array(known));
      const value = await fetch();
      await mkdir(join(this.#folder, jobId), { recursive: true });
      await written(file, write(value));
      return value;
    };
    const get: Storage['get'] = (cid, options = {}) => {
      const { offset, length } = options;
      const name = `file ${cid} ${offset ?? ''} ${length ?? ''}`;
      return kept(name, () => storage.get(cid, options), same, same);
    };
    const getManifest: Storage['getManifest'] = (reference, options) =>
      kept(`manifest ${reference}`, () => storage.getManifest(reference, options), encodeManifest, decodeManifest);
    const reading = Object.create(storage, { get: { value: get }, getManifest: { value: getManifest } });
    return Object.create(essaim, { storage: { value: reading } });
  }

  async release(jobId: string): Promise<void> {
    await rm(join(this.#folder, jobId), { recursive: true, force: true });
  }
}

type Read<T> = (bytes: Uint8Array) => T;

const same = (bytes: Uint8Array): Uint8Array => bytes;
