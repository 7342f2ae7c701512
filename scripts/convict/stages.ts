/** One stage of the story. */
export interface Stage {
  readonly name: string;
  readonly seconds: number;
  /** The most memory that this process had at its end, in bytes. */
  readonly peak: number;
}

/** Most memory that this process ever had, in bytes. */
export const peakMemory = (): number => process.resourceUsage().maxRSS * 1024;

/** Measures the stages as they happen, and says so. */
export class Stages {
  readonly done: Stage[] = [];

  async run<T>(name: string, work: () => Promise<T> | T): Promise<T> {
    const began = performance.now();
    const result = await work();
    const stage = { name, seconds: (performance.now() - began) / 1000, peak: peakMemory() };
    this.done.push(stage);
    const [seconds, mebibytes] = [stage.seconds.toFixed(1), (stage.peak / 2 ** 20).toFixed(0)];
    console.log(`${name.padEnd(52)} ${seconds.padStart(7)} s   peak ${mebibytes.padStart(6)} MiB`);
    return result;
  }
}
