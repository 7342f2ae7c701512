/** One scan of each digit that no model of ours was trained on: 64 grey levels 0 to 16, a character each in base 17. */
const SCANS = [
  '002c400001cgg30007g64d0008g60d5001g5079000g808c000deega0004ef700',
  '0000c5000002gc00001cgb0002cgga0006b5f6000001g9000002gb000003g800',
  '0005ec20007f8e4000623d100001d400001b900008gd000005egb2000006cd30',
  '01aggb0005a8cg400001ae000006g4000007g5000001cg4000249g4001feb400',
  '0003e100000dc100007g530003fb5g2005gbbg60006cgd300001f7000002g700',
  '00dd820005gggc0001fc000000cd7100008ggc0000049g300015ef1000agg600',
  '001de300008gd20002gg300003gc100005ge500003gggg6001egggc0003cfe70',
  '0008ee200006afb000000ea0028bcg8008gggg700000bf100009g700000cd100',
  '00ab400000afdd10008b0e40000dfd0001bgg00001f39a0000e6fa00008e7100',
  '003c500001feg60006g06g6005gbeg40008acg0000117f10008aag20002de700',
];

/** The pixels of a sample, row by row. */
export const sample = (digit: number): number[] => Array.from(SCANS[digit], (level) => Number.parseInt(level, 17));

export const DIGITS: readonly number[] = SCANS.map((_, digit) => digit);
