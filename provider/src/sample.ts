import type { Trace } from '@essaim/runtime';
import type { Shop } from './shop.ts';

/** A trace with the values inside one segment, made again from its boundary values. */
export async function withSegment(
  shop: Pick<Shop, 'trace'>,
  trace: Trace,
  onnx: Uint8Array,
  segment: number,
): Promise<Trace> {
  const { firstValue } = trace.program.segments[segment];
  const tensors = await shop.trace.remake(trace, onnx, segment);
  return { ...trace, values: trace.values.map((tensor, i) => tensor ?? tensors[i - firstValue] ?? null) };
}

/** A trace with the values inside one segment drawn by chance, if any has some. */
export async function withSample(shop: Pick<Shop, 'trace'>, trace: Trace, onnx: Uint8Array): Promise<Trace> {
  const { segments, boundary } = trace.program;
  const inside = segments.flatMap(({ firstValue, valueCount }, segment) =>
    boundary.slice(firstValue, firstValue + valueCount).includes(false) ? [segment] : [],
  );
  if (inside.length === 0) return trace;
  return withSegment(shop, trace, onnx, inside[Math.floor(Math.random() * inside.length)]);
}
