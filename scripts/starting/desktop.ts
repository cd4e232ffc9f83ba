import { spawn, spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { onPath } from '../../host/chromium.ts';
import { quietSettings } from '../../host/settings.ts';
import { root } from '../root.ts';
import type { Editor, Target } from '../start.ts';

/** Opens desktop VS Code with the extension from this folder; undefined where the command `code` does not lead to it. */
export function startDesktop(target: Target, dataDir: string): Editor | undefined {
  const code = onPath('code');
  // In the terminal of a remote window `code` only talks to the window that is already open.
  if (code === undefined || process.env.VSCODE_IPC_HOOK_CLI !== undefined) return undefined;

  mkdirSync(join(dataDir, 'User'), { recursive: true });
  writeFileSync(join(dataDir, 'User/settings.json'), JSON.stringify(quietSettings, undefined, 2));
  const args = [
    `--extensionDevelopmentPath=${root}`,
    `--user-data-dir=${dataDir}`,
    ...['--new-window', '--wait', target.folder],
    ...(target.file === undefined ? [] : [target.file]),
    ...(target.trusted ? ['--disable-workspace-trust'] : []),
    ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
  ];
  const child =
    process.platform === 'win32'
      ? spawn(`"${code}" ${args.map((arg) => `"${arg}"`).join(' ')}`, { shell: true, stdio: 'inherit' })
      : spawn(code, args, { stdio: 'inherit' });
  console.log('Opening VS Code. Close its window or press Ctrl-C to end.');
  return {
    closed: new Promise((done) => {
      child.once('exit', () => done());
      child.once('error', (error) => {
        console.error(`${code} could not be started: ${error.message}`);
        done();
      });
    }),
    stop: async () => {
      child.kill();
      killUsing(dataDir);
    },
  };
}

/** `code` detaches the editor's processes from itself; what they have in common is our data folder in their arguments. */
function killUsing(dataDir: string): void {
  if (process.platform === 'win32') {
    const query = `Get-CimInstance Win32_Process | Where-Object { $_.Name -eq 'Code.exe' -and $_.CommandLine -like '*${dataDir}*' }`;
    spawnSync('powershell', ['-NoProfile', '-Command', `${query} | ForEach-Object { Stop-Process -Id $_.ProcessId }`]);
    return;
  }
  const { stdout } = spawnSync('ps', ['-A', '-o', 'pid=,args='], { encoding: 'utf8', maxBuffer: 2 ** 26 });
  for (const line of stdout.split('\n')) {
    if (!line.includes(`--user-data-dir=${dataDir}`)) continue;
    try {
      process.kill(Number.parseInt(line, 10));
    } catch {
      // It ended in the meantime, with its parent.
    }
  }
}
