import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { brotliDecompressSync } from 'node:zlib';

/** SwiftShader, a Vulkan adapter in software for Linux x64, ships in this package. */
const PACKAGE = '@sparticuz/chromium';
const VERSION = '153.0.0';
const INTEGRITY = 'sha512-jiGWqSvPMdu4+P9TilYqAR7yEGPEHINx+lCvE/NqNO/EHYzF/x1hUiI5T6ioVIt7dEy7n88byyT0vk+dnsgQwA==';
const INSIDE = 'package/bin/swiftshader.tar.br';
const FOLDER = fileURLToPath(new URL(`../../cache/swiftshader-${VERSION}`, import.meta.url));

/** What the environment of a process must say for WebGPU to run on SwiftShader; or why it cannot. */
export type Adapter = { readonly env: Readonly<Record<string, string>> } | { readonly missing: string };

/** Whether this process has SwiftShader for its adapter. */
export const onSwiftShader = (): boolean => /swiftshader/.test(process.env.VK_ICD_FILENAMES ?? '');

/** Fetches SwiftShader with npm, once, into the git-ignored cache. */
export function fetchAdapter(): Adapter {
  if (process.platform !== 'linux' || process.arch !== 'x64')
    return { missing: 'SwiftShader is fetched for Linux x64' };
  const manifest = join(FOLDER, 'vk_swiftshader_icd.json');
  try {
    if (!existsSync(manifest)) unpack();
  } catch (error) {
    return { missing: `SwiftShader cannot be fetched (${(error as Error).message.split('\n')[0]})` };
  }
  return { env: { VK_ICD_FILENAMES: manifest, LD_LIBRARY_PATH: FOLDER } };
}

function unpack(): void {
  mkdirSync(FOLDER, { recursive: true });
  const spec = `${PACKAGE}@${VERSION}`;
  const out = execFileSync('npm', ['pack', spec, '--json', '--pack-destination', FOLDER], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const archive = join(
    FOLDER,
    out
      .match(/"filename":\s*"([^"]+)"/)![1]
      .replace('@', '')
      .replace('/', '-'),
  );
  const found = `sha512-${createHash('sha512').update(readFileSync(archive)).digest('base64')}`;
  if (found !== INTEGRITY) throw new Error(`${spec} is not the pinned one: ${found}`);
  const packed = execFileSync('tar', ['-xzOf', archive, INSIDE], { maxBuffer: 2 ** 26 });
  const inner = join(FOLDER, 'swiftshader.tar');
  writeFileSync(inner, brotliDecompressSync(packed));
  execFileSync('tar', ['-xf', inner, '-C', FOLDER]);
  for (const file of [archive, inner]) rmSync(file);
}
