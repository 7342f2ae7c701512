import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeKeystore, openAccount, openLog, requireAccount, Secrets } from '@essaim/daemon';
import type { EssaimError } from '@essaim/protocol';
import { expect } from 'chai';
import { Wallet } from 'ethers';

const KEY = `0x${'a1b2c3d4'.repeat(8)}`;
const { address: ADDRESS } = new Wallet(KEY);

describe('an account', () => {
  const folder = mkdtempSync(join(tmpdir(), 'essaim-account-'));
  after(() => rmSync(folder, { recursive: true, force: true }));
  const failure = (work: Promise<unknown>): Promise<EssaimError> =>
    work.then(
      () => {
        throw new Error('nothing was thrown');
      },
      (error) => error,
    );

  it('comes from an encrypted keystore, a key command or a key', async () => {
    const file = join(folder, 'keystore.json');
    const address = await makeKeystore(file, { key: KEY, password: 'open "sesame"' }, new Secrets());
    expect(address).to.equal(ADDRESS);
    expect(statSync(file).mode & 0o777).to.equal(0o600);
    const sources = [{ keystore: file, password: 'open "sesame"' }, { keyCommand: `printf ${KEY}` }, { key: KEY }];
    for (const source of sources) {
      expect((await openAccount(source, new Secrets()))?.address).to.equal(ADDRESS);
    }
    expect(await openAccount({}, new Secrets())).to.equal(undefined);
    expect((await failure(makeKeystore(file, { password: 'x' }, new Secrets()))).code).to.equal('KEYSTORE_EXISTS');
  });

  it('is refused with what to do, and without a word of the key', async () => {
    const file = join(folder, 'other.json');
    await makeKeystore(file, { key: KEY, password: 'right' }, new Secrets());
    const tries: [Parameters<typeof openAccount>[0], string][] = [
      [{}, 'KEY_MISSING'],
      [{ key: KEY, keystore: file }, 'KEY_AMBIGUOUS'],
      [{ key: KEY.slice(0, -2) }, 'KEY_INVALID'],
      [{ keystore: file }, 'KEYSTORE_PASSWORD'],
      [{ keystore: file, password: 'wrong' }, 'KEYSTORE_PASSWORD'],
      [{ keystore: join(folder, 'none'), password: 'x' }, 'KEYSTORE_UNREADABLE'],
      [{ keyCommand: `echo ${KEY} >&2; exit 3` }, 'KEY_COMMAND_FAILED'],
    ];
    for (const [options, code] of tries) {
      const error = await failure(requireAccount(options, new Secrets()));
      expect(error.code).to.equal(code);
      expect(`${error.message} ${error.help} ${String(error.cause ?? '')}`).to.not.include('a1b2c3d4');
    }
  });
});

describe('a log', () => {
  it('shows no secret, wherever in an event, an error or an address it stands', async () => {
    const lines: string[] = [];
    const secrets = new Secrets();
    const log = openLog({ name: 'test', level: 'info', secrets, write: (line) => lines.push(line) });
    secrets.add('open "sesame"');
    secrets.addUrl('https://user:hunter22@chain.example/v3/0123456789abcdef?apikey=fedcba98');
    await openAccount({ key: KEY }, secrets);
    log.info({ event: 'failed', message: `at https://chain.example/v3/0123456789abcdef with ${KEY}`, amount: 5n });
    log.error(new Error(`no answer from https://user:hunter22@chain.example?apikey=fedcba98: open "sesame"`));
    log.info({ deep: { list: [KEY.slice(2).toUpperCase(), KEY.toLowerCase()] }, key: 'x', options: { password: 'y' } });
    const all = lines.join('');
    for (const secret of ['a1b2c3d4', 'A1B2C3D4', '0123456789abcdef', 'hunter22', 'fedcba98', 'sesame', '"x"', '"y"']) {
      expect(all).to.not.include(secret);
    }
    expect(JSON.parse(lines[0])).to.include({ event: 'failed', amount: '5', daemon: 'test', level: 'info' });
    for (const line of lines) JSON.parse(line);
  });
});
