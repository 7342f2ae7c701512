import { randomUUID } from 'node:crypto';
import { closeSync, existsSync, openSync, readSync, unlinkSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Parcel } from './parcel.ts';

/** The descriptor under which a worker process has its mailbox. */
export const MAILBOX = 4;

/** Most bytes in a mailbox: memory that is shared by file is little in containers. More goes with the message. */
const MOST = 2 ** 24;

const FOLDER = existsSync('/dev/shm') ? '/dev/shm' : tmpdir();

/** A file without a name, in memory where there is such a folder: bytes go to another process by two plain copies. */
export class Mailbox {
  /** What the other process is given; null where no file can be made. */
  readonly descriptor: number | null;
  #scratch = new Uint8Array();

  constructor() {
    const name = join(FOLDER, `essaim-${randomUUID()}`);
    try {
      this.descriptor = openSync(name, 'wx+', 0o600);
      unlinkSync(name);
    } catch {
      this.descriptor = null;
    }
  }

  /** Puts a parcel's bytes there and gives their number, or gives them back where they do not go there. */
  put({ size, fill }: Parcel): Uint8Array | number {
    if (this.#scratch.length < size) this.#scratch = new Uint8Array(size);
    const bytes = this.#scratch.subarray(0, size);
    fill(bytes);
    if (size > MOST) this.#scratch = new Uint8Array();
    else if (this.descriptor !== null && written(this.descriptor, bytes)) return size;
    return bytes;
  }

  close(): void {
    if (this.descriptor !== null) closeSync(this.descriptor);
  }
}

function written(descriptor: number, bytes: Uint8Array): boolean {
  try {
    return writeSync(descriptor, bytes, 0, bytes.length, 0) === bytes.length;
  } catch {
    return false;
  }
}

let inbox = new Uint8Array();

/** What was put into this process's own mailbox. It stays as it is until the next time. */
export function takeFromMailbox(size: number): Uint8Array {
  if (inbox.length < size) inbox = new Uint8Array(size);
  for (let at = 0; at < size; ) at += readSync(MAILBOX, inbox, at, size - at, at);
  return inbox.subarray(0, size);
}
