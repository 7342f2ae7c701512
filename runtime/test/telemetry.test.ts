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
async function leftBy(imports: string): Promise<string[]> {
  const home = mkdtempSync(join(tmpdir(), 'essaim-telemetry-'));
  const code = `${imports}; await open(readFileSync(${JSON.stringify(fileURLToPath(modelPath('mlp-b1')))}));`;
  const { ORT_DISABLE_TELEMETRY: _, ...others } = process.env;
  try {
    await promisify(execFile)(process.execPath, ['--input-type=module', '-e', code], {
      cwd: root,
      env: { ...others, HOME: home, TMPDIR: home, NODE_COMPILE_CACHE: '' },
    });
    return readdirSync(home);
  } finally {
    rmSync(home, { recursive: true });
  }
}

describe('an engine', () => {
  it('tells nobody what it runs', async () => {
    const read = "import { readFileSync } from 'node:fs'";
    const bare = "import * as ort from 'onnxruntime-node'; const open = (onnx) => ort.InferenceSession.create(onnx)";
    const ours =
      "import { openSession } from '@essaim/runtime'; const open = (onnx) => openSession(onnx, { engines: ['cpu'] })";
    if (process.platform === 'linux') expect(await leftBy(`${read}; ${bare}`)).to.not.deep.equal([]);
    expect(await leftBy(`${read}; ${ours}`)).to.deep.equal([]);
  });
});
