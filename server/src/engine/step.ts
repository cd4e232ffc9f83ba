import type { ScanFailure } from './types.ts';

/** The result of a part of a scan. */
export type Step<T> = Done<T> | Failed | Cancelled;

export interface Done<T> {
  readonly status: 'done';
  readonly value: T;
}

export interface Failed {
  readonly status: 'failure';
  readonly failure: ScanFailure;
}

export interface Cancelled {
  readonly status: 'cancelled';
}

export const cancelled: Cancelled = { status: 'cancelled' };

export function done<T>(value: T): Done<T> {
  return { status: 'done', value };
}

export function failed(failure: Omit<ScanFailure, 'details'> & { readonly details?: string }): Failed {
  return { status: 'failure', failure: { details: '', ...failure } };
}
