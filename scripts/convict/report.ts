import { availableParallelism, cpus } from 'node:os';
import { byteLength, elementCount, type Program } from '@essaim/protocol';
import type { Lie } from '../demo/tamper.ts';
import type { LargeModel } from './large-model.ts';
import type { Entry } from './ledger.ts';
import type { Stage } from './stages.ts';

interface Facts {
  readonly command: string;
  readonly large: LargeModel;
  readonly program: Program;
  readonly stages: readonly Stage[];
  /** Most memory that the process had, in bytes. */
  readonly peak: number;
}
export interface Outcome extends Facts {
  readonly conviction: Record<string, unknown>;
  readonly lie: Lie & { value: number };
  readonly demands: number;
  readonly entries: readonly Entry[];
}

const GIB = 2 ** 30;
const mib = (bytes: number): string => `${(bytes / 2 ** 20).toFixed(1)} MiB`;
const whole = (n: number | bigint): string => n.toLocaleString('en-US');
const table = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [head, head.map((_, i) => (i === 0 ? '---' : '---:')), ...rows].map((row) => `| ${row.join(' | ')} |`).join('\n');

/** The most memory that was there, and the most that may be: the weights and 1 GiB. */
export const memory = (weightBytes: number, peak: number) => ({ peak, most: weightBytes + GIB });

function modelOf({ command, large, program }: Facts): string {
  const { tokens, width, heads, layers } = large.size;
  const sum = (boundary: boolean) =>
    program.values.reduce((n, { type }, i) => n + (program.boundary[i] === boundary ? byteLength(type) : 0), 0);
  return `\`${command}\`, on ${cpus()[0].model}, ${availableParallelism()} cores.

A float32 transformer of ${layers} blocks, ${width} wide, ${heads} heads, ${tokens} tokens, random weights: **${whole(large.parameters)}
parameters** in its matrices, ${mib(large.weightBytes)} of external data beside ${mib(large.onnx.length)} of ONNX. Compiled:
${program.operators.length} operators, ${program.weights.length} weights, ${program.values.length} values in ${program.segments.length} segments; the trace commits to ${mib(sum(true))}
and leaves ${mib(sum(false))} inside segments.`;
}

/** Stages of one name are one row. */
function stagesOf(stages: readonly Stage[]): string {
  const rows = [...new Set(stages.map(({ name }) => name))].map((name) => {
    const same = stages.filter((stage) => stage.name === name);
    const seconds = same.reduce((sum, stage) => sum + stage.seconds, 0);
    const times = same.length > 1 ? `${name}, ${same.length} times` : name;
    return [times, seconds.toFixed(2), mib(same[same.length - 1].peak)];
  });
  return table(['stage', 'seconds', 'peak memory so far'], rows);
}

function memoryOf({ large, peak }: Facts): string {
  const { most } = memory(large.weightBytes, peak);
  const word = peak <= most ? 'within' : 'beyond';
  return `Peak memory of the process (maxRSS): **${mib(peak)}**, ${word} the weights and 1 GiB, ${mib(most)}.`;
}

/** The report of a compilation alone. */
export function compilation(facts: Facts): string {
  return `# Compiling a large model

${modelOf(facts)}

${stagesOf(facts.stages)}

${memoryOf(facts)}
programId \`${facts.program.id}\`.
`;
}

/** The report of the whole story. */
export function story(outcome: Outcome): string {
  const { conviction, lie, program, entries, demands } = outcome;
  const { type } = program.values[lie.value];
  const told = (key: string): string => String(conviction[key]);
  const total = entries.reduce((sum, { gas }) => sum + gas, 0n);
  return `# A wrong number in a large model

${modelOf(outcome)}

The provider changes element ${whole(lie.element)} of ${whole(elementCount(type))} of \`${lie.tensor}\` by ${lie.delta} as the model runs, an inner value of a
segment, and goes on from it. The verifier runs the model itself, sees that what was claimed to leave the segment cannot
come of what enters it, demands the segment's list and what differs from its own (${demands} demands in all), and proves
one element.

**${told('verdict')}**: operator ${told('operator')} (${told('node')}), element ${whole(Number(told('element')))}, claimed ${told('claimed')}, permitted ${told('permitted')};
a proof of ${whole(Number(told('proofBytes')))} bytes; accusation and proof together ${whole(Number(told('gas')))} gas.

## Time and memory

Provider and verifier are one process, which holds the model once for each of them in turn; stages "in all" contain
those before them. Chain and storage are processes of their own.

${stagesOf(outcome.stages)}

${memoryOf(outcome)}

## Gas

${table(
  ['transaction', 'how many', 'gas of the largest', 'gas in all', 'bytes of calldata'],
  [
    ...entries.map(({ call, count, most, gas, bytes }) => [call, whole(count), whole(most), whole(gas), whole(bytes)]),
    ['all', whole(entries.reduce((sum, { count }) => sum + count, 0)), '', whole(total), ''],
  ],
)}
`;
}
