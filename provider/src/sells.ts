import type { ProviderOptions } from './options.ts';

/** Whether the options name a price of an inference. */
export const sellsInference = ({ fee, offers }: Pick<ProviderOptions, 'fee' | 'offers'>): boolean =>
  fee.length > 0 || offers !== undefined;
