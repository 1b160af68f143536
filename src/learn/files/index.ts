export { readIdxImages } from './idx-files.ts';
export { type PictureFolder, readPictureFolder } from './png-folder.ts';
