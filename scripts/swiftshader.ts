/** Runs a script with a software graphics adapter for WebGPU: node scripts/swiftshader.ts SCRIPT [argument ...]. */
import { spawnSync } from 'node:child_process';
import { fetchAdapter } from './lib/swiftshader.ts';

const [script, ...rest] = process.argv.slice(2);
if (!script) {
  console.error('usage: node scripts/swiftshader.ts SCRIPT [argument ...]');
  process.exit(1);
}
const adapter = fetchAdapter();
if ('missing' in adapter) console.error(`WebGPU is left out: ${adapter.missing}`);
// a loader reads these when a process starts, so the script gets one of its own
const env = { ...process.env, ...('env' in adapter && adapter.env) };
const { status } = spawnSync(process.execPath, [script, ...rest], { stdio: 'inherit', env });
process.exitCode = status ?? 1;
