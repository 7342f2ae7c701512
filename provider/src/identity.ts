import { providerTable } from './options.ts';

/** The program and where its options come from. */
export const PROVIDER = {
  name: 'essaim-provider',
  prefix: 'ESSAIM_PROVIDER_',
  text: 'Earns by running models for others',
  table: providerTable,
} as const;
