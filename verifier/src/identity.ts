import { verifierTable } from './options.ts';

/** The program and where its options come from. */
export const VERIFIER = {
  name: 'essaim-verifier',
  prefix: 'ESSAIM_VERIFIER_',
  text: 'Re-executes what providers submit and convicts wrong numbers',
  table: verifierTable,
} as const;
