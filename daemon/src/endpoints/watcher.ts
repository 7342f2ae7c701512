import type { Metrics } from '../metrics/metrics.ts';
import type { EndpointEvent, EndpointWatcher } from './member.ts';

/** Counts what endpoints do, and tells what becomes of them. */
export const endpointWatcher = (metrics: Metrics, say: (event: EndpointEvent) => void): EndpointWatcher => ({
  say(event) {
    if (event.event === 'endpoint-lies') metrics.add('essaim_endpoint_lies_total', 1, { endpoint: event.endpoint });
    say(event);
  },
  answered(endpoint, result, seconds) {
    metrics.add('essaim_endpoint_answers_total', 1, { endpoint, result });
    if (result === 'ok') metrics.observe('essaim_endpoint_seconds', seconds, { endpoint });
  },
  standing(endpoint, worth, behind) {
    metrics.set('essaim_endpoint_usable', worth === 'well' ? 1 : 0, { endpoint });
    metrics.set('essaim_endpoint_behind_blocks', behind, { endpoint });
  },
  disagreed: () => metrics.add('essaim_chain_disagreements_total'),
});
