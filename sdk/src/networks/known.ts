// Made by scripts/networks.ts from deployments/. Do not edit.
import type { Network } from './networks.ts';

export const networks: readonly Network[] = [];
