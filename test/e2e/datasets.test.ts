import { execFile } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { chunkRootFrom, chunksOf, columnTensor, listRoot, rowRange, tensorRoot } from '@essaim/protocol';
import { Datasets, type Essaim, type Storage } from '@essaim/sdk';
import { downloadDataset, FolderDataset, importDataset, parseColumn, readSchema } from '@essaim/sdk/node';
import { expect } from 'chai';
import { parseEther } from 'ethers';
import { loadDigits } from '../../models/digits/digits.ts';
import { digitsCsv } from '../../models/digits/write-csv.ts';
import { accounts } from '../../scripts/demo/accounts.ts';
import { Town } from './town.ts';

const run = promisify(execFile);
const SCHEMA = new URL('../../models/digits/schema.json', import.meta.url);
const digitsSchema = async () => readSchema(JSON.parse(await readFile(SCHEMA, 'utf8')));
const codeOf = (promise: Promise<unknown>): Promise<string> =>
  promise.then(
    () => 'taken',
    (error: { code: string }) => error.code,
  );

describe('a registered data set', function () {
  this.timeout(120_000);
  let town: Town;
  let owner: Essaim;
  let reader: Essaim;
  let local: FolderDataset;
  let id: bigint;
  let about: { name: string; description: string; licence: string; price: bigint; token: string };
  before(async () => {
    town = await Town.open();
    [owner, reader] = await Promise.all([town.connect('modeller'), town.connect('requester')]);
    const csv = join(town.folder, 'digits.csv');
    writeFileSync(csv, digitsCsv('train'));
    const schema = await digitsSchema();
    local = await importDataset(csv, join(town.folder, 'digits'), { schema });
    const token = town.deployment.addresses.MielToken;
    about = { name: 'digits', description: 'scans', licence: 'CC-BY-4.0', price: parseEther('3'), token };
    const seen: number[] = [];
    const account = accounts(town.chain).alice.address;
    const registered = await owner.datasets.register(local, {
      ...about,
      contributors: [{ account, shares: parseEther('10'), note: 'scanned them' }],
      onProgress: ({ done, total }) => seen.push(done / total),
    });
    id = registered.id;
    expect(seen.at(-1)).to.equal(1);
  });
  after(async () => {
    await local?.close();
    owner?.close();
    reader?.close();
    await town?.close();
  });

  /** Another's view of the data set, through a storage that answers otherwise. */
  function through(changes: Partial<Storage>): Datasets {
    const storage = Object.assign(Object.create(reader.storage), changes) as Storage;
    return new Datasets(reader.contracts, storage);
  }

  it('is read back with its price and types by whoever knows its number', async () => {
    const dataset = await reader.datasets.get(id);
    expect([dataset.version, dataset.rows, dataset.manifest.licence]).to.deep.equal([1, 1437, 'CC-BY-4.0']);
    expect(dataset.columnsRoot).to.equal(await local.columnsRoot());
    expect(await reader.datasets.priceOf(id)).to.deep.equal({ token: about.token, price: about.price });
  });

  it('gives rows that are those of the source', async () => {
    const { scans, labels, heldOut } = loadDigits();
    const kept = Array.from(labels.keys()).filter((row) => !heldOut.includes(row));
    const [x, y] = await reader.datasets.rows(id, 1, [1436, 0, 700, 0]);
    expect(x.type.dims).to.deep.equal([4, 8, 8]);
    expect([...x.data].map(Number)).to.deep.equal([1436, 0, 700, 0].flatMap((row) => [...scans[kept[row]]]));
    expect([...y.data].map(Number)).to.deep.equal([1436, 0, 700, 0].map((row) => labels[kept[row]]));
    expect(await codeOf(reader.datasets.rows(id, 1, [1437]))).to.equal('DATASET_NO_ROW');
    expect(await codeOf(reader.datasets.get(id, 9))).to.equal('DATASET_UNKNOWN');
    expect(await codeOf(reader.datasets.get(id + 1n))).to.equal('DATASET_UNKNOWN');
  });

  it('opens any row in a proof against the root on chain, from storage and from a folder alike', async () => {
    const dataset = await reader.datasets.get(id);
    const range = rowRange(dataset.columns[0], 1000);
    const chunks = chunksOf([range]);
    for (const source of [dataset, local]) {
      const opener = await source.opener(0, [range]);
      const bytes = 1437 * 64;
      const opened = chunks.map((chunk) => opener.chunk(chunk));
      const chunkRoot = chunkRootFrom(bytes, chunks, opened, opener.openings(chunks));
      const roots = await source.columnRoots();
      expect(tensorRoot(columnTensor(dataset.columns[0], 1437), chunkRoot!)).to.equal(roots[0]);
      expect(listRoot(roots)).to.equal((await reader.contracts.DatasetRegistry.version(id, 1)).columnsRoot);
    }
  });

  it('that changed since it was registered is refused', async () => {
    const flipped = async (cid: string, options: Parameters<Storage['get']>[1]) => {
      const bytes = await reader.storage.get(cid, options);
      return bytes.map((byte, i) => (i === 100 ? byte ^ 1 : byte));
    };
    expect(await codeOf(through({ get: flipped }).rows(id, 1, [0]))).to.equal('DATASET_CHANGED');
    const dataset = await through({ get: flipped }).get(id);
    const target = join(town.folder, 'changed');
    expect(await codeOf(downloadDataset(dataset, target))).to.equal('DATASET_CHANGED');
    expect(existsSync(target)).to.equal(false);
    const good = dataset.manifest;
    for (const manifest of [
      { ...good, rows: 1438 },
      { ...good, columns: [good.columns[0], { ...good.columns[1], dtype: 'int8' }] },
      { ...good, columns: good.columns.map((column) => ({ ...column, parts: good.columns[1].parts })) },
    ])
      expect(await codeOf(through({ getManifest: async () => manifest }).get(id))).to.equal('DATASET_CHANGED');
  });

  it('is not published from a folder whose bytes changed since they were imported', async () => {
    const copy = await importDataset(join(town.folder, 'digits.csv'), join(town.folder, 'copy'));
    const file = join(town.folder, 'copy', '1.bin');
    const bytes = await readFile(file);
    bytes[10] ^= 1;
    await writeFile(file, bytes);
    expect(await codeOf(owner.datasets.register(copy, about))).to.equal('DATASET_CHANGED');
    expect(await codeOf(copy.check())).to.equal('DATASET_FOLDER_DAMAGED');
    await copy.close();
  });

  it('is downloaded whole, and after an interruption from where it was', async () => {
    const target = join(town.folder, 'again');
    let calls = 0;
    const broken = through({
      get: async (cid, options) => {
        if (++calls > 1) throw new Error('the line broke');
        return reader.storage.get(cid, options);
      },
    });
    await downloadDataset(await broken.get(id), target).catch(() => undefined);
    expect(existsSync(target)).to.equal(false);
    calls = 0;
    const counted = through({
      get: async (cid, options) => {
        calls++;
        return reader.storage.get(cid, options);
      },
    });
    const downloaded = await downloadDataset(await counted.get(id), target);
    expect(calls).to.equal(1);
    await downloaded.check();
    expect(await downloaded.columnsRoot()).to.equal(await local.columnsRoot());
    expect(await downloaded.gatherBatch([3, 1])).to.deep.equal(
      await (await reader.datasets.get(id)).gatherBatch([3, 1]),
    );
    await downloaded.close();
  });

  it('grows by versions that begin with the rows before, and by no others', async () => {
    const folder = join(town.folder, 'digits');
    expect(await codeOf(owner.datasets.addVersion(id, local))).to.equal('DATASET_NOT_GROWN');
    const csv = join(town.folder, 'held-out.csv');
    writeFileSync(csv, digitsCsv('held-out'));
    const grown = await importDataset(csv, folder, { append: true });
    expect(await codeOf(reader.datasets.addVersion(id, grown))).to.equal('DATASET_NOT_YOURS');
    const version = await owner.datasets.addVersion(id, grown);
    expect([version.version, version.rows]).to.deep.equal([2, 1797]);
    expect(version.manifest.previous).to.equal((await reader.datasets.get(id, 1)).digest);
    expect((await reader.datasets.get(id)).version).to.equal(2);
    expect((await reader.datasets.rows(id, 1, [5]))[0].data).to.deep.equal(
      (await reader.datasets.rows(id, 2, [5]))[0].data,
    );
    await grown.close();

    writeFileSync(csv, digitsCsv('all'));
    const schema = await digitsSchema();
    const other = await importDataset(csv, join(town.folder, 'other'), { schema });
    await (await importDataset(csv, join(town.folder, 'other'), { append: true })).close();
    const longer = await FolderDataset.open(join(town.folder, 'other'));
    expect(await codeOf(owner.datasets.addVersion(id, longer))).to.equal('DATASET_NOT_GROWN');
    await other.close();
    await longer.close();
    writeFileSync(csv, 'digit\n1\n');
    const odd = await importDataset(csv, join(town.folder, 'odd'));
    expect(await codeOf(owner.datasets.addVersion(id, odd))).to.equal('DATASET_TYPES');
    await odd.close();
  });

  it('that changed rows of an earlier version is told from its hashes', async () => {
    await reader.datasets.checkHistory(id);
    const csv = join(town.folder, 'forged.csv');
    writeFileSync(csv, digitsCsv('all').replace('\n0,', '\n9,'));
    const forged = await importDataset(csv, join(town.folder, 'forged'), { schema: await digitsSchema() });
    await (await importDataset(csv, join(town.folder, 'forged'), { append: true })).close();
    const longer = await FolderDataset.open(join(town.folder, 'forged'));
    const { manifest } = await owner.datasets.register(longer, { ...about, name: 'forged' });
    const { digest } = await owner.storage.putManifest(manifest);
    const root = await longer.columnsRoot();
    await (await owner.contracts.DatasetRegistry.addVersion(id, root, longer.rows, digest, [], [])).wait();
    expect((await reader.datasets.get(id, 3)).rows).to.equal(3594);
    expect(await codeOf(reader.datasets.checkHistory(id, 3))).to.equal('DATASET_NOT_GROWN');
    expect(await codeOf(reader.datasets.checkHistory(id, 2))).to.equal('taken');
    await forged.close();
    await longer.close();
  });

  it('whose elements no tensor may hold is refused by readers, whoever registered it', async () => {
    const csv = join(town.folder, 'truths.csv');
    writeFileSync(csv, 'v,w\n1,2.5\n0,-3\n');
    const folder = join(town.folder, 'truths');
    const schema = { columns: ['v: uint8[]', 'w: float32[]'].map(parseColumn) };
    const good = await importDataset(csv, folder, { schema });
    expect(await good.check()).to.deep.equal([
      { low: 0, high: 1, nan: false },
      { low: -3, high: 2.5, nan: false },
    ]);
    await good.close();
    for (const [name, column, at, dtype] of [
      ['v', '0', 0, 'bool'],
      ['w', '1', 2, 'float32'],
    ] as const) {
      const file = join(folder, `${column}.bin`);
      const bytes = await readFile(file);
      if (dtype === 'bool') bytes[at] = 2;
      else bytes.set([1, 0, 0xc0, 0x7f], 0);
      const bad = join(town.folder, `bad-${name}`);
      await mkdir(bad);
      await writeFile(join(bad, '0.bin'), bytes);
      await writeFile(join(bad, '0.leaves'), '');
      const columns = [{ name, dtype, shape: [], labels: null }];
      await writeFile(
        join(bad, 'dataset.json'),
        JSON.stringify({ format: 'essaim/dataset-folder/1', rows: 2, columns }),
      );
      const set = await FolderDataset.open(bad);
      const registered = await owner.datasets.register(set, { ...about, name: `bad ${name}` });
      await set.close();
      expect(await codeOf(reader.datasets.rows(registered.id, 1, [0]))).to.equal('DATASET_MALFORMED');
      const dataset = await reader.datasets.get(registered.id);
      for (let time = 0; time < 2; time++)
        expect(await codeOf(downloadDataset(dataset, join(town.folder, 'never')))).to.equal('DATASET_MALFORMED');
    }
  });

  it('is published again, after an interruption, without what was stored', async () => {
    const folder = join(town.folder, 'interrupted');
    const csv = join(town.folder, 'all.csv');
    writeFileSync(csv, digitsCsv('all'));
    const all = await importDataset(csv, folder, { schema: await digitsSchema() });
    let puts = 0;
    const storage = Object.assign(Object.create(owner.storage), {
      put: (...args: Parameters<Storage['put']>) => {
        puts++;
        return puts === 3 ? Promise.reject(new Error('the line broke')) : owner.storage.put(...args);
      },
    }) as Storage;
    const datasets = new Datasets(owner.contracts, storage, owner.signer);
    const failed = await datasets.register(all, about).catch((error: Error) => error.message);
    expect([failed, puts]).to.deep.equal(['the line broke', 3]);
    await datasets.register(all, { ...about, name: 'again' });
    expect(puts).to.equal(5);
    await all.close();
  });

  describe('on the command line', () => {
    const cli = 'sdk/src/node/data/main.ts';
    const data = (...args: string[]) => run(process.execPath, [cli, ...args]);
    let common: string[];
    let key: string;
    before(() => {
      key = town.keyFile('modeller');
      common = town.common();
    });

    it('is imported, shown, registered, grown, read and downloaded', async () => {
      const csv = join(town.folder, 'cli.csv');
      const folder = join(town.folder, 'cli');
      writeFileSync(csv, 'a0,a1,kind\n1,2,cat\n3,4,dog\n');
      const imported = await data('import', csv, '--to', folder);
      expect(imported.stderr).to.contain('a: float32[2] from a0 … a1').and.to.contain('importing: 100 %, 2 rows');
      const local = JSON.parse((await data('show', folder, '--check')).stdout);
      expect(local).to.deep.include({ rows: 2, columnsRoot: JSON.parse(imported.stdout).columnsRoot });
      const terms = ['--name', 'pets', '--licence', 'CC0-1.0', '--token', about.token, '--price', '5'];
      const { dataset } = JSON.parse((await data('register', folder, ...common, '--key-file', key, ...terms)).stdout);
      writeFileSync(csv, 'a0,a1,kind\n5,6,emu\n');
      await data('import', csv, '--to', folder, '--append');
      const added = JSON.parse((await data('add', dataset, folder, ...common, '--key-file', key)).stdout);
      expect(added).to.include({ dataset, version: 2, rows: 3 });
      const shown = JSON.parse((await data('show', dataset, ...common)).stdout);
      expect(shown).to.deep.include({ versions: 2, price: '5', name: 'pets', rows: 3 });
      const { stdout } = await data('rows', dataset, '2', '0', ...common);
      expect(stdout).to.equal('{"row":2,"a":[5,6],"kind":"emu"}\n{"row":0,"a":[1,2],"kind":"cat"}\n');
      const target = join(town.folder, 'cli-got');
      await data('get', dataset, target, '--at', '1', ...common);
      expect((await data('rows', target, '1')).stdout).to.equal('{"row":1,"a":[3,4],"kind":"dog"}\n');
    });

    it('says what is wrong by code, place and what to do, and ends with 1', async () => {
      const csv = join(town.folder, 'bad.csv');
      writeFileSync(csv, 'a,b\n1,2\n3,oops\n');
      const wrong = (...args: string[]) => data(...args).catch((error: { code: number; stderr: string }) => error);
      const bad = await wrong('import', csv, '--to', join(town.folder, 'bad'), '--column', 'b: float32[]');
      expect(bad).to.have.property('code', 1);
      expect(bad.stderr).to.contain(
        `DATASET_ROW_NOT_NUMBER: ${csv}:3, column "b": "oops" is no number\ncorrect the cell`,
      );
      expect((await wrong('show', join(town.folder, 'nowhere'))).stderr).to.contain('DATASET_FOLDER');
      expect((await wrong('show', '12345', ...common)).stderr).to.contain('DATASET_UNKNOWN');
    });
  });
});
