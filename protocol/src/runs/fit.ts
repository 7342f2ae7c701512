import { concat } from '../commitments/bytes.ts';
import { encodeHeader } from '../commitments/program.ts';
import { sized } from '../faults/parts.ts';
import type { Program } from '../program/program.ts';

/** What `TrainingRegistry.create` takes of a run's programs: header and interface of each. */
export const programsPart = (step: Program, aggregation?: Program, score?: Program): Uint8Array =>
  concat(
    [step, ...(aggregation ? [aggregation] : []), ...(score ? [score] : [])].map(({ header, interfaceBytes }) =>
      concat([encodeHeader(header), sized(interfaceBytes)]),
    ),
  );
