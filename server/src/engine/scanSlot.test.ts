import assert from 'node:assert/strict';
import { ScanSlot } from './scanSlot.ts';

const replace = async () => 'replace' as const;
const keep = async () => 'keep' as const;
const never = async (): Promise<'replace'> => assert.fail('nothing is running');

/** A scan that ends a little after it is told to. */
function work(name: string, events: string[]) {
  return async (signal: AbortSignal) => {
    events.push(`${name} begins`);
    await new Promise((resolve) => signal.addEventListener('abort', resolve));
    await new Promise((resolve) => setTimeout(resolve, 5));
    events.push(`${name} ends`);
    return name;
  };
}

describe('ScanSlot', () => {
  it('runs a scan at once when none is running', async () => {
    const slot = new ScanSlot();
    assert.equal(await slot.run(never, async () => 'result'), 'result');
    assert.equal(slot.isBusy, false);
  });

  it('keeps the running one when told to', async () => {
    const slot = new ScanSlot();
    const events: string[] = [];
    const first = slot.run(never, work('first', events));
    assert.equal(await slot.run(keep, work('second', events)), undefined);
    assert.equal(slot.isBusy, true);
    slot.cancel();
    assert.equal(await first, 'first');
    assert.deepEqual(events, ['first begins', 'first ends']);
  });

  it('replaces the running one, never two at once', async () => {
    const slot = new ScanSlot();
    const events: string[] = [];
    const first = slot.run(never, work('first', events));
    const second = slot.run(replace, work('second', events));
    const third = slot.run(replace, work('third', events));
    assert.equal(await first, 'first');
    assert.equal(await second, undefined);
    slot.cancel();
    assert.equal(await third, 'third');
    assert.deepEqual(events, ['first begins', 'first ends', 'third begins', 'third ends']);
  });

  it('is free after a failure', async () => {
    const slot = new ScanSlot();
    await assert.rejects(slot.run(never, async () => Promise.reject(new Error('oops'))));
    assert.equal(slot.isBusy, false);
    assert.equal(await slot.run(never, async () => 1), 1);
  });
});
