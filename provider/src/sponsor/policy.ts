/** How a sponsor lets tabs work for it. Amounts in the token's smallest unit. */
export interface SponsorPolicy {
  /** ERC-20 that it pays in. */
  readonly token: string;
  /** Pay of one execution. */
  readonly pay: bigint;
  /** Pages that may speak to it, as the browser names their origin. */
  readonly origins: readonly string[];
  /** Share of executions that are run again, once a payee has proved itself. */
  readonly leastChecked: number;
  /** Executions of others' claims that it has checked, at most, in an hour. */
  readonly checksAnHour: number;
}

/** Accepted executions of a payee that are all run again; after them the share falls as 1 over their number. */
export const TRIAL = 10;
/** Accepted executions of a payee after which the sponsor puts tokens in escrow for it. */
export const FUNDED_AFTER = 3;
/** Executions that one funding pays for, at least. */
export const LUMP = 50n;
/** Seconds that an escrow stands open from its last funding. */
export const STANDS = 30 * 86_400;
/** Longest authorisation, in seconds. */
export const LONGEST = 7 * 86_400;

/** Largest model and trace that a tab is given, in bytes: it holds both several times. */
export const MODEL_BYTES = 32 * 2 ** 20;
export const TRACE_BYTES = 64 * 2 ** 20;

/** Sessions at once: of all, of one payee, from one address. */
export const SESSIONS = { all: 500, payee: 4, address: 16 } as const;
/** Milliseconds that a tab may take for one execution before somebody else gets it. */
export const LEASE = 30_000;
