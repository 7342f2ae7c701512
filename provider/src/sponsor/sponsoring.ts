import { readFileSync } from 'node:fs';
import { join } from 'node:path';
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
import type { SponsorOptions } from './table.ts';

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
  const { sponsorPay, sponsorOrigin, sponsorCert, sponsorCertKey, sponsorChecked } = options;
  const isWell = sponsorPay && sponsorPay[1] > 0n && sponsorOrigin.length > 0 && sponsorChecked <= 1;
  if (!isWell || (sponsorCert === undefined) !== (sponsorCertKey === undefined)) {
    throw new EssaimError('OPTION_MISSING', 'a sponsor needs its pay and the pages that may speak to it', {
      help: 'give --sponsor-pay TOKEN=AMOUNT and --sponsor-origin, a share of at most 1, and certificate and key or neither',
    });
  }
  const policy = {
    ...{ token: getAddress(sponsorPay[0]), pay: sponsorPay[1] },
    origins: sponsorOrigin.map((page) => new URL(page).origin),
    leastChecked: sponsorChecked,
    checksAnHour: options.sponsorClaims,
  };
  const ledger = await LenderLedger.open(join(folder, `lenders-${policy.token}.json`));
  const sponsor = await Sponsor.open({ essaim, policy, ledger, own, say });
  const server = new SponsorServer(sponsor, {
    ...options.sponsor,
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
