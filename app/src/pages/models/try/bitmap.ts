/** What is drawn on: 32 × 32 dots, of which the model sees how many are dark in each of 8 × 8 blocks, as its data was made. */
export const SIDE = 32;
export const CELLS = 8;
const BLOCK = SIDE / CELLS;

export type Bitmap = Uint8Array;

export const blank = (): Bitmap => new Uint8Array(SIDE * SIDE);

/** Darkens the dots within `radius` of a line, in dots; the ends count. */
export function stroke(bitmap: Bitmap, from: Point, to: Point, radius = 1.6): Bitmap {
  const next = bitmap.slice();
  const steps = Math.max(1, Math.ceil(Math.hypot(to.x - from.x, to.y - from.y) * 2));
  for (let i = 0; i <= steps; i++) {
    const x = from.x + ((to.x - from.x) * i) / steps;
    const y = from.y + ((to.y - from.y) * i) / steps;
    for (let row = Math.max(0, Math.ceil(y - radius)); row <= Math.min(SIDE - 1, y + radius); row++) {
      for (let column = Math.max(0, Math.ceil(x - radius)); column <= Math.min(SIDE - 1, x + radius); column++) {
        if (Math.hypot(column - x, row - y) <= radius) next[row * SIDE + column] = 1;
      }
    }
  }
  return next;
}

export interface Point {
  readonly x: number;
  readonly y: number;
}

/** How many dots of each block are dark, 0 to 16, row by row. */
export function levels(bitmap: Bitmap): number[] {
  const counts = new Array<number>(CELLS * CELLS).fill(0);
  for (const [i, dot] of bitmap.entries()) {
    const [row, column] = [Math.floor(i / SIDE / BLOCK), Math.floor((i % SIDE) / BLOCK)];
    counts[row * CELLS + column] += dot;
  }
  return counts;
}
