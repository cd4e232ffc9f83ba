import { startupOf } from '../../model/startup.ts';
import type { Stage } from '../../model/stage.ts';

/** Images whose server, started by the image itself, hands requests to processes of another user. */
const servers: Readonly<Record<string, string>> = {
  nginx: 'nginx',
  httpd: 'www-data',
  php: 'www-data',
  wordpress: 'www-data',
  nextcloud: 'www-data',
  drupal: 'www-data',
  joomla: 'www-data',
  mediawiki: 'www-data',
  phpmyadmin: 'www-data',
  'eclipse-mosquitto': 'mosquitto',
};

const serverProgram =
  /^(?:nginx|httpd|httpd-foreground|apache2|apache2ctl|apachectl|apache2-foreground|php-fpm[\d.]*|mosquitto)$/;
const configuration = /(?:^|\/)(?:nginx|httpd|apache2|www|php-fpm|mosquitto)\.conf$/;

/**
 * Who handles requests, when the container runs a server as root that steps down for that: its workers' user, or
 * 'another user'. Undefined for other programs, and where a configuration of the build context keeps root.
 */
export function workersOf(stage: Stage): string | undefined {
  const { facts } = stage.rootBase;
  const { instructions } = startupOf(stage);
  const ofBase = Object.hasOwn(servers, facts?.repository ?? '') ? servers[facts!.repository] : undefined;
  const [first] = instructions;
  const program = (first?.json ? first.json.items[0]?.value : first?.words[0]?.value)?.split('/').pop();
  const isOfBase =
    instructions.length === 0 && (facts?.repository !== 'php' || /apache|fpm/.test(facts.tag)) && ofBase !== undefined;
  const isServer =
    program !== undefined && serverProgram.test(program) && !/[;&|]/.test(first!.argsText.replace(/"[^"]*"/g, ''));
  if ((!isOfBase && !isServer) || keepsRoot(stage)) return undefined;
  return ofBase ?? 'another user';
}

/** Whether a configuration that is copied tells the server to stay root. */
function keepsRoot(stage: Stage): boolean {
  const { context } = stage.dockerfile;
  const sources = stage.chain.flatMap((each) => each.copies).flatMap((copy) => copy.sources);
  return sources.some(
    ({ value }) =>
      value !== undefined &&
      configuration.test(value) &&
      /^\s*user\s*=?\s*root\b|^\s*User\s+(?:root|#0)\b/m.test(context?.read(value) ?? ''),
  );
}
