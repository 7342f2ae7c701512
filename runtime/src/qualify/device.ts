import { execFile } from 'node:child_process';
import { arch, availableParallelism, cpus, platform } from 'node:os';
import { promisify } from 'node:util';
import * as ort from 'onnxruntime-node';
import type { Engine } from '../engine.ts';

/** What a result that was measured holds for: the device, and the versions of what ran on it. */
export interface DeviceDescription {
  readonly device: string;
  readonly versions: string;
}

/** Describes this device as far as an engine depends on it. */
export async function describeDevice(engine: Engine): Promise<DeviceDescription> {
  const processor = `${cpus()[0]?.model.trim() ?? 'unknown processor'} × ${availableParallelism()}, ${platform()} ${arch()}`;
  const cards = engine === 'cpu' ? [] : await graphicsCards();
  return {
    device: [processor, ...cards].join('; '),
    versions: `ONNX Runtime ${ort.env.versions.node}, Node ${process.versions.node}`,
  };
}

/** Name and driver of each NVIDIA card; none where its tool is not there. */
async function graphicsCards(): Promise<string[]> {
  try {
    const query = ['--query-gpu=name,driver_version', '--format=csv,noheader'];
    const { stdout } = await promisify(execFile)('nvidia-smi', query, { timeout: 10_000 });
    return stdout.trim().split('\n');
  } catch {
    return [];
  }
}
