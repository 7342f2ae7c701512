import { concat } from '../commitments/bytes.ts';
import { encodeHeader } from '../commitments/program.ts';
import { sized } from '../faults/parts.ts';
import type { Program } from '../program/program.ts';

/** What `TrainingRegistry.create` takes of a run's programs: header and interface of each. */
export const programsPart = (step: Program, aggregation?: Program): Uint8Array =>
  concat(
    [step, ...(aggregation ? [aggregation] : [])].map(({ header, interfaceBytes }) =>
      concat([encodeHeader(header), sized(interfaceBytes)]),
    ),
  );
