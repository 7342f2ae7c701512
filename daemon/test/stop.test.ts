import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { expect } from 'chai';

describe('a daemon that is told to stop', () => {
  /** What a process says after each of some signals, until it ends with 0. */
  async function said(how: string, signals: readonly NodeJS.Signals[]): Promise<string[]> {
    const script = new URL('./stopping.ts', import.meta.url).pathname;
    const child = spawn(process.execPath, [script, how], { stdio: ['ignore', 'pipe', 'inherit'] });
    const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
    const ended = once(child, 'exit');
    expect((await lines.next()).value).to.equal('ready');
    const heard: string[] = [];
    for (const signal of signals) {
      child.kill(signal);
      heard.push(String((await lines.next()).value));
    }
    expect(await ended).to.deep.equal([0, null]);
    return heard;
  }

  it('stops at the first signal', async () => {
    expect(await said('now', ['SIGTERM'])).to.deep.equal(['now']);
  });

  it('leaves gracefully at the first signal where it can, and stops at the second', async () => {
    expect(await said('gracefully', ['SIGTERM', 'SIGINT'])).to.deep.equal(['leaving', 'now']);
  });
});
