import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect } from 'chai';

const SRC = path.join(import.meta.dirname, '../src');

describe('the client side of the package', () => {
  it('imports nothing that a browser lacks', () => {
    const files = readdirSync(SRC, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'));
    const client = files.filter((file) => !file.startsWith('node'));
    expect(client.length).to.be.above(10);
    for (const file of client) {
      const source = readFileSync(path.join(SRC, file), 'utf8');
      expect(source, file).not.to.match(/from '(node:|\.{1,2}\/node\/|busboy|blockstore-fs)|\bBuffer\b|\bprocess\./);
    }
  });
});
