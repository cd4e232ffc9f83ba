export * from '../../../server/src/engine/index.ts';
