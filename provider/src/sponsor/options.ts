import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { amount, many, maybe, one, text, tokenAmount, url, type ValuesOf, whole } from '@essaim/daemon';
import { EssaimError } from '@essaim/protocol';
import type { Tracer } from '@essaim/runtime';
import type { Essaim } from '@essaim/sdk';
import { describeFailure, watch } from '@essaim/sdk/node';
import { getAddress } from 'ethers';
import { ClaimChecks } from './claim-checks.ts';
import type { SponsorEvent } from './events.ts';
import { LenderLedger } from './ledger.ts';
import { SponsorServer } from './server.ts';
import { Sponsor } from './sponsor.ts';

const GROUP = 'Tabs that work for it (docs/lending.md)';

const origin = url.transform((given) => new URL(given).origin);

const share = amount.refine((given) => given <= 1, 'not a share from 0 to 1');

/** The options of a provider that has tabs work for it. */
export const sponsorTable = {
  sponsor: maybe(whole(), {
    ...{ value: '<port>', group: GROUP },
    text: 'have browser tabs run exact jobs, and serve them here',
  }),
  sponsorHost: one(text, '127.0.0.1', { value: '<address>', group: GROUP, text: 'where it listens' }),
  sponsorPay: maybe(tokenAmount, {
    ...{ value: '<token=amount>', group: GROUP, example: '0x…=10000000000000000' },
    text: 'pay of one execution, in smallest units',
  }),
  sponsorOrigin: many(origin, {
    ...{ value: '<origin>', group: GROUP, example: 'https://example.org' },
    text: 'a page that may speak to it',
  }),
  sponsorCert: maybe(text, { value: '<file>', group: GROUP, text: 'certificate (PEM), to speak HTTPS' }),
  sponsorCertKey: maybe(text, { value: '<file>', group: GROUP, text: 'the certificate’s key (PEM)' }),
  sponsorChecked: one(share, '0.1', {
    ...{ value: '<share>', group: GROUP },
    text: 'share that is run again of who proved itself',
  }),
  sponsorClaims: one(whole(), '12', {
    ...{ value: '<count>', group: GROUP },
    text: 'claims of others that tabs check in an hour',
  }),
};

/** How a provider is told to have tabs work for it. */
export type SponsorOptions = ValuesOf<typeof sponsorTable>;

/** A sponsor that serves: what it makes of a tracer, and how it ends. */
export interface Sponsoring {
  readonly tracer: Tracer;
  run(signal: AbortSignal): Promise<void>;
}

/** Opens what the options ask for; undefined if they ask for none. OPTION_MISSING */
export async function sponsoring(
  options: SponsorOptions,
  parts: { essaim: Essaim; own: Tracer; folder: string; say: (event: SponsorEvent) => void },
): Promise<Sponsoring | undefined> {
  if (options.sponsor === undefined) return undefined;
  const { essaim, own, folder, say } = parts;
  const { sponsorPay, sponsorOrigin, sponsorCert, sponsorCertKey } = options;
  if (!sponsorPay || sponsorOrigin.length === 0 || (sponsorCert === undefined) !== (sponsorCertKey === undefined)) {
    throw new EssaimError('OPTION_MISSING', 'a sponsor needs its pay and the pages that may speak to it', {
      help: 'give --sponsor-pay TOKEN=AMOUNT and --sponsor-origin, and --sponsor-cert with --sponsor-cert-key or neither',
    });
  }
  const policy = {
    token: getAddress(sponsorPay[0]),
    pay: sponsorPay[1],
    origins: sponsorOrigin,
    leastChecked: options.sponsorChecked,
    checksAnHour: options.sponsorClaims,
  };
  const ledger = await LenderLedger.open(join(folder, `lenders-${policy.token}.json`));
  const sponsor = await Sponsor.open({ essaim, policy, ledger, own, say });
  const server = new SponsorServer(sponsor, {
    port: options.sponsor,
    host: options.sponsorHost,
    origins: policy.origins,
    tls: sponsorCert
      ? { cert: readFileSync(sponsorCert, 'utf8'), key: readFileSync(sponsorCertKey!, 'utf8') }
      : undefined,
    failed: (error) => say({ event: 'sponsor-failed', ...describeFailure(error) }),
  });
  const checks = new ClaimChecks({ essaim, sponsor, say, anHour: policy.checksAnHour });
  return {
    tracer: sponsor.tracer(),
    async run(signal) {
      say({ event: 'sponsoring', url: await server.listen() });
      const tell = (failure: ReturnType<typeof describeFailure>) => say({ event: 'sponsor-failed', ...failure });
      await watch((until) => checks.cycle(until), essaim.pollingInterval, signal, tell);
      await sponsor.stop();
      await server.close();
    },
  };
}
