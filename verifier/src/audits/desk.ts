import type { Desk } from '../case.ts';
import type { KeptAudits } from './kept.ts';

/** What an auditor works with. */
export interface AuditDesk extends Desk {
  readonly kept: KeptAudits;
  /** It convicts what it fails itself: nobody else here checks everything. */
  readonly alone: boolean;
}
