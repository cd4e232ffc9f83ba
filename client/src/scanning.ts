import * as vscode from 'vscode';
import { ScanCodeLenses } from './codeLens.ts';
import { AttributedScans } from './attributedScans.ts';
import { ignoreFinding } from './commands/ignoreFinding.ts';
import { LayerSizes } from './commands/layerSizes.ts';
import { LineCommands, openManifest } from './commands/lineCommands.ts';
import { PanelCommands } from './commands/panelCommands.ts';
import { ScanCommand } from './commands/scanImage.ts';
import { ScanService } from './commands/scanService.ts';
import { Scanner } from './commands/scanner.ts';
import { WastedBytes } from './commands/wastedBytes.ts';
import type { LanguageServer } from './languageClient.ts';
import { DocumentLines } from './lines/documentLines.ts';
import { LineActions } from './lines/lineActions.ts';
import { LineDiagnostics } from './lines/lineDiagnostics.ts';
import { LineHover } from './lines/lineHover.ts';
import { LineLenses } from './lines/lineLenses.ts';
import { SizeLenses } from './lines/sizeLenses.ts';
import type { PanelRequest, PanelWish } from './panel/scanPanels.ts';
import { ScanPanels } from './panel/scanPanels.ts';
import { ScanStore } from './scanStore.ts';
import { withoutLinks } from './text.ts';

/** Puts together everything about scanning images: commands, panel, code lens. */
export function registerScanning(context: vscode.ExtensionContext, server: LanguageServer): void {
  const log = vscode.window.createOutputChannel('Plimsoll Scan', { log: true });
  const store = new ScanStore(context, log);
  const scans = new AttributedScans(store);
  const lines = new DocumentLines(store, scans);
  const panels = new ScanPanels(context.extensionUri, { store, scans });
  const storageFolder = (context.storageUri ?? context.globalStorageUri).fsPath;
  const scanner = new Scanner(storageFolder, (line) => log.info(line));
  const service = new ScanService(scanner, store, panels, log);
  const scan = new ScanCommand(server, store, scanner, service, log);
  const { version } = context.extension.packageJSON as { readonly version: string };
  const commands = new PanelCommands(store, panels, version);

  const sizeLenses = new SizeLenses();
  const wasted = new WastedBytes(scanner, store, scans, log);
  const layerSizes = new LayerSizes(scan, scanner, sizeLenses, wasted, log);
  const lineCommands = new LineCommands(store, scans, panels, scan);

  /** The Dockerfile of the panel that has the focus. */
  const panelDockerfile = () => {
    const { current } = panels;
    const path = current?.panel.isActive ? current.record?.dockerfile : undefined;
    return path === undefined ? undefined : vscode.Uri.file(path);
  };
  /** Scans again what a panel shows: its last result, or what could not be scanned. */
  const rescanKey = (key: string) => {
    const record = store.get(key);
    return record ? scan.rescan(record) : service.retry(key);
  };
  const rescan = async (target?: unknown) => {
    const { current } = panels;
    if (current?.panel.isActive) return rescanKey(current.panel.key);
    const record = await commands.record(target);
    return record ? scan.rescan(record) : scan.scan(target);
  };
  const onRequest = ({ key, action }: PanelRequest) => {
    switch (action) {
      case 'scan':
        return scan.scan();
      case 'rescan':
        return rescanKey(key);
      case 'cancel':
        return service.cancel(key);
      case 'exportJson':
        return commands.exportJson(key);
      case 'exportSarif':
        return commands.exportSarif(key);
      case 'copyMarkdown':
        return commands.copyMarkdown(key);
      case 'showLog':
        return log.show();
      case 'showLast':
        return panels.get(key)?.refresh();
      case 'showDockerfile':
        return commands.showDockerfile(key);
      case 'compare':
        return lineCommands.compare(key);
      case 'findWaste':
        return wasted.ofScan(key);
    }
  };
  const onWish = (wish: PanelWish) => {
    switch (wish.kind) {
      case 'reveal':
        return lineCommands.reveal(wish.key, wish.share);
      case 'change':
        return lineCommands.carryOut(wish.key, wish.index, wish.action);
      case 'ignore': {
        const record = store.get(wish.key);
        return record && ignoreFinding(wish.finding, record);
      }
      case 'layers':
        return wasted.onLayersShown(wish.key);
    }
  };

  // What goes wrong behind a button of a panel is seen by nobody else.
  const reported = (work: unknown) =>
    void Promise.resolve(work).catch(async (error: unknown) => {
      log.error(error instanceof Error ? error : String(error));
      const showLog = 'Show Log';
      const message = error instanceof Error ? error.message : String(error);
      const picked = await vscode.window.showErrorMessage(withoutLinks(`This did not work: ${message}`), showLog);
      if (picked === showLog) log.show();
    });

  const setContext = () => vscode.commands.executeCommand('setContext', 'plimsoll.hasScan', store.records.length > 0);
  void setContext();

  context.subscriptions.push(
    log,
    store,
    panels,
    // Ends the tools when the window closes while they run.
    { dispose: () => service.cancel() },
    new ScanCodeLenses(server, store),
    scans,
    new LineLenses(lines, sizeLenses, scans.onDidChange),
    sizeLenses,
    new LineDiagnostics(lines, scans.onDidChange),
    vscode.languages.registerHoverProvider({ language: 'dockerfile' }, new LineHover(lines)),
    scans.onDidChange(() => panels.refreshAll()),
    vscode.languages.registerCodeActionsProvider({ language: 'dockerfile' }, new LineActions(lines), {
      providedCodeActionKinds: LineActions.kinds,
    }),
    panels.onDidWish((wish) => reported(onWish(wish))),
    store.onDidChange(setContext),
    panels.onDidRequest((request) => reported(onRequest(request))),
    panels.onDidChooseRemedy(({ key, remedy }) => reported(service.remedy(key, remedy))),
    vscode.commands.registerCommand('plimsoll.scanImage', (target) => scan.scan(target)),
    vscode.commands.registerCommand('plimsoll.rescan', rescan),
    vscode.commands.registerCommand('plimsoll.cancelScan', () => service.cancel()),
    vscode.commands.registerCommand('plimsoll.openLastScan', (target) => commands.openLast(target)),
    vscode.commands.registerCommand('plimsoll.exportScanJson', () => commands.exportJson()),
    vscode.commands.registerCommand('plimsoll.exportScanSarif', () => commands.exportSarif()),
    vscode.commands.registerCommand('plimsoll.copyScanMarkdown', () => commands.copyMarkdown()),
    vscode.commands.registerCommand('plimsoll.browseFindings', () => commands.browse()),
    vscode.commands.registerCommand('plimsoll.filterFindings', () => commands.filter()),
    vscode.commands.registerCommand('plimsoll.sortFindings', () => commands.sort()),
    vscode.commands.registerCommand('plimsoll.searchFindings', () => commands.search()),
    vscode.commands.registerCommand('plimsoll.toggleFixable', () => commands.toggleFixable()),
    vscode.commands.registerCommand('plimsoll.showLineInPanel', (target) => lineCommands.showInPanel(target)),
    vscode.commands.registerCommand('plimsoll.changeFirst', (target) => lineCommands.changeFirst(target)),
    vscode.commands.registerCommand('plimsoll.browseLines', () => lineCommands.browse()),
    vscode.commands.registerCommand('plimsoll.compareScans', () => lineCommands.compare()),
    vscode.commands.registerCommand('plimsoll.showLayerSizes', (target) =>
      layerSizes.show(target ?? panelDockerfile()),
    ),
    vscode.commands.registerCommand('plimsoll.findWastedBytes', (uri: vscode.Uri) => layerSizes.findWaste(uri)),
    vscode.commands.registerCommand('plimsoll.hideLayerSizes', (uri: vscode.Uri) => sizeLenses.hide(uri)),
    vscode.commands.registerCommand('plimsoll.compareBase', (key, index) =>
      lineCommands.carryOut(key, index, 'compare'),
    ),
    vscode.commands.registerCommand('plimsoll.rebuildAndScan', (key, index) =>
      lineCommands.carryOut(key, index, 'rebuild'),
    ),
    vscode.commands.registerCommand('plimsoll.openManifest', openManifest),
    vscode.commands.registerCommand('plimsoll.showScanLog', () => log.show()),
  );
}
