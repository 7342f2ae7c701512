import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FolderDataset } from '@essaim/sdk/node';
import { type ImportOptions, importDataset } from '@essaim/sdk/node';

/** A temporary folder and what is imported into it. */
class Workshop {
  folder = '';

  async open(): Promise<void> {
    this.folder = await mkdtemp(join(tmpdir(), 'essaim-datasets-'));
  }

  async close(): Promise<void> {
    await rm(this.folder, { recursive: true, force: true });
  }

  path(name: string): string {
    return join(this.folder, name);
  }

  async write(name: string, content: string | Uint8Array): Promise<string> {
    await writeFile(this.path(name), content);
    return this.path(name);
  }

  /** Imports a file with this content. */
  async import(name: string, content: string | Uint8Array, options?: ImportOptions): Promise<FolderDataset> {
    return importDataset(await this.write(name, content), this.path('dataset'), options);
  }

  /** The error with which an import of this content ends. */
  async refused(name: string, content: string | Uint8Array, options?: ImportOptions) {
    try {
      await (await this.import(name, content, options)).close();
    } catch (error) {
      return error as { code: string; message: string; help: string; details: Record<string, unknown> };
    }
    throw new Error('it was taken');
  }
}

/** Within a `describe`: a folder of its own for each test. */
export function workshop(): Workshop {
  const shop = new Workshop();
  beforeEach(() => shop.open());
  afterEach(() => shop.close());
  return shop;
}
