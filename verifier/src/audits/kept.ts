import { existsSync } from 'node:fs';
import { mkdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { byteLength, commitTensor, concat, EssaimError, type Hash, innerValues } from '@essaim/protocol';
import { Archive, nativeHasher, type Trace, written } from '@essaim/runtime';

/**
 * What an auditor answers for, on disk until its audit is settled: its trace, and the inner values that it committed to,
 * which another engine or version might make otherwise.
 */
export class KeptAudits {
  readonly #archive: Archive;
  readonly #folder: string;

  constructor(folder: string) {
    this.#archive = new Archive(folder);
    this.#folder = join(folder, 'inner');
  }

  /** Keeps a trace that has the inner values of `segment` at hand. */
  async keep(auditBatchId: Hash, onnx: Uint8Array, trace: Trace, segment: number): Promise<void> {
    const inner = innerValues(trace.program, segment).map((value) => trace.values[value]!.bytes);
    await mkdir(this.#folder, { recursive: true });
    await written(this.#file(auditBatchId), concat(inner));
    await this.#archive.keep(auditBatchId, onnx, [trace]);
  }

  /**
   * The trace of an audit with the inner values of its `drawn` segment, and the model that made it. AUDIT_NOT_KEPT if it is
   * not here.
   */
  async recall(auditBatchId: Hash, drawn: bigint): Promise<{ trace: Trace; onnx: Uint8Array }> {
    const trace = (await this.#archive.traces(auditBatchId))?.[0];
    if (!trace || !existsSync(this.#file(auditBatchId))) {
      throw new EssaimError('AUDIT_NOT_KEPT', `what audit ${auditBatchId} answers for is not on this disk`, {
        help: 'give the --data folder that it was made with',
      });
    }
    const { program } = trace;
    const bytes = new Uint8Array(await readFile(this.#file(auditBatchId)));
    const values = [...trace.values];
    let at = 0;
    for (const value of innerValues(program, Number(drawn % BigInt(program.segments.length)))) {
      const { type } = program.values[value];
      at += byteLength(type);
      values[value] = commitTensor(type, new Uint8Array(bytes.subarray(at - byteLength(type), at)), nativeHasher);
    }
    return { trace: { ...trace, values }, onnx: await this.#archive.model(program.id) };
  }

  /** Frees what an audit takes. */
  async release(auditBatchId: Hash): Promise<void> {
    await this.#archive.release(auditBatchId);
    await rm(this.#file(auditBatchId), { force: true });
  }

  #file = (auditBatchId: Hash): string => join(this.#folder, auditBatchId);
}
