export type { CsvOptions } from './csv.ts';
export { type ImportOptions, type ImportProgress, importDataset } from './import.ts';
export { type BatchTensor, FolderDataset } from './local-dataset.ts';
export { type ColumnSchema, type DatasetSchema, type ImageSchema, parseColumn, readSchema } from './schema.ts';
export { FORMATS, type Format, type SourceOptions } from './source.ts';
