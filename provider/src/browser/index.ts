export type { About } from '../lending/wire.ts';
export { type Battery, batteryOf, type Rest, type RestRules } from './conditions.ts';
export { WATTS, wattHours } from './energy.ts';
export { Lending, type LendLimits, type LendOptions } from './lending.ts';
export type { LendState, Notice, Progress } from './progress.ts';
export { SponsorClient } from './sponsor-client.ts';
export { type Shelf, VoucherBook } from './voucher-book.ts';
