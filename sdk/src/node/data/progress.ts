/** Shows how far a long call is: one line that is written over on a terminal, else a line each tenth. */
export function progress(doing: string): (at: { done: number; total: number; rows?: number }) => void {
  let told = -1;
  return ({ done, total, rows }) => {
    const percent = total === 0 ? 100 : Math.floor((100 * done) / total);
    const step = process.stderr.isTTY ? percent : Math.floor(percent / 10) * 10;
    if (step === told) return;
    told = step;
    const text = `${doing}: ${step} %${rows === undefined ? '' : `, ${rows} rows`}`;
    process.stderr.write(process.stderr.isTTY ? `\r${text}${percent === 100 ? '\n' : ''}` : `${text}\n`);
  };
}
