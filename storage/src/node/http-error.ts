/** A refusal with the HTTP status it is answered with. */
export class HttpError extends Error {
  readonly status: number;

  constructor(status: number, message: string, cause?: unknown) {
    super(message, { cause });
    this.status = status;
  }
}

/** Kubo's words for a block that nobody reachable holds; clients look for them. */
export function blockNotFound(cid: unknown): HttpError {
  return new HttpError(404, `block was not found locally (offline): ipld: could not find ${cid}`);
}
