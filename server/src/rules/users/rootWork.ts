import type { Stage } from '../../model/stage.ts';
import { startupOf } from '../../model/startup.ts';
import { writtenPlaces } from '../../model/writtenPlaces.ts';

const webServer = /(?:^|[\s"'/])(?:nginx|httpd|apache2(?:ctl|-foreground)?|lighttpd)(?=[\s"',]|$)/;
/** Daemons that keep files in folders of the system, step down by themselves, or need rights of root. */
const daemon =
  /(?:^|[\s"'/])(mysqld(?:_safe)?|mariadbd|mongod|redis-server|slapd|named|squid|proftpd|vsftpd|pure-ftpd|dovecot|postfix|exim4?|smbd|nmbd|cupsd|openvpn|dnsmasq|ntpd|chronyd|keepalived|xinetd|freeradius|radiusd|asterisk|rabbitmq-server|php-fpm[\d.]*|tinyproxy|privoxy|fail2ban\S*|strongswan|ipsec|xl2tpd|dhcpd|hostapd|rpcbind|snmpd|nfsd|ganesha\S*|tcpdump|tailscaled|zerotier-one|libvirtd|containerd|buildkitd|monit)(?=[\s"',]|$)/;
const rootCommand =
  /(?:^|[\s;&|("'])(chown|chgrp|apt-get|apk|yum|dnf|usermod|groupmod|useradd|groupadd|adduser|addgroup|mount|umount|sysctl|iptables|ip6tables|nft|update-ca-certificates|a2en\w+|service|setcap|ldconfig|modprobe)\s+[\w$"'/{-]/m;
const writesSystem = /(?:>>?|\btee(?:\s+-a)?|\bsed\s+-i\S*[^;&|\n]*)\s*["']?(\/etc\/[\w./-]+)/;

/** Programs that the base image's software needs root's folders for. */
const writesItsOwnFolders = ['tomcat', 'jetty', 'wordpress', 'nextcloud', 'drupal', 'joomla', 'docker'];

/** Why a plain USER would break this image; undefined when nothing is known that it would break. */
export function workOfRoot(stage: Stage): string | undefined {
  const { facts } = stage.rootBase;
  const startup = startupOf(stage);
  const startsWebServer = webServer.test(startup.text);
  const startsBaseProgram = startup.instructions.length === 0 || startsWebServer;
  const caveat = facts?.readyUsers[0]?.caveat;
  if (caveat !== undefined && startsBaseProgram) return `A plain USER would break it: ${caveat}.`;
  if (startsWebServer)
    return 'A plain USER would break it: this web server opens files and ports as root before it steps down.';
  if (writesItsOwnFolders.includes(facts?.repository ?? '') && startsBaseProgram)
    return `A plain USER would break it: ${facts!.repository} writes into folders of its own that belong to root.`;
  // Images that are made for such a program are ready for their own user.
  const program = daemon.exec(startup.text)?.[1];
  if (program !== undefined && !(facts && facts.readyUsers.length > 0))
    return `A plain USER would break it: ${program} opens files of the system as root; run it as the user that its package or image brings.`;
  const command = rootCommand.exec(startup.text)?.[1];
  if (command !== undefined) return `A plain USER would break it: its start calls ${command}, which only root may do.`;
  const file = writesSystem.exec(startup.text)?.[1];
  if (file !== undefined) return `A plain USER would break it: its start writes ${file}, which belongs to root.`;
  const home = usesRootHome(stage);
  if (home !== undefined)
    return `A plain USER would break it: the program uses ${home}, and only root may enter /root; move it to a folder such as /app first.`;
  if (stage.instructions.some(({ trigger }) => trigger?.keyword === 'RUN'))
    return 'A plain USER would change whom the RUNs of ONBUILD work as, in images that are built on this one.';
  const { places, outOfReach } = writtenPlaces(stage);
  if (places.some(({ path }) => /^\/var\/lib\/(?:docker|containerd|containers|kubelet)(?:\/|$)/.test(path)))
    return 'A plain USER would break it: a container engine runs in it, which needs root.';
  const [path] = outOfReach;
  if (path !== undefined)
    return `A plain USER would break it: the program writes ${path}, in a folder that has to stay root’s; let it write to a folder of its own.`;
  return undefined;
}

const inRootHome = /(?:^|[\s:="'])(\/root(?:\/[\w./-]*)?)(?=[\s:"',]|$)/;

/** A path below root's home that the program is started from, finds programs in, or reads. */
function usesRootHome(stage: Stage): string | undefined {
  const folder = stage.workdirAt('end');
  if (folder !== undefined && /^\/root(?:\/|$)/.test(folder)) return folder;
  const started = inRootHome.exec(startupOf(stage).text)?.[1];
  if (started !== undefined) return started;
  for (const { name, value } of stage.envAt('end').variables) {
    // What builds with a cache there is done by then.
    if (value === undefined || /CACHE/.test(name)) continue;
    const found = inRootHome.exec(value)?.[1];
    if (found !== undefined) return found;
  }
  for (const each of stage.chain) {
    for (const copy of each.copies) {
      const path = copy.destinationPath;
      if (path !== undefined && /^\/root\/(?!\.(?:ssh|npmrc|netrc|gitconfig|m2|cargo\/config|pip|docker)\b)/.test(path))
        return path;
    }
    if (
      each
        .commands('pip', 'install')
        .concat(each.commands('pip3', 'install'))
        .some((pip) => pip.hasOption('--user'))
    )
      return '/root/.local';
  }
  return undefined;
}
