import { join } from 'node:path';
import {
  bytesNeeded,
  bytesOpen,
  describeDevice,
  type Engine,
  probe,
  type Qualification,
  type Tracer,
} from '@essaim/runtime';
import type { Model } from '@essaim/sdk';
import { describeFailure } from '@essaim/sdk/node';
import type { Speeds } from '../capacity/speeds.ts';
import type { ProviderEvent } from '../events.ts';
import type { Refusal } from '../refusal.ts';
import { type QualificationRecord, QualificationRecords } from './records.ts';
import { tryModel } from './trial.ts';

/** What is done about a model that this device was not qualified for. */
export const UNQUALIFIED = ['qualify', 'refuse', 'take'] as const;

export interface QualifierOptions {
  readonly engines: readonly Engine[];
  readonly trace: Tracer;
  readonly speeds: Speeds;
  /** The folder of the daemon's data. */
  readonly folder: string;
  readonly unqualified?: (typeof UNQUALIFIED)[number];
  readonly say?: (event: ProviderEvent) => void;
  /** Milliseconds for which the first job of a model waits for its qualification before others are looked at. */
  readonly patience?: number;
}

/** A qualification as it was made now, with what each kernel did. */
export interface Tried {
  readonly record: QualificationRecord;
  readonly kernels: Qualification['kernels'];
}

const PATIENCE = 5_000;

/** Knows which models this device may sell, and finds it out once for each. */
export class Qualifier {
  readonly #options: QualifierOptions;
  readonly #records: QualificationRecords;
  readonly #known = new Map<string, QualificationRecord>();
  readonly #trying = new Map<string, Promise<QualificationRecord>>();
  /** What could not be tried: not again before a restart, for a job of it costs a requester nothing. */
  readonly #failed = new Map<string, unknown>();
  #last: Promise<unknown> = Promise.resolve();

  constructor(options: QualifierOptions) {
    this.#options = options;
    this.#records = new QualificationRecords(join(options.folder, 'qualified.json'));
  }

  /** Why no job of a model is accepted now; null if this device is qualified for it. */
  async refusal(model: Pick<Model, 'id' | 'program' | 'onnx'>, signal?: AbortSignal): Promise<Refusal | null> {
    const { unqualified = 'qualify', patience = PATIENCE } = this.#options;
    const known = await this.find(model);
    if (known) return known.isQualified ? null : notQualified(model, known);
    if (unqualified === 'take') return this.#measured(model);
    if (unqualified === 'refuse') {
      return {
        ...{ code: 'MODEL_UNQUALIFIED', mayPass: true },
        message: `this device was not qualified for model ${model.id}`,
        help: `essaim-provider check --model ${model.id}, with the options that it runs by, qualifies it`,
      };
    }
    const isBegun = this.#trying.has(model.program.id);
    const trying = this.#try(model);
    const record = isBegun ? undefined : await soon(trying, patience, signal);
    if (record) return record.isQualified ? null : notQualified(model, record);
    return {
      ...{ code: 'MODEL_QUALIFYING', mayPass: true },
      message: `whether this device may sell model ${model.id} is being found out`,
    };
  }

  /** What is known of a model on this device. */
  async find({ program }: Pick<Model, 'program' | 'onnx'>): Promise<QualificationRecord | undefined> {
    const known = this.#known.get(program.id);
    if (known?.isQualified) return known;
    for (const engine of this.#options.engines) {
      const found = this.#records.find({ programId: program.id, engine, ...(await describeDevice(engine)) });
      if (found) return this.#remember(found);
    }
    return undefined;
  }

  /** Tries all kernels of a model on chosen and natural data, measures it, and keeps what came of it. ENGINE_NONE, TRIAL_FAILED */
  async qualify({ program, onnx }: Pick<Model, 'program' | 'onnx'>): Promise<Tried> {
    const { engine, found } = await tryModel({ onnx, engines: this.#options.engines });
    const { qualified, kernels, advice } = found;
    const seconds = await this.#probe({ program, onnx });
    const record: QualificationRecord = {
      ...{ programId: program.id, engine, ...(await describeDevice(engine)) },
      ...{ isQualified: qualified, advice, at: Date.now() },
      ...{ seconds: seconds ?? null, memory: bytesOpen(onnx) + bytesNeeded(program) },
    };
    await this.#records.keep(record);
    this.#remember(record);
    return { record, kernels };
  }

  #try(model: Pick<Model, 'id' | 'program' | 'onnx'>): Promise<QualificationRecord> {
    const { id } = model.program;
    if (this.#failed.has(id)) return Promise.reject(this.#failed.get(id));
    let trying = this.#trying.get(id);
    if (!trying) {
      // one at a time, beside what is sold
      const turn = this.#last.then(() => this.qualify(model));
      this.#last = turn.catch((error) => this.#failed.set(id, error));
      trying = turn.then(({ record }) => {
        const { engine, isQualified, seconds } = record;
        this.#options.say?.({
          event: 'qualified',
          model: String(model.id),
          programId: id,
          engine,
          isQualified,
          seconds,
        });
        return record;
      });
      this.#trying.set(id, trying);
      trying.catch(() => undefined).finally(() => this.#trying.delete(id));
    }
    return trying;
  }

  /** Nothing but how fast a model is, where nothing else is asked. */
  async #measured({ program, onnx }: Pick<Model, 'program' | 'onnx'>): Promise<null> {
    const { speeds } = this.#options;
    if (speeds.expected(program.id, 1) === undefined) await this.#probe({ program, onnx });
    return null;
  }

  async #probe({ program, onnx }: Pick<Model, 'program' | 'onnx'>): Promise<number | undefined> {
    try {
      const seconds = await probe(this.#options.trace, program, onnx);
      this.#options.speeds.probed(program.id, seconds);
      return seconds;
    } catch (error) {
      // a model may refuse numbers that are made up; its first job says how fast it is
      this.#options.say?.({ event: 'unmeasured', programId: program.id, ...describeFailure(error) });
      return undefined;
    }
  }

  #remember(record: QualificationRecord): QualificationRecord {
    this.#known.set(record.programId, record);
    const { speeds } = this.#options;
    if (record.seconds !== null && speeds.expected(record.programId, 1) === undefined) {
      speeds.probed(record.programId, record.seconds);
    }
    return record;
  }
}

const notQualified = ({ id }: Pick<Model, 'id'>, { engine, advice }: QualificationRecord): Refusal => ({
  ...{ code: 'MODEL_UNQUALIFIED', mayPass: false },
  message: `this device is not qualified for model ${id} on ${engine}: an honest run could be convicted or go unpaid`,
  help: [...advice, `essaim-provider check --model ${id} tries again`].join('; '),
});

/** What a promise gives within so many milliseconds; undefined if it takes longer. */
async function soon<T>(promise: Promise<T>, milliseconds: number, signal?: AbortSignal): Promise<T | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<undefined>((resolve) => {
    timer = setTimeout(() => resolve(undefined), milliseconds);
    signal?.addEventListener('abort', () => resolve(undefined), { once: true });
  });
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}
