export type * from '../../../server/src/engine/types.ts';
