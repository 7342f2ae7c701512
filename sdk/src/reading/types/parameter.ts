/** A parameter of the protocol, in its unit (`essaim.governance` knows units and bounds). */
export interface ParameterRow {
  name: string;
  unit: string;
  value: bigint;
  /** Epoch in which it got this value; 1: the first. */
  epoch: number;
  changes: ParameterChangeRow[];
}

export interface ParameterChangeRow {
  epoch: number;
  before: bigint;
  value: bigint;
  /** When the epoch began. */
  time: number;
}
