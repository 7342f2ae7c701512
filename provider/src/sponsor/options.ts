import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { EssaimError } from '@essaim/protocol';
import type { Tracer } from '@essaim/runtime';
import type { Essaim } from '@essaim/sdk';
import { describeFailure, watch } from '@essaim/sdk/node';
import { type Command, InvalidArgumentError } from 'commander';
import { getAddress, isAddress } from 'ethers';
import { ClaimChecks } from './claim-checks.ts';
import type { SponsorEvent } from './events.ts';
import { LenderLedger } from './ledger.ts';
import { SponsorServer } from './server.ts';
import { Sponsor } from './sponsor.ts';

/** How a provider is told to have tabs work for it. */
export interface SponsorOptions {
  sponsor?: number;
  sponsorHost: string;
  sponsorPay?: { token: string; pay: bigint };
  sponsorOrigin?: string[];
  sponsorCert?: string;
  sponsorCertKey?: string;
  sponsorChecked: number;
  sponsorClaims: number;
}

const payOf = (text: string): { token: string; pay: bigint } => {
  const [token, pay = ''] = text.split('=');
  if (!isAddress(token) || !/^[1-9]\d*$/.test(pay))
    throw new InvalidArgumentError('a token’s address, =, and its smallest units');
  return { token: getAddress(token), pay: BigInt(pay) };
};

const originOf = (text: string, origins: string[] = []): string[] => {
  if (!URL.canParse(text)) throw new InvalidArgumentError('an origin, as https://example.org');
  return [...origins, new URL(text).origin];
};

const portOf = (text: string): number => {
  if (!/^\d{1,5}$/.test(text) || Number(text) > 65_535) throw new InvalidArgumentError('a port');
  return Number(text);
};

const shareOf = (text: string): number => {
  if (!(Number(text) >= 0 && Number(text) <= 1)) throw new InvalidArgumentError('a share from 0 to 1');
  return Number(text);
};

const countOf = (text: string): number => {
  if (!/^\d{1,6}$/.test(text)) throw new InvalidArgumentError('a whole number');
  return Number(text);
};

/** The options of a command that may sponsor tabs. */
export const sponsorOptions = (command: Command): Command =>
  command
    .option('--sponsor <port>', 'have browser tabs run exact jobs, and serve them here (docs/lending.md)', portOf)
    .option('--sponsor-host <address>', 'where it listens', '127.0.0.1')
    .option('--sponsor-pay <token=amount>', 'pay of one execution, in smallest units', payOf)
    .option('--sponsor-origin <origin>', 'a page that may speak to it; repeatable', originOf)
    .option('--sponsor-cert <file>', 'certificate (PEM), to speak HTTPS')
    .option('--sponsor-cert-key <file>', 'the certificate’s key (PEM)')
    .option('--sponsor-checked <share>', 'share that is run again of who proved itself', shareOf, 0.1)
    .option('--sponsor-claims <count>', 'claims of others that tabs check in an hour', countOf, 12);

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
  const { sponsorPay, sponsorOrigin = [], sponsorCert, sponsorCertKey } = options;
  if (!sponsorPay || sponsorOrigin.length === 0 || (sponsorCert === undefined) !== (sponsorCertKey === undefined)) {
    throw new EssaimError('OPTION_MISSING', 'a sponsor needs its pay and the pages that may speak to it', {
      help: 'give --sponsor-pay TOKEN=AMOUNT and --sponsor-origin, and --sponsor-cert with --sponsor-cert-key or neither',
    });
  }
  const policy = {
    ...sponsorPay,
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
