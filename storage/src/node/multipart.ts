import type { IncomingMessage } from 'node:http';
import type { Readable } from 'node:stream';
import busboy from 'busboy';
import { HttpError } from './http-error.ts';

/** One file or directory of an upload, in the order sent; its content must be read before the next part comes. */
export interface UploadPart {
  path: string;
  directory: boolean;
  content: Readable;
}

/** The parts of a multipart upload as they arrive. Fails when the sender stops midway or sends above `maxBytes`. */
export async function* uploadParts(request: IncomingMessage, maxBytes: number): AsyncGenerator<UploadPart> {
  if (Number(request.headers['content-length'] ?? 0) > maxBytes) throw uploadTooLarge(maxBytes);
  const parser = openParser(request);
  const arrived: UploadPart[] = [];
  let wake = () => {};
  let ended = false;
  let failure: HttpError | undefined;
  let total = 0;
  const fail = (cause: HttpError) => {
    failure ??= cause;
    request.unpipe(parser);
    parser.destroy(failure);
    wake();
  };
  const onData = (chunk: Buffer) => {
    total += chunk.length;
    if (total > maxBytes) fail(uploadTooLarge(maxBytes));
  };
  const onClose = () => {
    if (!request.complete) fail(new HttpError(400, 'the upload was broken off'));
  };
  parser.on('file', (field, content, info) => {
    content.on('error', () => undefined); // the failure is thrown below, whether or not this part is being read
    arrived.push({ path: info.filename ?? field, directory: info.mimeType === 'application/x-directory', content });
    wake();
  });
  parser.on('error', (cause) =>
    fail(new HttpError(400, `the upload is malformed: ${(cause as Error).message}`, cause)),
  );
  parser.on('close', () => {
    ended = true;
    wake();
  });
  request.on('data', onData).on('close', onClose).pipe(parser);
  try {
    for (;;) {
      const part = arrived.shift();
      if (part !== undefined) yield checked(part);
      else if (failure !== undefined) throw failure;
      else if (ended) return;
      else await new Promise<void>((resolve) => (wake = resolve));
      if (part?.directory) part.content.resume();
    }
  } finally {
    request.off('data', onData).off('close', onClose).unpipe(parser);
    if (!ended) parser.destroy();
    request.resume(); // what is left is read past, so that the answer can be read
  }
}

function openParser(request: IncomingMessage): busboy.Busboy {
  try {
    return busboy({ headers: request.headers, preservePath: true, limits: { fields: 0, headerPairs: 32 } });
  } catch (cause) {
    throw new HttpError(400, 'a multipart/form-data body is expected', cause);
  }
}

function checked(part: UploadPart): UploadPart {
  try {
    const path = decodeURIComponent(part.path);
    if (path.split('/').includes('..')) throw new HttpError(400, `"${path}" is not a path inside the upload`);
    return { ...part, path };
  } catch (cause) {
    throw cause instanceof HttpError ? cause : new HttpError(400, `"${part.path}" is not a file name`, cause);
  }
}

function uploadTooLarge(maxBytes: number): HttpError {
  return new HttpError(413, `the upload exceeds ${maxBytes} bytes`);
}
