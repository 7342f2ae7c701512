/** A stack with a database that runs until it is killed: node hold-stack.ts LEDGER CHAIN-PORT STORAGE-PORT */
import { Ledger } from '../../scripts/stack/ledger.ts';
import { startPostgres } from '../../scripts/stack/postgres.ts';
import { Stack } from '../../scripts/stack/stack.ts';

const [file, chain, storage] = process.argv.slice(2);
const ledger = new Ledger(file);
await ledger.clear();
const stack = await Stack.open({ ledger, ports: { chain: Number(chain), storage: Number(storage) } });
const { url } = await startPostgres(ledger);
console.log(JSON.stringify({ folder: stack.folder, postgres: Number(new URL(url).port) }));
setInterval(() => {}, 1_000);
