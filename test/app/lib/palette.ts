import { decode, encode } from 'fast-png';

type Colour = [number, number, number];

/** How many of the palette's 256 colours are the most frequent ones; the others are those farthest from all before. */
const [FREQUENT, COLOURS] = [160, 256];

/** The same picture with a palette of 256 colours: a third of the bytes, and nobody sees it. */
export function withPalette(png: Uint8Array): Uint8Array {
  const { width, height, data, channels } = decode(png);
  const pixels = Uint32Array.from({ length: width * height }, (_, i) => {
    const at = i * channels;
    return (data[at] << 16) | (data[at + 1] << 8) | data[at + 2];
  });
  const counts = new Map<number, number>();
  for (const pixel of pixels) counts.set(pixel, (counts.get(pixel) ?? 0) + 1);
  const byUse = [...counts].sort((a, b) => b[1] - a[1]).map(([colour]) => colour);
  const palette = paletteOf(byUse.map(partsOf));
  const places = new Map(byUse.map((colour) => [colour, nearest(palette, partsOf(colour)).place]));
  const indices = Uint8Array.from(pixels, (pixel) => places.get(pixel)!);
  return encode({ width, height, data: indices, channels: 1, depth: 8, palette });
}

const partsOf = (colour: number): Colour => [colour >> 16, (colour >> 8) & 255, colour & 255];

function paletteOf(byUse: readonly Colour[]): Colour[] {
  const palette = byUse.slice(0, FREQUENT);
  const others = byUse.slice(FREQUENT).map((colour) => ({ colour, ...nearest(palette, colour) }));
  while (palette.length < COLOURS && others.length > 0) {
    const farthest = others.reduce((a, b) => (b.distance > a.distance ? b : a));
    palette.push(farthest.colour);
    for (const other of others) other.distance = Math.min(other.distance, distance(other.colour, farthest.colour));
  }
  return palette;
}

const distance = ([r, g, b]: Colour, [red, green, blue]: Colour): number =>
  (r - red) ** 2 + (g - green) ** 2 + (b - blue) ** 2;

function nearest(palette: readonly Colour[], colour: Colour): { place: number; distance: number } {
  let best = { place: 0, distance: Number.POSITIVE_INFINITY };
  for (const [place, each] of palette.entries()) {
    const away = distance(each, colour);
    if (away < best.distance) best = { place, distance: away };
  }
  return best;
}
