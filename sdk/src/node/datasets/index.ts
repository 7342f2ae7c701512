export type { CsvOptions } from './csv.ts';
export { downloadDataset } from './download.ts';
export { type ImportOptions, type ImportProgress, importDataset } from './import.ts';
export { FolderDataset } from './local-dataset.ts';
export { type ColumnSchema, type DatasetSchema, type ImageSchema, parseColumn, readSchema } from './schema.ts';
export { FORMATS, type Format, type SourceOptions } from './source.ts';
