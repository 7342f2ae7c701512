const SIDE = 8;
const INK = 16;

/** A field of pixels that is drawn on with a mouse, a finger or the keyboard. */
export class Pad {
  readonly #pixels: HTMLButtonElement[];

  constructor(into: HTMLElement) {
    this.#pixels = Array.from({ length: SIDE * SIDE }, (_, i) => this.#pixel(i));
    into.replaceChildren(...this.#pixels);
  }

  /** Row-major, from 0 (paper) to 16 (ink), as the model was trained. */
  get pixels(): number[] {
    return this.#pixels.map((pixel) => (pixel.ariaPressed === 'true' ? INK : 0));
  }

  clear(): void {
    for (const pixel of this.#pixels) pixel.ariaPressed = 'false';
  }

  #pixel(i: number): HTMLButtonElement {
    const pixel = document.createElement('button');
    pixel.type = 'button';
    pixel.ariaPressed = 'false';
    pixel.ariaLabel = `Row ${Math.floor(i / SIDE) + 1}, column ${(i % SIDE) + 1}`;
    pixel.addEventListener('click', () => {
      pixel.ariaPressed = String(pixel.ariaPressed !== 'true');
    });
    pixel.addEventListener('pointerenter', ({ buttons }) => {
      if (buttons === 1) pixel.ariaPressed = 'true';
    });
    return pixel;
  }
}
