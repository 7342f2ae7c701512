import { type Check, ok, warning, wrong } from '@essaim/daemon';
import type { Essaim } from '@essaim/sdk';
import { type KeyOptions, ownSealingKey } from './own-key.ts';

/** Whether what is sealed to this provider is sealed to the key that it has. */
export const sealingCheck = ({ agents }: Essaim, account: string, options: KeyOptions): Check => ({
  name: 'sealing',
  async run() {
    const own = await ownSealingKey(options);
    const published = await agents.sealingKey(account).catch((error: { code?: string }) => {
      if (error.code === 'SEALING_KEY_UNKNOWN' || error.code === 'SEALING_KEY_FORGED') return undefined;
      throw error;
    });
    const publish = 'publish it with the sealing-key command';
    if (!own) {
      return published
        ? wrong(
            'a key is published, and the one that opens what is sealed to it is not here',
            `restore it, or ${publish}`,
          )
        : ok('takes no private jobs');
    }
    if (!published) return warning('a key is here that nobody can find', publish);
    const isSame = published.every((byte, i) => byte === own.publicKey[i]);
    return isSame ? ok('takes private jobs') : wrong('another key is published than the one that is here', publish);
  },
});
