import { type Program, toHex } from '@essaim/protocol';
import { boundaryBytes, boundaryParts, commitValues } from '@essaim/runtime';
import type { BrowserContext } from 'playwright-core';

/**
 * Somebody changed the page's code in their own browser: what the worker made is altered by one step in its last value, and
 * committed to anew, so that signature, hashes and lengths are all in order. Other programs it runs honestly.
 */
export async function makeLie(context: BrowserContext, program: Program, inputs: readonly Uint8Array[]): Promise<void> {
  await context.exposeFunction('altered', (values: number[]) => {
    const bytes = Uint8Array.from(values);
    bytes[bytes.length - 1] ^= 1;
    const parts = boundaryParts(program, bytes);
    if (!parts) return null;
    const lie = commitValues(program, inputs, parts);
    return { values: toHex(boundaryBytes(lie)), traceRoot: lie.traceRoot };
  });
  await context.addInitScript(() => {
    const page = window as never as {
      altered(values: number[]): Promise<{ values: string; traceRoot: string } | null>;
    };
    const listen = Worker.prototype.addEventListener;
    Worker.prototype.addEventListener = function (this: Worker, name: string, listener: never) {
      const tell = listener as (event: { data: { result?: { values?: Uint8Array } } }) => void;
      listen.call(this, name, async (event: Event) => {
        const { data } = event as MessageEvent;
        if (name !== 'message' || !data.result?.values) return tell(event as MessageEvent);
        const lie = await page.altered([...data.result.values]);
        if (!lie) return tell(event as MessageEvent);
        const { values, traceRoot } = lie;
        const bytes = Uint8Array.from(values.slice(2).match(/../g)!, (pair) => Number.parseInt(pair, 16));
        tell({ data: { ...data, result: { ...data.result, values: bytes, traceRoot } } } as never);
      });
    } as never;
  });
}
