/**
 * One byte range of an HTTP `Range` header on `size` bytes. Undefined where the whole is to be sent: no header, several
 * ranges, or another unit.
 */
export function byteRange(
  header: string | undefined,
  size: number,
): { offset: number; length: number } | 'unsatisfiable' | undefined {
  const match = /^bytes=(\d*)-(\d*)$/.exec(header ?? '');
  if (match === null || (match[1] === '' && match[2] === '')) return undefined;
  const suffix = match[1] === '';
  const offset = suffix ? Math.max(0, size - Number(match[2])) : Number(match[1]);
  const last = suffix || match[2] === '' ? size - 1 : Math.min(Number(match[2]), size - 1);
  if (offset >= size || (!suffix && match[2] !== '' && Number(match[2]) < offset)) return 'unsatisfiable';
  return { offset, length: last - offset + 1 };
}
