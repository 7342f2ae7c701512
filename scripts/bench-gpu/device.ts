import { execFileSync } from 'node:child_process';
import { globSync, readFileSync } from 'node:fs';
import { cpus } from 'node:os';

const VENDORS: Readonly<Record<string, string>> = { '0x10de': 'NVIDIA', '0x1002': 'AMD', '0x8086': 'Intel' };

/** The GPU of this machine in words, or undefined where there is none: software adapters are none. */
export function gpuName(): string | undefined {
  const nvidia = output('nvidia-smi', '--query-gpu=name,driver_version', '--format=csv,noheader');
  if (nvidia) return nvidia.split('\n')[0].replace(', ', ', driver ');
  if (process.platform === 'darwin') return `${cpuName()} (integrated)`;
  for (const file of globSync('/sys/class/drm/card*/device/vendor')) {
    const vendor = VENDORS[readFileSync(file, 'utf8').trim()];
    if (vendor) return `${vendor} GPU`;
  }
  return undefined;
}

export const cpuName = (): string => cpus()[0]?.model.trim() ?? 'unknown processor';

function output(command: string, ...args: string[]): string | undefined {
  try {
    return execFileSync(command, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
  } catch {
    return undefined;
  }
}
