import type { Essaim } from '@essaim/sdk';
import { connectTo } from '../connect.ts';
import type { Secrets } from '../log/secrets.ts';
import type { accountTable, connectionTable } from '../options/common.ts';
import type { OptionTable, ValuesOf } from '../options/option.ts';
import { need } from '../options/read.ts';
import type { Action, Identity } from '../program.ts';
import { requireAccount } from './account.ts';

/** What the options of a program hold that does something for an account. */
export type AccountTable = typeof connectionTable & typeof accountTable & OptionTable;

/** Does one thing by a connection that signs. */
type Work<T extends OptionTable> = (essaim: Essaim, ...command: Parameters<Action<T>>) => Promise<void>;

/** The action of a command that does one thing as the account. OPTION_MISSING, KEY_MISSING, and what connecting throws */
export const asAccount =
  <T extends AccountTable>({ prefix }: Identity<T>, work: Work<T>): Action<T> =>
  async (options, secrets: Secrets, ...given) => {
    const values = need(options as ValuesOf<AccountTable>, prefix, 'rpc', 'deployment', 'storage');
    const account = await requireAccount(values, secrets);
    const essaim = await connectTo(values, (provider) => account.connect(provider));
    await work(essaim, options, secrets, ...given).finally(() => essaim.close());
  };
