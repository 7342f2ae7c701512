import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect } from 'chai';

const run = promisify(execFile);
const main = new URL('../src/main.ts', import.meta.url).pathname;
const model = (name: string): string => new URL(`../../models/digits/${name}.onnx`, import.meta.url).pathname;

describe('essaim-provider check', () => {
  it('runs every kernel shape of a model through its judges and qualifies the device', async () => {
    const { stdout } = await run(process.execPath, [main, 'check', model('cnn-b1')]);
    expect(stdout).to.match(/safe +Conv/);
    expect(stdout).to.include('This device is qualified for the model on cpu.');
  });

  it('says by code what is wrong with an engine that is not there', async () => {
    const failure = await run(process.execPath, [main, 'check', model('cnn-b1'), '--engine', 'cuda']).catch((e) => e);
    expect(failure.code).to.equal(1);
    expect(failure.stdout).to.match(/WRONG .*ENGINE_NONE/);
  });
});
