import { EssaimError } from '@essaim/protocol';
import type { Essaim } from '@essaim/sdk';
import type { Alarm, AlarmName } from './alarms.ts';
import { DueAudits } from './audits.ts';
import { UncheckedClaims } from './claims.ts';
import { OpenDemands } from './demands.ts';
import { endpointsApart, indexerApart, lowStake, strangeJudges, verdictsOf, verifierAway } from './looks.ts';
import type { MonitorSettings } from './options.ts';
import { StuckRuns } from './runs.ts';
import { DisagreeingTwins } from './twins.ts';

/** Looks between two at the judges: each takes a while. */
const SELDOM = 100;

/** Looks at everything that a provider or a verifier could miss. It has no account, and sees the chain for itself. */
export class Monitor {
  readonly #essaim: Essaim;
  readonly #settings: MonitorSettings;
  readonly #claims: UncheckedClaims;
  readonly #demands: OpenDemands;
  readonly #audits: DueAudits;
  readonly #runs: StuckRuns;
  readonly #twins: DisagreeingTwins;
  #turn = 0;

  constructor(essaim: Essaim, settings: MonitorSettings) {
    this.#essaim = essaim;
    this.#settings = settings;
    this.#claims = new UncheckedClaims(essaim, settings.claimMargin);
    this.#demands = new OpenDemands(essaim, settings.demandMargin, settings.operator);
    this.#audits = new DueAudits(essaim, settings.auditMargin, settings.operator);
    this.#runs = new StuckRuns(essaim);
    this.#twins = new DisagreeingTwins(essaim);
  }

  /** What is alarming now, and which looks were taken. CHAIN_FAILED */
  async look(): Promise<{ looked: AlarmName[]; alarms: Alarm[] }> {
    const { verifier, operator, leastStake, indexer, indexerLag } = this.#settings;
    const head = await this.#essaim.provider.getBlock('latest');
    if (!head) throw new EssaimError('CHAIN_FAILED', 'no latest block', { help: 'try another endpoint' });
    const looked: AlarmName[] = ['demand', 'stuck', 'stake'];
    const alarms = [
      ...(await this.#demands.look(head)),
      ...(await this.#runs.look(head)),
      ...(await lowStake(this.#essaim, operator, leastStake)),
    ];
    if (operator.length > 0) {
      looked.push('audit');
      alarms.push(...(await this.#audits.look(head)));
    }
    if (this.#turn++ % SELDOM === 0) {
      looked.push('judges', 'twins');
      alarms.push(...(await strangeJudges(this.#essaim)), ...(await this.#twins.look(head)));
    }
    if (indexer) {
      looked.push('indexer');
      alarms.push(...(await indexerApart(this.#essaim, indexer, indexerLag)));
    }
    if (verifier) {
      looked.push('verifier', 'unchecked');
      const verdicts = (keys: readonly string[]) => verdictsOf(verifier, keys);
      alarms.push(...(await verifierAway(verifier)), ...(await this.#claims.look(head, verdicts)));
    }
    looked.push('endpoint');
    alarms.push(...endpointsApart(this.#essaim));
    return { looked, alarms };
  }
}
