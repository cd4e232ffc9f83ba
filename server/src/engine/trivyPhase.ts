import { cleanText } from '../scan/untrusted.ts';

/**
 * What a line of Trivy's log says about the progress of the scan, in words for the user; `undefined` for lines that
 * begin nothing new. Texts of Trivy 0.50 to 0.74.
 */
export function trivyPhase(line: string): string | undefined {
  const message = line.split('\t').slice(2).join(' ');
  if (/Downloading (?:the )?vulnerability DB|Downloading DB/i.test(message))
    return 'Downloading the vulnerability database';
  if (/Downloading (?:the )?Java DB/i.test(message)) return 'Downloading the database of Java archives';
  if (/Need to update DB/.test(message)) return 'The vulnerability database is being renewed';
  if (/Vulnerability scanning is enabled/.test(message)) return 'Reading the layers of the image';
  if (/Detected OS/.test(message)) {
    const os = [...message.matchAll(/(?:family|version)="([^"]*)"/g)].map((match) => match[1]).join(' ');
    return os === '' ? 'Looking up packages' : `Looking up packages of ${cleanText(os).slice(0, 60)}`;
  }
  if (/Number of language-specific files/.test(message)) return 'Looking up packages of programming languages';
  return undefined;
}
