import { toBeHex } from 'ethers';

/** An asset's, seat's or proposal's number as the subgraph's id of it. */
export const numberId = (number: bigint): string => toBeHex(number, 32);
