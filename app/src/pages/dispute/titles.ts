import type { Conviction } from '@essaim/sdk';

/** What a conviction is called, and what it means. */
export const TITLES: Record<Conviction['kind'], { title: string; lead: string }> = {
  element: {
    title: 'One wrong number',
    lead: 'A single number of a result lay outside what its operator permits, and one transaction showed it.',
  },
  missing: { title: 'A value left out', lead: 'The result commits to nothing where one of its values belongs.' },
  type: { title: 'A value of another type', lead: 'A value of the result is not of its operator’s type.' },
  encoding: {
    title: 'A value out of form',
    lead: 'A value of the result is not encoded in the one way that values are.',
  },
  context: {
    title: 'Another job’s claim',
    lead: 'What was claimed is not of this job: another program, input or place.',
  },
  silence: {
    title: 'No answer',
    lead: 'The executor was asked to show what it had committed to, and its time ran out.',
  },
  audit: { title: 'A wrong audit', lead: 'An auditor’s claim was not what was drawn for it.' },
  run: {
    title: 'Not what the run fixed',
    lead: 'A batch of a training run has other rows, another schedule or another past.',
  },
  unknown: { title: 'Convicted', lead: 'A contract that this page does not know rejected the batch.' },
};
