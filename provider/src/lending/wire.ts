import type { Hash } from '@essaim/protocol';

/** What a sponsor says of itself to anybody. Amounts are decimal strings of the token's smallest unit. */
export interface About {
  readonly kind: 'essaim/sponsor/1';
  readonly sponsor: string;
  readonly chainId: number;
  readonly vouchers: string;
  readonly token: string;
  /** Pay of one execution that was accepted. */
  readonly pay: string;
  /** Largest model, and largest trace, that it hands out, in bytes. */
  readonly modelBytes: number;
  readonly traceBytes: number;
  /** Accepted executions after which it puts tokens in escrow for a payee. */
  readonly fundedAfter: number;
  /** Longest authorisation that it takes, in seconds. */
  readonly longest: number;
}

/** Opens a session: the body of POST /sessions. Bytes as hex. */
export interface Opening {
  readonly authorisation: {
    readonly sponsor: string;
    readonly payee: string;
    readonly token: string;
    readonly key: string;
    readonly maximum: string;
    readonly until: number;
  };
  /** Of the payee. */
  readonly signature: string;
  readonly publicKey: string;
  /** Milliseconds at which it was made. */
  readonly time: number;
  /** By the session key, over `openingMessage`. */
  readonly proof: string;
}

/** What the payee has earned, as the sponsor's last voucher says. */
export interface Earned {
  /** All of this payee with this sponsor, and of that what this authorisation earned. */
  readonly cumulative: string;
  readonly session: string;
  /** The voucher's signature; null before anything was earned. */
  readonly signature: string | null;
}

export interface Opened extends Earned {
  /** Names the session in `authorization: Bearer`. */
  readonly bearer: string;
}

/** One execution to do: for a job of the sponsor's, or to check what somebody claimed. */
export interface Assignment {
  readonly id: string;
  readonly what: 'job' | 'check';
  readonly programId: Hash;
  readonly modelBytes: number;
  /** Bytes of each input, in the program's order: GET /tasks/<id> gives them one after the other. */
  readonly inputs: readonly number[];
  readonly inputsRoot: Hash;
  /** Bytes of all boundary values. */
  readonly traceBytes: number;
}

/** A line of GET /work, which stays open while the tab is willing. */
export type Line =
  | { readonly line: 'task'; readonly task: Assignment }
  | { readonly line: 'taken-back'; readonly id: string }
  | { readonly line: 'alive' }
  | { readonly line: 'end'; readonly code: string; readonly message: string };

/** The answer to an accepted result. */
export interface Accepted extends Earned {
  /** Whether the sponsor ran it again. */
  readonly checked: boolean;
}

export interface Refused {
  readonly code: string;
  readonly message: string;
  readonly help: string;
}
