import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { many, maybe, need, one, readOptions, Secrets, toggle, units, url, whole } from '@essaim/daemon';
import type { EssaimError } from '@essaim/protocol';
import { expect } from 'chai';
import { writeConfig } from '../src/options/config-file.ts';

const table = {
  rpc: maybe(url, { value: '<url>', group: 'A', text: 'where', secret: 'maybe' }),
  key: maybe(units, { value: '<hex>', group: 'A', text: 'who', secret: 'always' }),
  pause: one(whole(1), '4000', { value: '<ms>', group: 'B', text: 'how long' }),
  model: many(units, { value: '<id>', group: 'B', text: 'which' }),
  selfCheck: toggle(true, { group: 'B', text: 'whether' }),
};

describe('options', () => {
  const folder = mkdtempSync(join(tmpdir(), 'essaim-options-'));
  after(() => rmSync(folder, { recursive: true, force: true }));

  const file = (name: string, content: string): string => {
    writeFileSync(join(folder, name), content);
    return join(folder, name);
  };
  const read = (
    flags: Record<string, string | string[]> = {},
    environment: Record<string, string> = {},
    config?: string,
    secrets = new Secrets(),
  ) => readOptions(table, { flags, environment, prefix: 'X_', config }, secrets);
  const codeOf = (work: () => unknown): EssaimError => {
    try {
      work();
    } catch (error) {
      return error as EssaimError;
    }
    throw new Error('nothing was thrown');
  };

  it('come from the command line before the environment, from it before the file, from it before the standard', () => {
    const config = file('all.conf', '# note\n\npause = 3\nmodel = 7\nmodel = 8\nself-check = no\n');
    expect(read()).to.deep.equal({ rpc: undefined, key: undefined, pause: 4000, model: [], selfCheck: true });
    expect(read({}, {}, config)).to.include({ pause: 3, selfCheck: false });
    expect(read({}, {}, config).model).to.deep.equal([7n, 8n]);
    expect(read({}, { X_PAUSE: '2', X_MODEL: '5,6' }, config)).to.include({ pause: 2 });
    expect(read({}, { X_MODEL: '5,6' }, config).model).to.deep.equal([5n, 6n]);
    expect(read({ pause: '1' }, { X_PAUSE: '2' }, config).pause).to.equal(1);
  });

  it('take a secret from a file that a flag, a variable or a line names, and from the environment', () => {
    const key = file('key', '12\n');
    expect(read({ keyFile: key }).key).to.equal(12n);
    expect(read({}, { X_KEY_FILE: key }).key).to.equal(12n);
    expect(read({}, { X_KEY: '13' }).key).to.equal(13n);
    expect(read({}, {}, file('named.conf', `key-file = ${key}\n`)).key).to.equal(12n);
    expect(read({}, { X_RPC_FILE: file('rpc', 'http://chain.example/v3/0123456789abcdef\n') }).rpc).to.include('v3');
  });

  it('never stand in a config file where they are secret, and no unknown or repeated line is passed over', () => {
    const config = (content: string) => codeOf(() => read({}, {}, file('bad.conf', content)));
    expect(config('key = 12\n')).to.include({ code: 'CONFIG_INVALID' });
    expect(config('key = 12\n').message).to.match(/line 1: key must not stand in a config file/);
    expect(config('\npuase = 12\n').message).to.match(/line 2: there is no option "puase"/);
    expect(config('pause = 1\npause = 2\n').message).to.match(/line 2: pause stands there a second time/);
    expect(config('pause 1\n').message).to.match(/no "name = value"/);
    expect(codeOf(() => read({}, {}, join(folder, 'none')))).to.include({ code: 'CONFIG_UNREADABLE' });
  });

  it('say where a wrong value was given and quote no secret', () => {
    expect(codeOf(() => read({ pause: '0' })).message).to.equal('--pause: "0" is not a whole number from 1 on');
    expect(codeOf(() => read({}, { X_PAUSE: 'x' })).message).to.match(/^X_PAUSE: "x" is not a whole number/);
    expect(codeOf(() => read({}, { X_KEY: 'hush' })).message).to.not.include('hush');
    expect(codeOf(() => need(read(), 'X_', 'rpc'))).to.include({ code: 'OPTION_MISSING' });
    expect(codeOf(() => need(read(), 'X_', 'rpc')).help).to.match(/--rpc .*X_RPC/);
  });

  it('are all in the file that init writes, which reads as if there were none', () => {
    const text = writeConfig('How it runs', table);
    expect(read({}, {}, file('init.conf', text))).to.deep.equal(read());
    expect(text)
      .to.include('#key-file = ')
      .and.to.include('#pause = 4000')
      .and.to.not.match(/^#?key = /m);
    const set = writeConfig('How it runs', table, { pause: ['9'], model: ['1', '2'] });
    expect(read({}, {}, file('set.conf', set))).to.deep.include({ pause: 9, model: [1n, 2n] });
  });
});

describe('the command line of a daemon', () => {
  const main = new URL('../../provider/src/main.ts', import.meta.url).pathname;
  const run = (...args: string[]) =>
    promisify(execFile)(process.execPath, [main, ...args]).then(
      ({ stdout }) => ({ code: 0, stdout, stderr: '' }),
      (failure: { code: number; stdout: string; stderr: string }) => failure,
    );

  it('refuses a key or a password in plain sight, says what to do instead, and does not repeat it', async () => {
    const key = `0x${'5e'.repeat(32)}`;
    for (const args of [['--key', key], [`--private-key=${key}`], ['--password', key]]) {
      const { code, stderr } = await run('run', ...args);
      expect(code).to.equal(1);
      expect(stderr).to.include('SECRET_ON_COMMAND_LINE').and.to.include('--keystore').and.to.not.include('5e5e');
    }
  });

  it('writes a config that check reads, and never over another', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'essaim-init-'));
    const file = join(folder, 'provider.conf');
    const init = ['init', file, '--rpc', 'http://127.0.0.1:1', '--fee', `0x${'11'.repeat(20)}=5`];
    expect((await run(...init)).stdout).to.include(`check --config ${file}`);
    expect(readFileSync(file, 'utf8')).to.match(/^rpc = http:\/\/127.0.0.1:1$/m);
    expect((await run(...init)).stderr).to.include('CONFIG_EXISTS');
    const { code, stderr } = await run('check', '--config', file);
    expect(code).to.equal(1);
    expect(stderr).to.match(/OPTION_MISSING: not given: deployment, storage/);
    rmSync(folder, { recursive: true, force: true });
  });
});
