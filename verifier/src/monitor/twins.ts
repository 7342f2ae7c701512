import {
  concat,
  DTYPES,
  type Execution,
  elementCount,
  encodeOperator,
  judgeElement,
  type Operator,
  tensorsOf,
  toHex,
  uint,
} from '@essaim/protocol';
import { commitInputs } from '@essaim/runtime';
import type { Essaim } from '@essaim/sdk';
import { type Block, Interface, isCallException } from 'ethers';
import { type Desk, openCase, type Submitted } from '../case.ts';
import { claimsOf } from '../claims.ts';
import { watching } from '../consent.ts';
import { Submissions } from '../submissions.ts';
import { ClaimedValues } from '../values.ts';
import type { Alarm } from './alarms.ts';

/** Verdicts as judges number them. */
const VERDICTS = ['permitted', 'void', 'convicted'] as const;

const JUDGE = new Interface([
  'function judge(bytes op, uint256 numerics, uint256 output, uint256 element, uint256 claimed, bytes evidence) view returns (uint8)',
]);

/** Submissions that are tried before it is given up for this time. */
const TRIES = 5;

/**
 * Alarms where a judge on the chain and its twin here give one element different verdicts. The elements are of claims
 * that were submitted of late, as they are served: one of each operator, as claimed and with a bit changed.
 */
export class DisagreeingTwins {
  readonly #essaim: Essaim;
  readonly #recent: Submitted[] = [];
  readonly #standing = new Map<string, Alarm>();
  readonly #submissions: Submissions;

  constructor(essaim: Essaim) {
    this.#essaim = essaim;
    this.#submissions = new Submissions(essaim);
  }

  /** Asks about the newest submission whose trace is served. */
  async look(head: Block): Promise<Alarm[]> {
    this.#recent.push(...(await this.#submissions.read(head)));
    this.#recent.splice(0, Math.max(0, this.#recent.length - TRIES));
    for (const submitted of this.#recent.toReversed()) {
      const execution = await this.#executionOf(submitted);
      if (!execution) continue;
      await this.#compare(submitted.jobId, execution);
      break;
    }
    return [...this.#standing.values()];
  }

  async #compare(jobId: string, execution: Execution): Promise<void> {
    const { operators } = execution.program;
    for (const op of new Map(operators.map((each) => [`${each.opcode} ${each.judge}`, each])).values()) {
      const about = `${op.name} ${op.judge}`;
      const count = elementCount(op.outputTypes[0]);
      if (count === 0 || !isWhole(execution, op)) continue;
      const element = Math.floor(Math.random() * count);
      const differ = await this.#differAt(execution, op, element);
      const message = differ && `${differ} on element ${element} of ${op.name} in job ${jobId}`;
      if (message) this.#standing.set(about, { alarm: 'twins', about, message });
      else this.#standing.delete(about);
    }
  }

  /** How the two disagree on an element as it was claimed, or on that with a bit changed; null where they agree. */
  async #differAt({ program, ...execution }: Execution, op: Operator, element: number): Promise<string | null> {
    const tensorOf = tensorsOf({ program, ...execution });
    const { dtype } = op.outputTypes[0];
    const own = judgeElement(program, op, 0, element, tensorOf).claimed;
    const flipped = own ^ (dtype === 'bool' ? 1n : 1n << BigInt(8 * DTYPES[dtype].size - 2));
    const { JudgeRegistry } = this.#essaim.contracts;
    const to = await JudgeRegistry.judge(op.opcode, op.judge);
    for (const claimed of [own, flipped]) {
      const { verdict, needs } = judgeElement(program, op, 0, element, tensorOf, { claimed });
      const evidence = needs.flatMap(({ slot, offset, length }) => {
        const { kind, index } = op.inputs[slot];
        const { bytes } = tensorOf(kind as Exclude<typeof kind, 'none'>, index);
        return [uint(slot, 1), uint(offset, 4), uint(length, 4), bytes.subarray(offset, offset + length)];
      });
      const asked = [toHex(encodeOperator(op)), program.numerics, 0, element, claimed, toHex(concat(evidence))];
      const said = await this.#ask(to, JUDGE.encodeFunctionData('judge', asked));
      if (said !== verdict) return `the chain’s judge says ${said} and its twin here ${verdict}`;
    }
    return null;
  }

  /** What a judge says; its refusal counts, an endpoint's does not. */
  async #ask(to: string, data: string): Promise<string> {
    try {
      const [verdict] = JUDGE.decodeFunctionResult('judge', await this.#essaim.provider.call({ to, data }));
      return VERDICTS[Number(verdict)] ?? `verdict ${verdict}`;
    } catch (error) {
      if (isCallException(error)) return 'nothing';
      if (error instanceof RangeError || (error as { code?: string }).code === 'BAD_DATA') return 'no verdict';
      throw error;
    }
  }

  /** A claim as its executor serves it; null where it does not. Nothing is demanded, and nothing run. */
  async #executionOf(submitted: Submitted): Promise<Execution | null> {
    const desk: Desk = {
      ...{ essaim: this.#essaim, say: () => {}, patience: 0, consent: watching },
      trace: Object.assign(async () => Promise.reject(new Error('nothing is run')), { remake: async () => [] }),
    };
    try {
      const submission = await openCase(desk, submitted);
      const [view] = await claimsOf(desk, submission);
      const inputs = submission.inputs?.[0];
      if (!view || !inputs) return null;
      const { program } = submission.model;
      const claimed = new ClaimedValues(desk, submission, view);
      const values = [];
      for (const [number] of program.values.entries()) {
        const shown = program.boundary[number] ? await claimed.value(number) : null;
        values.push(shown && 'tensor' in shown ? shown.tensor : null);
      }
      return { program, inputs: commitInputs(program, inputs).tensors, values };
    } catch {
      // not served, of a model that nobody can compile, or of a provider that is convicted for it
      return null;
    }
  }
}

/** Whether all that an operator takes and gives is known. */
const isWhole = ({ values }: Execution, op: Operator): boolean =>
  values[op.firstValue] !== null &&
  op.inputs.every(({ kind, index }) => (kind !== 'value' && kind !== 'inner') || values[index] !== null);
