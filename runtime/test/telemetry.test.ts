import { execFile } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect } from 'chai';
import { modelPath } from '../../models/digits/digits.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** What opening a model leaves at home and among what is temporary: ONNX Runtime's telemetry keeps its events there. */
async function leftBy(imports: string): Promise<{ left: string[]; said: string }> {
  const home = mkdtempSync(join(tmpdir(), 'essaim-telemetry-'));
  const code = `${imports}; await open(readFileSync(${JSON.stringify(fileURLToPath(modelPath('mlp-b1')))}));
    console.log(process.env.ORT_DISABLE_TELEMETRY)`;
  // it is silent by itself where it takes a machine for a builder's
  const env = { PATH: process.env.PATH, HOME: home, TMPDIR: home };
  try {
    const args = ['--input-type=module', '-e', code];
    const { stdout } = await promisify(execFile)(process.execPath, args, { cwd: root, env });
    return { left: readdirSync(home), said: stdout.trim() };
  } finally {
    rmSync(home, { recursive: true });
  }
}

describe('an engine', () => {
  it('tells nobody what it runs', async () => {
    const read = "import { readFileSync } from 'node:fs'";
    const ours =
      "import { openSession } from '@essaim/runtime'; const open = (onnx) => openSession(onnx, { engines: ['cpu'] })";
    expect(await leftBy(`${read}; ${ours}`)).to.deep.equal({ left: [], said: '1' });
  });
});
