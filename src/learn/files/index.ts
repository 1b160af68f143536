export { readCsvTable } from './csv-file.ts';
export { type EventFile, openEventFile } from './event-file.ts';
export { readIdxImages } from './idx-files.ts';
export { type PictureFolder, readPictureFolder } from './png-folder.ts';
